/*
 * Listings, page by page. They decide what is deleted, so a page is read
 * whole and found well-formed before any of its items is handed on, and a
 * server that would have us ask for the same page for ever is an error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "s3_private.h"
#include "utc.h"

#define EMPTY_PAGES_MAX 1000

/* -- one page after the other ------------------------------------------- */

struct marks {		/* where the next page begins */
	char key[S3_PAGE_TEXT];
	char id[S3_PAGE_TEXT];
	unsigned empty_pages;
};

/* 1: there is another page, and marks say where; 0: no; -1: nonsense. */
static int
move_on(struct marks *m, const struct s3_page *p, struct err *e)
{
	if (!p->truncated)
		return 0;
	if (p->next[0] == '\0')
		return s3_page_bad("it says that it goes on, but not where", e);
	if (strcmp(m->key, p->next) == 0 && strcmp(m->id, p->next_id) == 0)
		return s3_page_bad("it goes round in circles", e);
	m->empty_pages = p->items == 0 ? m->empty_pages + 1 : 0;
	if (m->empty_pages == EMPTY_PAGES_MAX)
		return s3_page_bad("it has no end", e);
	memcpy(m->key, p->next, sizeof(m->key));
	memcpy(m->id, p->next_id, sizeof(m->id));
	return 1;
}

/* How the three kinds of listings are asked for. */
struct asking {
	const char *what, *value;	/* the parameter that names the kind */
	const char *most;
	const char *after, *after_id;
};

static const struct asking objects = { "list-type", "2", "max-keys",
	"continuation-token", NULL };
static const struct asking uploads = { "uploads", "", "max-uploads",
	"key-marker", "upload-id-marker" };
static const struct asking versions = { "versions", "", "max-keys",
	"key-marker", "version-id-marker" };

static void
set_params(struct s3_call *c, const struct s3_list *list,
	const struct marks *m, const struct asking *how)
{
	c->param_count = 0;
	s3_call_param(c, how->what, how->value);
	s3_call_param(c, "encoding-type", "url");
	s3_call_param(c, how->most, "1000");
	if (list->prefix[0] != '\0')
		s3_call_param(c, "prefix", list->prefix);
	if (list->delimiter != NULL)
		s3_call_param(c, "delimiter", list->delimiter);
	if (m->key[0] != '\0')
		s3_call_param(c, how->after, m->key);
	if (m->id[0] != '\0' && how->after_id != NULL)
		s3_call_param(c, how->after_id, m->id);
}

static int
walk(struct s3 *s3, const struct s3_list *list, struct s3_page *p,
	struct marks *m, int64_t *date, struct err *e)
{
	const struct asking *how = p->each_upload != NULL ? &uploads :
	    p->each_version != NULL ? &versions : &objects;
	bool first = true;
	struct s3_call c;
	int rc;

	s3_call_init(&c, "list", "GET", list->bucket,
	    NULL, S3_PAGE_MAX);
	c.expects = p->root;
	do {
		c.attempts = 0;
		set_params(&c, list, m, how);
		if ((rc = s3_call_expect_ok(s3, &c, e)) != 0)
			break;
		if (first && date != NULL && utc_parse_http(
		    net_answer_header(&c.answer, "date"), date) != 0)
			*date = 0;
		first = false;
		if ((rc = s3_page_read(p, buf_text(&c.answer.body),
		    c.answer.body.len, e)) == 0)
			rc = move_on(m, p, e);
		if (rc < 0 && p->result == 0)
			s3_call_context(&c, e);
	} while (rc == 1);
	s3_call_free(&c);
	return p->result != 0 ? p->result : rc;
}

static int
start_walk(struct s3 *s3, const struct s3_list *list,
	const struct s3_page *how, int64_t *date, struct err *e)
{
	struct s3_page *p = mem_new(1, sizeof(*p), e);
	struct marks *m = mem_new(1, sizeof(*m), e);
	int rc = -1;

	if (p != NULL && m != NULL) {
		p->prefix = list->prefix;
		p->has_prefixes = list->delimiter != NULL;
		p->root = how->root;
		p->item = how->item;
		p->emit = how->emit;
		p->each_object = how->each_object;
		p->each_upload = how->each_upload;
		p->each_version = how->each_version;
		p->other_item = how->other_item;
		p->ctx = how->ctx;
		rc = walk(s3, list, p, m, date, e);
	}
	free(p);
	free(m);
	return rc;
}

/* -- the three kinds ------------------------------------------------------ */

/* What others rely on to be below the prefix must be there. */
static int
check_prefix(const struct s3_page *p, struct err *e)
{
	if (strncmp(p->key, p->prefix, strlen(p->prefix)) == 0)
		return 0;
	return s3_page_bad("it holds a key that was not asked for", e);
}

static int
emit_object(struct s3_page *p, bool is_prefix, struct err *e)
{
	struct s3_listed item = { .key = p->key, .etag = p->id,
		.storage_class = p->storage_class, .is_prefix = is_prefix };

	if (check_prefix(p, e) != 0)
		return -1;
	if (!is_prefix) {
		if (!p->has_size || !p->has_time)
			return s3_page_bad("an item has no size or time", e);
		item.size = p->size;
		item.mtime = p->time;
	}
	p->result = p->each_object(&item, p->ctx, e);
	return p->result;
}

int
s3_list_objects(struct s3 *s3, const struct s3_list *list,
	int (*each)(const struct s3_listed *item, void *ctx, struct err *e),
	void *ctx, int64_t *date, struct err *e)
{
	const struct s3_page how = { .root = "ListBucketResult",
		.item = "Contents", .emit = emit_object,
		.each_object = each, .ctx = ctx };

	return start_walk(s3, list, &how, date, e);
}

static int
emit_upload(struct s3_page *p, bool is_prefix, struct err *e)
{
	struct s3_listed_upload item = { p->key, p->id, p->time };

	if (check_prefix(p, e) != 0)
		return -1;
	if (is_prefix)
		return 0;
	if (p->id[0] == '\0' || !p->has_time)
		return s3_page_bad("an upload has no id or time", e);
	p->result = p->each_upload(&item, p->ctx, e);
	return p->result;
}

int
s3_list_uploads(struct s3 *s3, const struct s3_list *list,
	int (*each)(const struct s3_listed_upload *item, void *ctx,
	    struct err *e),
	void *ctx, struct err *e)
{
	const struct s3_page how = { .root = "ListMultipartUploadsResult",
		.item = "Upload", .emit = emit_upload,
		.each_upload = each, .ctx = ctx };

	return start_walk(s3, list, &how, NULL, e);
}

static int
emit_version(struct s3_page *p, bool is_prefix, struct err *e)
{
	struct s3_listed_version item = { p->key, p->id };

	if (check_prefix(p, e) != 0)
		return -1;
	if (is_prefix)
		return 0;
	if (p->id[0] == '\0')
		return s3_page_bad("a version has no id", e);
	p->result = p->each_version(&item, p->ctx, e);
	return p->result;
}

int
s3_list_versions(struct s3 *s3, const struct s3_list *list,
	int (*each)(const struct s3_listed_version *item, void *ctx,
	    struct err *e),
	void *ctx, struct err *e)
{
	const struct s3_page how = { .root = "ListVersionsResult",
		.item = "Version", .other_item = "DeleteMarker",
		.emit = emit_version, .each_version = each, .ctx = ctx };

	return start_walk(s3, list, &how, NULL, e);
}
