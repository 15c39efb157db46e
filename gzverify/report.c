/*
 * Results as text. JSON goes to programs, so it is made by a library and each
 * object stands on a line of its own.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "hash.h"
#include "log.h"
#include "manifest.h"
#include "num.h"
#include "os.h"
#include "report.h"

#define LIST_MAX ((size_t)256 << 20)
#define STDOUT 1

static const char *
describe(const struct check *c)
{
	switch (c->make) {
	case CHECK_SEALED:
		return "sealed";
	case CHECK_WRAPPED:
		return "sealed gzip of a whole pg_dump text";
	case CHECK_DUMP:
		return c->sealed ? "gzip of a whole pg_dump text, now sealed" :
		    "gzip of a whole pg_dump text, not sealed";
	default:
		return "gzip of something else, not sealed";
	}
}

static void
say(const char *name, const struct check *c)
{
	char bytes[NUM_TEXT], text[NUM_TEXT];

	log_note("'%s': %s; %" PRIu64 " members, %s, text %s", name,
	    describe(c), c->members, num_format_size(bytes, c->bytes),
	    num_format_size(text, c->text_bytes));
}

static int
put(struct buf *b, const char *what, struct err *e)
{
	if (buf_check(b, what, e) != 0)
		return -1;
	if (os_write(STDOUT, buf_text(b), b->len, e) == 0)
		return 0;
	return err_context(e, "'standard output'");
}

static int
list(const struct report *r, const char *name, const json_t *manifest,
	struct err *e)
{
	struct buf b = BUF_INIT(LIST_MAX);
	char safe[512];
	int rc;

	if (r->titles) {
		err_escape(safe, sizeof(safe), name, strlen(name));
		buf_printf(&b, "%s:\n", safe);
	}
	manifest_list(manifest, &b);
	rc = put(&b, "the list", e);
	buf_free(&b);
	return rc;
}

static const char *
verdict(const struct err *failure)
{
	return failure == NULL ? "whole" :
	    failure->kind == ERR_VERDICT ? "broken" : "unknown";
}

/* A name is bytes, JSON is UTF-8. */
static json_t *
name_of(const char *name)
{
	char safe[4096];

	err_escape(safe, sizeof(safe), name, strlen(name));
	return json_string(safe);
}

/* What is only known of a stream that was found whole. */
static int
add_facts(json_t *o, const struct check *c, json_t *manifest)
{
	char sha256[HASH_HEX_MAX];

	return json_object_set_new(o, "members",
	    json_integer((json_int_t)c->members)) |
	    json_object_set_new(o, "bytes",
	    json_integer((json_int_t)c->bytes)) |
	    json_object_set_new(o, "text_bytes",
	    json_integer((json_int_t)c->text_bytes)) |
	    json_object_set_new(o, "sha256", c->sealed ? json_string(
	    hash_hex(sha256, c->sha256, sizeof(c->sha256))) : json_null()) |
	    (manifest != NULL ? json_object_update(o, manifest) : 0);
}

static int
put_json(const char *name, const struct check *c, const struct err *failure,
	json_t *manifest, struct err *e)
{
	json_t *o = json_pack("{s:o, s:s, s:b, s:b}", "file", name_of(name),
	    "verdict", verdict(failure),
	    "sealed", failure == NULL && c->sealed,
	    "foreign", c->make != CHECK_SEALED);
	struct buf b = BUF_INIT(LIST_MAX);
	char *text = NULL;
	int rc = -1;

	if (o == NULL || (failure == NULL ? add_facts(o, c, manifest) :
	    json_object_set_new(o, "error", json_string(failure->text))) != 0 ||
	    (text = json_dumps(o, JSON_COMPACT)) == NULL) {
		err_set(e, ERR_LOCAL, "cannot make JSON of the result");
		goto out;
	}
	buf_puts(&b, text);
	buf_putc(&b, '\n');
	rc = put(&b, "the result", e);
out:
	free(text);
	buf_free(&b);
	json_decref(o);
	return rc;
}

int
report_check(const struct report *r, const char *name, const struct check *c,
	const struct err *failure, struct err *e)
{
	json_t *manifest = NULL;
	int rc = 0;

	if (r->verbose && failure == NULL)
		say(name, c);
	if (r->list && failure == NULL && c->manifest.len == 0)
		log_warn("'%s' has no manifest", name);
	else if (r->list && failure == NULL &&
	    (manifest = manifest_read(&c->manifest, e)) == NULL)
		return -1;
	if (r->json)
		rc = put_json(name, c, failure, manifest, e);
	else if (manifest != NULL)
		rc = list(r, name, manifest, e);
	json_decref(manifest);
	return rc;
}
