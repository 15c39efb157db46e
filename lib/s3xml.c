/*
 * expat's events, with the path of names that leads to each, under limits:
 * a server, or who plays one, must not decide how much memory we use.
 */
#include <expat.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "s3xml.h"

#define PATH_MAX_BYTES 256

struct s3xml {
	XML_Parser parser;
	struct s3xml_handler handler;
	struct buf path;
	struct buf text;
	size_t starts[S3XML_DEPTH_MAX];	/* path's length before each name */
	unsigned depth;
	bool started;	/* the document, after white space */
	bool failed;
	struct err err;
};

static void
stop(struct s3xml *x, const char *why)
{
	if (why != NULL)
		err_set(&x->err, ERR_REMOTE, "cannot read the answer: %s",
		    why);
	x->failed = true;
	(void)XML_StopParser(x->parser, XML_FALSE);
}

static void
report(struct s3xml *x, const char *text)
{
	if (x->handler.element(x->handler.ctx, buf_text(&x->path), text,
	    &x->err) != 0)
		stop(x, NULL);
}

static void
on_start(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
	const char *local = strrchr(name, ':');
	struct s3xml *x = ctx;

	(void)attributes;
	if (x->failed)
		return;
	if (x->depth == S3XML_DEPTH_MAX) {
		stop(x, "it is nested too deep");
		return;
	}
	x->starts[x->depth++] = x->path.len;
	if (x->path.len > 0)
		buf_putc(&x->path, '/');
	buf_puts(&x->path, local != NULL ? local + 1 : name);
	buf_reset(&x->text);
	if (x->path.failed)
		stop(x, "its names are too long");
	else
		report(x, NULL);
}

static void
on_end(void *ctx, const XML_Char *name)
{
	struct s3xml *x = ctx;
	size_t start;

	(void)name;
	if (x->failed)
		return;
	report(x, buf_text(&x->text));
	start = x->starts[--x->depth];
	x->path.len = start;
	x->path.data[start] = '\0';
	buf_reset(&x->text);
}

static void
on_text(void *ctx, const XML_Char *text, int len)
{
	struct s3xml *x = ctx;

	if (x->failed)
		return;
	buf_put(&x->text, text, (size_t)len);
	if (x->text.failed)
		stop(x, "one of its texts is too long");
}

/* S3 has none; entities, and their expansion, need one. */
static void
on_doctype(void *ctx, const XML_Char *name, const XML_Char *system_id,
	const XML_Char *public_id, int has_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_subset;
	stop(ctx, "it has a document type");
}

struct s3xml *
s3xml_new(const struct s3xml_handler *handler, struct err *e)
{
	struct s3xml *x = mem_new(1, sizeof(*x), e);

	if (x == NULL)
		return NULL;
	x->handler = *handler;
	buf_init(&x->path, PATH_MAX_BYTES);
	buf_init(&x->text, S3XML_TEXT_MAX);
	if ((x->parser = XML_ParserCreate(NULL)) == NULL) {
		err_set(e, ERR_LOCAL, "no memory for an XML parser");
		s3xml_free(x);
		return NULL;
	}
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, on_start, on_end);
	XML_SetCharacterDataHandler(x->parser, on_text);
	XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
	return x;
}

void
s3xml_free(struct s3xml *x)
{
	if (x == NULL)
		return;
	if (x->parser != NULL)
		XML_ParserFree(x->parser);
	buf_free(&x->path);
	buf_free_secret(&x->text);	/* keys that STS hands out */
	free(x);
}

static int
feed(struct s3xml *x, const char *data, size_t len, bool last,
	struct err *e)
{
	if (!x->failed && XML_Parse(x->parser, data, (int)len, last) !=
	    XML_STATUS_OK && !x->failed) {
		x->failed = true;
		err_set(&x->err, ERR_REMOTE, "cannot read the answer: %s in "
		    "line %lu of its XML",
		    XML_ErrorString(XML_GetErrorCode(x->parser)),
		    (unsigned long)XML_GetCurrentLineNumber(x->parser));
	}
	if (!x->failed)
		return 0;
	*e = x->err;
	return -1;
}

int
s3xml_feed(struct s3xml *x, const void *data, size_t len, struct err *e)
{
	const char *p = data, *end = p + len;
	size_t n;

	while (!x->started && p < end && strchr(" \t\r\n", *p) != NULL &&
	    *p != '\0')
		p++;
	for (; p < end; p += n) {
		x->started = true;
		n = (size_t)(end - p) > 1u << 20 ? 1u << 20 :
		    (size_t)(end - p);
		if (feed(x, p, n, false, e) != 0)
			return -1;
	}
	return 0;
}

int
s3xml_finish(struct s3xml *x, struct err *e)
{
	return feed(x, "", 0, true, e);
}

int
s3xml_parse(const void *data, size_t len,
	const struct s3xml_handler *handler, struct err *e)
{
	struct s3xml *x = s3xml_new(handler, e);
	int rc = -1;

	if (x != NULL && s3xml_feed(x, data, len, e) == 0)
		rc = s3xml_finish(x, e);
	s3xml_free(x);
	return rc;
}

void
s3xml_copy_etag(char *out, size_t size, const char *etag)
{
	size_t len = strlen(etag);

	if (len >= 2 && etag[0] == '"' && etag[len - 1] == '"')
		(void)snprintf(out, size, "%.*s", (int)len - 2, etag + 1);
	else
		(void)snprintf(out, size, "%s", etag);
}

static int
summarize(void *ctx, const char *path, const char *text, struct err *e)
{
	struct s3xml_summary *s = ctx;
	const char *name = strchr(path, '/');
	const struct {
		const char *name;
		char *to;
		size_t size;
	} fields[] = {
		{ "Code", s->code, sizeof(s->code) },
		{ "Message", s->message, sizeof(s->message) },
		{ "RequestId", s->request_id, sizeof(s->request_id) },
		{ "Region", s->region, sizeof(s->region) },
		{ "Endpoint", s->endpoint, sizeof(s->endpoint) },
		{ "Header", s->header, sizeof(s->header) },
	};
	size_t i;

	(void)e;
	if (name == NULL && text == NULL)
		(void)snprintf(s->root, sizeof(s->root), "%s", path);
	if (name == NULL || text == NULL)
		return 0;
	name++;
	if (strcmp(s->root, "Error") != 0) {
		if (strcmp(name, "ETag") == 0)
			s3xml_copy_etag(s->etag, sizeof(s->etag), text);
		return 0;
	}
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(name, fields[i].name) == 0)
			(void)snprintf(fields[i].to, fields[i].size, "%s",
			    text);
	return 0;
}

int
s3xml_summarize(const void *data, size_t len, struct s3xml_summary *out,
	struct err *e)
{
	struct s3xml_handler handler = { summarize, out };

	memset(out, 0, sizeof(*out));
	return s3xml_parse(data, len, &handler, e);
}

/* -- writing ------------------------------------------------------------- */

void
s3xml_put_text(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '<':
			buf_puts(out, "&lt;");
			break;
		case '>':
			buf_puts(out, "&gt;");
			break;
		case '&':
			buf_puts(out, "&amp;");
			break;
		default:
			buf_putc(out, *text);
		}
}

void
s3xml_put(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, "<%s>", name);
	s3xml_put_text(out, text);
	buf_printf(out, "</%s>", name);
}
