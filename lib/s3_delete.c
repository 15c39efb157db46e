/*
 * Deleting many objects. A 200 says nothing yet: each key has to be found
 * among those that the answer reports as deleted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "s3_private.h"

#define REQUEST_MAX (8u << 20)
#define WHY_MAX 700

/* A run of keys that go into one request. */
struct batch {
	struct s3 *s3;
	const struct s3_doomed *what;
	size_t *index;			/* of the keys in this request */
	bool *done;			/* deleted, or failed() was called */
	size_t count;
	size_t next;			/* where an answer goes on, likely */

	/* the answer's item at hand */
	char key[S3XML_TEXT_MAX];
	char version[256];
	char code[64];
	char message[512];
};

/* Can XML 1.0 hold it, there and back? */
static bool
fits_xml(const char *key)
{
	char escaped[4 * S3_KEY_MAX + 1];
	size_t len = strlen(key);

	if (len > S3_KEY_MAX)
		return false;
	err_escape(escaped, sizeof(escaped), key, len);
	return strcmp(escaped, key) == 0 && strstr(key, "\xef\xbf\xbe") ==
	    NULL && strstr(key, "\xef\xbf\xbf") == NULL;
}

static void
add_bypass(const struct batch *b, struct s3_call *c)
{
	if (b->what->bypass_governance)
		s3_call_header(c, "x-amz-bypass-governance-retention", "true");
}

/* -- one key by itself -------------------------------------------------- */

static int
delete_one(struct batch *b, size_t i, struct err *e)
{
	struct s3_call c;
	int rc;

	s3_call_init(&c, "delete", "DELETE", b->what->bucket, b->what->keys[i],
	    S3_ANSWER_MAX);
	if (b->what->versions != NULL)
		s3_call_param(&c, "versionId", b->what->versions[i]);
	add_bypass(b, &c);
	if ((rc = s3_call_send(b->s3, &c, e)) != 0) {
		s3_call_context(&c, e);
		b->what->failed(i, e->text, b->what->ctx);
	} else if (c.answer.status / 100 != 2 &&
	    !s3_call_is(&c, 404, "NoSuchKey")) {
		struct err why = ERR_INIT;

		s3_call_fail(b->s3, &c, &why);
		b->what->failed(i, why.text, b->what->ctx);
	}
	s3_call_free(&c);
	return rc;
}

/* -- many --------------------------------------------------------------- */

/* Is the answer's item that one? */
static bool
is_at(const struct batch *b, size_t i)
{
	return strcmp(b->what->keys[i], b->key) == 0 &&
	    (b->what->versions == NULL ||
	    strcmp(b->what->versions[i], b->version) == 0);
}

static void
mark(struct batch *b, bool deleted)
{
	char why[WHY_MAX];
	size_t n, at;

	for (n = 0; n < b->count; n++) {
		at = (b->next + n) % b->count;
		if (b->done[at] || !is_at(b, b->index[at]))
			continue;
		b->done[at] = true;
		b->next = at + 1;
		if (deleted)
			return;
		(void)snprintf(why, sizeof(why), "%s%s%s", b->code,
		    b->message[0] != '\0' ? ": " : "", b->message);
		b->what->failed(b->index[at], why, b->what->ctx);
		return;
	}
}

static int
on_element(void *ctx, const char *path, const char *text, struct err *e)
{
	struct batch *b = ctx;
	bool deleted = strncmp(path, "DeleteResult/Deleted", 20) == 0;
	const char *field = path + (deleted ? 20 : 18);

	(void)e;
	if (!deleted && strncmp(path, "DeleteResult/Error", 18) != 0)
		return 0;
	if (field[0] == '\0' && text == NULL)
		b->key[0] = b->version[0] = b->code[0] = b->message[0] = '\0';
	else if (field[0] == '\0')
		mark(b, deleted);
	else if (text == NULL)
		return 0;
	else if (strcmp(field, "/Key") == 0)
		(void)snprintf(b->key, sizeof(b->key), "%s", text);
	else if (strcmp(field, "/VersionId") == 0)
		(void)snprintf(b->version, sizeof(b->version), "%s", text);
	else if (strcmp(field, "/Code") == 0)
		(void)snprintf(b->code, sizeof(b->code), "%s", text);
	else if (strcmp(field, "/Message") == 0)
		(void)snprintf(b->message, sizeof(b->message), "%s", text);
	return 0;
}

static int
make_request(const struct batch *b, struct buf *out, struct err *e)
{
	size_t i;

	buf_puts(out, "<Delete xmlns=\"" S3XML_NAMESPACE "\">"
	    "<Quiet>false</Quiet>");
	for (i = 0; i < b->count; i++) {
		buf_puts(out, "<Object>");
		s3xml_put(out, "Key", b->what->keys[b->index[i]]);
		if (b->what->versions != NULL)
			s3xml_put(out, "VersionId",
			    b->what->versions[b->index[i]]);
		buf_puts(out, "</Object>");
	}
	buf_puts(out, "</Delete>");
	return buf_check(out, "list of keys", e);
}

static int
send_batch(struct batch *b, struct s3_call *c, struct err *e)
{
	struct s3xml_handler handler = { on_element, b };
	struct buf text = BUF_INIT(REQUEST_MAX);
	struct s3_body body = { .fd = -1 };
	int rc = -1;

	s3_call_param(c, "delete", "");
	s3_call_header(c, "content-type", "application/xml");
	add_bypass(b, c);
	c->expects = "DeleteResult";
	if (make_request(b, &text, e) == 0) {
		body.data = text.data;
		body.size = text.len;
		c->body = &body;
		rc = s3_call_expect_ok(b->s3, c, e);
		c->body = NULL;
	}
	if (rc == 0)
		rc = s3xml_parse(buf_text(&c->answer.body),
		    c->answer.body.len, &handler, e);
	buf_free(&text);
	return rc;
}

static int
delete_batch(struct batch *b, struct err *e)
{
	struct s3_call c;
	size_t i;
	int rc;

	if (b->count == 0)
		return 0;
	memset(b->done, 0, S3_DELETE_MAX * sizeof(*b->done));
	b->next = 0;
	s3_call_init(&c, "delete objects in", "POST", b->what->bucket, NULL,
	    S3_PAGE_MAX);
	rc = send_batch(b, &c, e);
	for (i = 0; i < b->count; i++)
		if (!b->done[i])
			b->what->failed(b->index[i], rc != 0 ? e->text :
			    "the server did not say that it is deleted",
			    b->what->ctx);
	s3_call_free(&c);
	b->count = 0;
	return rc;
}

static int
delete_all(struct batch *b, size_t count, struct err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < count; i++) {
		if (!fits_xml(b->what->keys[i])) {
			rc = delete_one(b, i, e);
			continue;
		}
		b->index[b->count++] = i;
		if (b->count == S3_DELETE_MAX)
			rc = delete_batch(b, e);
	}
	if (rc == 0)
		return delete_batch(b, e);
	while (b->count > 0)
		b->what->failed(b->index[--b->count], e->text, b->what->ctx);
	for (; i < count; i++)
		b->what->failed(i, e->text, b->what->ctx);
	return rc;
}

int
s3_delete(struct s3 *s3, const struct s3_doomed *what, struct err *e)
{
	struct batch *b = mem_new(1, sizeof(*b), e);
	int rc = -1;

	if (b == NULL)
		return -1;
	b->index = mem_new(S3_DELETE_MAX, sizeof(*b->index), e);
	b->done = mem_new(S3_DELETE_MAX, sizeof(*b->done), e);
	if (b->index != NULL && b->done != NULL) {
		b->s3 = s3;
		b->what = what;
		rc = delete_all(b, what->count, e);
	}
	free(b->index);
	free(b->done);
	free(b);
	return rc;
}
