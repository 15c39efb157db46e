/*
 * A sealed stream: the schema by psql, the rows as they come out of it on many
 * connections, and, when it was found whole, indexes and privileges.
 */
#include <string.h>

#include "log.h"
#include "restore_private.h"

#define BIT(kind) (1u << (kind))

/* -- the schema --------------------------------------------------------- */

/* The JSON object in the second line of PRE; NULL when there is none. */
static json_t *
read_pre_line(const char *text, size_t len)
{
	static const char prefix[] = "-- pgdumpz: ";
	const char *line = memchr(text, '\n', len), *end;
	size_t n = strlen(prefix);
	json_t *pre;

	if (line == NULL || len - (size_t)(++line - text) < n ||
	    memcmp(line, prefix, n) != 0 ||
	    (end = memchr(line, '\n', len - (size_t)(line - text))) == NULL)
		return NULL;
	pre = json_loadb(line + n, (size_t)(end - line) - n, 0, NULL);
	if (json_is_integer(json_object_get(pre, "pre")))
		return pre;
	json_decref(pre);
	return NULL;
}

static int
check_pre(const struct restore *r, const char *text, size_t len,
	struct err *e)
{
	static const char cluster[] =
		"--\n-- PostgreSQL database cluster dump";
	int theirs = (int)json_integer_value(json_object_get(r->pre,
	    "server_num")) / 10000;
	int ours = pg_server_version(r->target.leader) / 10000;

	if (len > strlen(cluster) &&
	    memcmp(text, cluster, strlen(cluster)) == 0) {
		(void)err_set(e, ERR_USAGE, "the backup holds roles and "
		    "tablespaces, not a database");
		return err_hint(e, "restore them by gunzip -c FILE | psql -X "
		    "-d postgres");
	}
	if (json_is_true(json_object_get(r->pre, "create"))) {
		(void)err_set(e, ERR_USAGE, "the backup was made with "
		    "--create, so it makes a database of its own name");
		return err_hint(e, "restore it by gunzip -c FILE | psql -X -v "
		    "ON_ERROR_STOP=1 -d postgres");
	}
	if (theirs > ours)
		log_warn("the backup is of version %d, and the server is of "
		    "version %d: it may not know all of it", theirs, ours);
	return 0;
}

static const char *
told(const struct restore *r, const char *key)
{
	return json_string_value(json_object_get(r->pre, key));
}

/* With the first text of PRE. */
static int
begin(struct restore *r, const char *text, size_t len, struct err *e)
{
	struct target_locale how;

	r->has_begun = true;
	r->pre = read_pre_line(text, len);
	how = (struct target_locale){ told(r, "encoding"), told(r, "collate"),
		told(r, "ctype"), told(r, "provider"), told(r, "locale"),
		told(r, "rules") };
	if (check_pre(r, text, len, e) != 0 ||
	    target_create(&r->target, &how, e) != 0)
		return -1;
	r->feed = feed_start(&r->programs, r->target.place, r->options, e);
	return r->feed != NULL ? 0 : -1;
}

static int
end_pre(struct restore *r, struct err *e)
{
	int rc = r->feed != NULL ? feed_end(r->feed, e) : 0;

	feed_free(r->feed);
	r->feed = NULL;
	return rc;
}

/* -- the rows ----------------------------------------------------------- */

static int
open_lanes(struct restore *r, struct err *e)
{
	/* a database that was there may have another encoding */
	const struct session session = { .role = r->options->role,
		.encoding = told(r, "encoding"), .loads = true };

	if (r->lanes == NULL)
		r->lanes = lanes_open(r->target.place,
		    (size_t)r->options->jobs, &session, r->target.created, e);
	return r->lanes != NULL ? 0 : -1;
}

static void
close_lanes(struct restore *r)
{
	lanes_close(r->lanes);
	r->lanes = NULL;
}

/* All rows are in the server only when each COPY has ended well. */
static int
finish_lanes(struct restore *r, struct err *e)
{
	int rc = r->lanes != NULL ? lanes_finish(r->lanes, e) : 0;

	close_lanes(r);
	return rc;
}

/* -- what the check hands out ------------------------------------------- */

static int
begin_kind(void *ctx, enum seal_kind kind, struct err *e)
{
	struct restore *r = ctx;

	if (kind == SEAL_PRE)
		return 0;
	if (end_pre(r, e) != 0)
		return -1;
	if (kind == SEAL_DATA || kind == SEAL_LODATA || kind == SEAL_SERIAL)
		return open_lanes(r, e);
	return 0;
}

static int
take_text(void *ctx, const struct check_text *t, struct err *e)
{
	struct restore *r = ctx;

	if (t->kind == SEAL_POST)
		return post_put_text(&r->post, t->data, t->len, e);
	if (t->kind == SEAL_ARCHIVE)
		return post_put_archive(&r->post, t->data, t->len, e);
	if (!r->has_begun && begin(r, t->data, t->len, e) != 0)
		return -1;
	return feed_put(r->feed, t->data, t->len, e);
}

static int
load_text(void *ctx, const struct check_text *t, struct err *e)
{
	const struct restore *r = ctx;

	return lanes_put(r->lanes, t, e);
}

/* -- all of it ---------------------------------------------------------- */

static int
read_stream(struct restore *r, struct err *e)
{
	struct check *c = &r->check;

	c->hooks = (struct check_hooks){ .ctx = r, .begin = begin_kind,
		.ordered = BIT(SEAL_PRE) | BIT(SEAL_POST) | BIT(SEAL_ARCHIVE),
		.text = take_text, .loose = BIT(SEAL_DATA) |
		BIT(SEAL_LODATA) | BIT(SEAL_SERIAL), .load = load_text };
	c->want_manifest = true;
	if (restore_read(r, e) != 0 || end_pre(r, e) != 0)
		return -1;
	return finish_lanes(r, e);
}

int
sealed_restore(struct restore *r, struct err *e)
{
	int rc;

	if (read_stream(r, e) != 0)
		return -1;
	if (!r->has_begun)
		return err_set(e, ERR_VERDICT, "the backup holds no schema");
	if (log_due())
		log_progress("the rows are loaded; building indexes");
	if (r->options->verbose)
		log_note("the stream is whole and its rows are loaded; "
		    "building indexes");
	rc = post_run(&r->post, r->options, &r->programs, &r->target, e);
	log_progress_end();
	return rc;
}

void
sealed_free(struct restore *r)
{
	close_lanes(r);
	post_free(&r->post);
	json_decref(r->pre);
}
