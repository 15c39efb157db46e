/*
 * The order of things: a database under a temporary name, all of the backup
 * into it, the proof that it is all there; then the name.
 */
#include <stdlib.h>
#include <string.h>

#include "hint.h"
#include "log.h"
#include "manifest.h"
#include "os.h"
#include "properties.h"
#include "report.h"
#include "restore.h"
#include "restore_private.h"

#define HEAD_SIZE ((size_t)256 << 10)
#define TEXT_MAX ((size_t)64 << 20)

int
restore_read(struct restore *r, struct err *e)
{
	if (check_stream(&r->check, STDIN, e) == 0)
		return 0;
	if (e->kind == ERR_VERDICT)
		(void)err_context(e, "cannot trust '%s'", r->check.name);
	return -1;
}

/* The first bytes decide what is to be done. */
static int
look(struct restore *r, struct err *e)
{
	void *room = buf_room(&r->head, HEAD_SIZE);
	ssize_t n = -1;

	if (room == NULL)
		return buf_check(&r->head, "the beginning of the input", e);
	if ((n = os_read_full(STDIN, room, HEAD_SIZE, e)) < 0)
		return -1;
	buf_filled(&r->head, (size_t)n);
	r->check.head = r->head.data;
	r->check.head_len = r->head.len;
	if (foreign_look(&r->foreign, r->head.data, r->head.len, e) != 0)
		return -1;
	if (r->foreign.make == FOREIGN_NOT ||
	    (!r->options->verify && !r->options->verify_only))
		return 0;
	(void)err_set(e, ERR_USAGE, "the backup has no manifest to compare "
	    "with");
	return err_hint(e, "only what pgdumpz made can be verified");
}

/* Compare, and say what came of it. */
static int
verify(struct restore *r, struct err *e)
{
	struct verify v = { .differences = NULL };
	int64_t start = os_monotonic_ms();
	size_t n;
	int rc;

	if ((r->manifest = manifest_read(&r->check.manifest, e)) == NULL)
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
	if (!r->post.is_readable)
		log_warn("the database's own properties (ALTER DATABASE) are "
		    "not restored: this pg_restore can't read them");
	rc = post_properties(&r->post, r->options, &r->programs, &sql, e);
	if (rc == 0)
		rc = properties_apply(&r->target, name, &sql, e);
	buf_free(&sql);
	return rc;
}

static int
restore(struct restore *r, struct err *e)
{
	const struct options *o = r->options;
	int64_t start = os_monotonic_ms();

	if (programs_find(&r->programs, PROGRAMS_RESTORE, o->bin_dir,
	    pg_server_version(r->target.leader), e) != 0)
		return -1;
	if ((r->foreign.make == FOREIGN_NOT ? sealed_restore(r, e) :
	    plain_restore(r, e)) != 0)
		return -1;
	r->took_ms[0] = os_monotonic_ms() - start;
	if (o->verify && verify(r, e) != 0)
		return -1;
	if (target_unmark(&r->target, e) != 0 || set_properties(r, e) != 0)
		return -1;
	return o->scratch ? target_discard(&r->target, e) :
	    target_commit(&r->target, e);
}

/* Only read it: the whole must be good before its manifest is believed. */
static int
verify_only(struct restore *r, struct err *e)
{
	r->check.want_manifest = true;
	return restore_read(r, e) == 0 ? verify(r, e) : -1;
}

int
restore_run(const struct options *o, struct err *e)
{
	struct restore r = { .options = o, .head = BUF_INIT(HEAD_SIZE),
		.check = { .name = "standard input",
		.jobs = (unsigned)o->jobs } };
	struct err stop = ERR_INIT;
	int rc;

	post_init(&r.post);
	rc = target_open(&r.target, o, e);
	if (rc == 0)
		rc = look(&r, e);
	if (rc == 0)
		rc = o->verify_only ? verify_only(&r, e) : restore(&r, e);
	if (rc != 0 && os_check_stop(&stop) != 0)
		*e = stop;	/* what broke off is its consequence */
	else if (rc != 0)
		hint_put(e);
	sealed_free(&r);
	feed_free(r.feed);
	target_close(&r.target);
	programs_free(&r.programs);
	json_decref(r.manifest);
	check_free(&r.check);
	buf_free(&r.head);
	return rc;
}
