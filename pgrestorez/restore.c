/*
 * The order of things: a database under a temporary name, the schema, the
 * rows as they come out of the stream on many connections; then, when the
 * stream was found whole, indexes and privileges; then the name.
 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "check.h"
#include "conns.h"
#include "feed.h"
#include "loader.h"
#include "log.h"
#include "manifest.h"
#include "mem.h"
#include "os.h"
#include "post.h"
#include "properties.h"
#include "report.h"
#include "restore.h"
#include "target.h"

#define STDIN 0
#define TEXT_MAX ((size_t)64 << 20)
#define BIT(kind) (1u << (kind))

struct restore {
	const struct options *options;
	struct target target;
	struct programs programs;
	struct feed *feed;		/* of PRE */
	struct conns *conns;		/* of the loaders */
	struct loader **loaders;
	struct post post;
	json_t *pre;			/* PRE's second line; NULL: none */
	bool has_begun;			/* the database is made */
	json_t *manifest;		/* when it was wanted */
	int64_t took_ms[2];		/* to restore, to verify */
};

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
	r->feed = feed_start(&r->programs, r->target.place, r->options, false,
	    e);
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
open_loaders(struct restore *r, struct err *e)
{
	const struct session session = { .role = r->options->role,
		.loads = true };
	size_t i, n = (size_t)r->options->jobs;

	if (r->conns != NULL)
		return 0;
	r->conns = conns_open(r->target.place, n, &session, e);
	if (r->conns == NULL)
		return -1;
	if ((r->loaders = mem_new(n, sizeof(struct loader *), e)) == NULL)
		return -1;
	for (i = 0; i < n; i++)
		if ((r->loaders[i] = loader_new(conns_get(r->conns, i),
		    e)) == NULL)
			return -1;
	return 0;
}

static void
close_loaders(struct restore *r)
{
	size_t i;

	for (i = 0; r->loaders != NULL && i < r->options->jobs; i++)
		loader_free(r->loaders[i]);
	free(r->loaders);
	r->loaders = NULL;
	conns_close(r->conns);
	r->conns = NULL;
}

/* All rows are in the server only when each COPY has ended well. */
static int
finish_loaders(struct restore *r, struct err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && r->loaders != NULL && i < r->options->jobs; i++)
		rc = loader_finish(r->loaders[i], e);
	close_loaders(r);
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
		return open_loaders(r, e);
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

	return loader_put(r->loaders[t->worker], t, e);
}

/* -- all of it ---------------------------------------------------------- */

static int
read_stream(struct restore *r, struct check *c, struct err *e)
{
	c->hooks = (struct check_hooks){ .ctx = r, .begin = begin_kind,
		.ordered = BIT(SEAL_PRE) | BIT(SEAL_POST) | BIT(SEAL_ARCHIVE),
		.text = take_text, .loose = BIT(SEAL_DATA) |
		BIT(SEAL_LODATA) | BIT(SEAL_SERIAL), .load = load_text };
	c->want_manifest = true;
	if (check_stream(c, STDIN, e) == 0 && end_pre(r, e) == 0)
		return finish_loaders(r, e);
	if (e->kind == ERR_VERDICT)
		(void)err_context(e, "cannot trust '%s'", c->name);
	return -1;
}

/* Compare, and say what came of it. */
static int
verify(struct restore *r, const struct check *c, struct err *e)
{
	struct verify v = { .differences = NULL };
	int64_t start = os_monotonic_ms();
	size_t n;
	int rc;

	if ((r->manifest = manifest_read(&c->manifest, e)) == NULL)
		return -1;
	rc = verify_run(&v, r->options, r->target.place, r->manifest, e);
	n = json_array_size(v.differences);
	r->took_ms[1] = os_monotonic_ms() - start;
	if (rc == 0)
		rc = report_verify(r->options, &v, r->manifest, r->took_ms,
		    e);
	verify_free(&v);
	if (rc != 0 || n == 0)
		return rc;
	return err_set(e, ERR_VERDICT, "the database differs from the backup "
	    "in %zu points", n);
}

static int
set_properties(struct restore *r, struct err *e)
{
	struct buf sql = BUF_INIT(TEXT_MAX);
	const char *name = json_string_value(json_object_get(r->pre,
	    "database"));
	int rc = 0;

	if (!r->target.created || name == NULL)
		return 0;
	rc = post_properties(&r->post, r->options, &r->programs, &sql, e);
	if (rc == 0)
		rc = properties_apply(&r->target, name, &sql, e);
	buf_free(&sql);
	return rc;
}

static int
restore(struct restore *r, struct check *c, struct err *e)
{
	const struct options *o = r->options;
	int64_t start = os_monotonic_ms();

	if (programs_find(&r->programs, PROGRAMS_RESTORE, o->bin_dir,
	    pg_server_version(r->target.leader), e) != 0 ||
	    read_stream(r, c, e) != 0 ||
	    post_run(&r->post, o, &r->programs, &r->target, e) != 0)
		return -1;
	r->took_ms[0] = os_monotonic_ms() - start;
	if (o->verify && verify(r, c, e) != 0)
		return -1;
	if (target_unmark(&r->target, e) != 0 || set_properties(r, e) != 0)
		return -1;
	return target_commit(&r->target, e);
}

/* Only read it: the whole must be good before its manifest is believed. */
static int
verify_only(struct restore *r, struct check *c, struct err *e)
{
	c->want_manifest = true;
	if (check_stream(c, STDIN, e) != 0) {
		if (e->kind == ERR_VERDICT)
			(void)err_context(e, "cannot trust '%s'", c->name);
		return -1;
	}
	return verify(r, c, e);
}

/* What psql and pg_restore say is known only by its words. */
static void
put_hint(struct err *e)
{
	static const struct {
		const char *first, *second, *hint;
	} hints[] = {
		{ "role \"", "\" does not exist", "restore the roles first, "
		    "from a backup by pgdumpz --globals; or use --no-owner "
		    "and --no-acl" },
		{ "extension \"", "\" is not available", "install that "
		    "extension's package on the server" },
		{ "could not open extension control file", "", "install that "
		    "extension's package on the server" },
		{ "tablespace \"", "\" does not exist", "restore the "
		    "tablespaces first, from a backup by pgdumpz --globals" },
		{ "invalid command", "\\restrict", "use a psql that is as new "
		    "as the backup's pg_dump (--pg-bin)" },
		{ "No space left on device", "", "free some space on the "
		    "server" },
		{ "permission denied", "", "restore as a superuser, or as a "
		    "role that may do it" },
		{ "must be owner", "", "restore as a superuser, or use "
		    "--no-owner" },
		{ "must be member of role", "", "restore as a superuser, or "
		    "use --no-owner" },
	};
	size_t i;

	for (i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (e->kind == ERR_LOCAL &&
		    strstr(e->text, hints[i].first) != NULL &&
		    strstr(e->text, hints[i].second) != NULL) {
			(void)err_hint(e, "%s", hints[i].hint);
			return;
		}
}

int
restore_run(const struct options *o, struct err *e)
{
	struct restore r = { .options = o };
	struct check c = { .name = "standard input",
		.jobs = (unsigned)o->jobs };
	struct err stop = ERR_INIT;
	int rc;

	post_init(&r.post);
	rc = target_open(&r.target, o, e);
	if (rc == 0)
		rc = o->verify_only ? verify_only(&r, &c, e) :
		    restore(&r, &c, e);
	if (rc != 0 && os_check_stop(&stop) != 0)
		*e = stop;	/* what broke off is its consequence */
	else if (rc != 0)
		put_hint(e);
	close_loaders(&r);
	feed_free(r.feed);
	post_free(&r.post);
	target_close(&r.target);
	programs_free(&r.programs);
	json_decref(r.pre);
	json_decref(r.manifest);
	check_free(&c);
	return rc;
}
