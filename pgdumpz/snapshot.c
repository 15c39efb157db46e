/*
 * The snapshot comes first and the locks come later, because a lock can't be
 * had before it is known what to lock; so what happened in between is looked
 * for afterwards. Tables that were in the way are locked before the next try.
 */
#include <string.h>

#include "lock.h"
#include "log.h"
#include "session.h"
#include "snapshot.h"

#define TRIES 6

enum outcome { FAILED = -1, TAKEN = 0, AGAIN = 1 };

static int
copy_value(char *out, size_t size, const PGresult *r, int column,
	struct err *e)
{
	int n = snprintf(out, size, "%s", PQgetvalue(r, 0, column));

	return n < (int)size ? 0 : err_set(e, ERR_LOCAL,
	    "cannot understand the server's snapshot");
}

static enum outcome
begin(struct snapshot *s, const struct archive_source *from,
	const struct lock_names *first, struct err *e)
{
	PGresult *r;
	int rc;

	if (pg_exec(s->leader, "BEGIN ISOLATION LEVEL REPEATABLE READ "
	    "READ ONLY", e) != 0)
		return FAILED;
	if ((rc = lock_first(first, s->leader, from->options->lock_wait,
	    e)) != 0)
		return rc;
	r = pg_query(s->leader, "SELECT pg_catalog.pg_export_snapshot(), "
	    "pg_catalog.to_char(pg_catalog.timezone('UTC', "
	    "pg_catalog.statement_timestamp()), "
	    "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')", e);
	if (r == NULL)
		return err_context(e, "cannot export a snapshot");
	rc = copy_value(s->id, sizeof(s->id), r, 0, e);
	if (rc == 0)
		rc = copy_value(s->time, sizeof(s->time), r, 1, e);
	PQclear(r);
	return rc;
}

/* Does a connection of its own see another state of things? */
static int
count_changes(const struct tables *t, const PGresult *before,
	const struct archive_source *from, struct lock_names *offenders,
	struct err *e)
{
	struct pg *fresh = pg_place_open(from->place, e);
	PGresult *after = NULL;
	int n = -1;

	if (fresh != NULL &&
	    session_prepare(fresh, &from->options->session, e) == 0 &&
	    (after = lock_fingerprints(t, fresh, e)) != NULL)
		n = lock_compare(before, after, offenders, e);
	PQclear(after);
	pg_close(fresh);
	return n;
}

/* pg_dump has failed: because of a table that has just changed? */
static enum outcome
judge_failure(struct snapshot *s, const struct archive_source *from,
	struct lock_names *offenders)
{
	struct err other;	/* pg_dump's own reason is the one to tell */
	PGresult *before = lock_fingerprints(NULL, s->leader, &other);
	int n = before == NULL ? -1 :
	    count_changes(NULL, before, from, offenders, &other);

	PQclear(before);
	return n > 0 ? AGAIN : FAILED;
}

static enum outcome
lock(struct snapshot *s, const struct archive_source *from,
	struct lock_names *offenders, struct err *e)
{
	PGresult *before = lock_fingerprints(&s->tables, s->leader, e);
	int rc, n;

	if (before == NULL)
		return FAILED;
	rc = lock_tables(&s->tables, s->leader, offenders, e);
	archive_let_go(&s->archive);
	if (rc == 0 && s->tables.len > 0) {
		n = count_changes(&s->tables, before, from, offenders, e);
		if (n > 0)
			(void)err_set(e, ERR_LOCAL, "%d tables were changed "
			    "while the dump began, such as %s", n,
			    offenders->len > 0 ? offenders->items[
			    offenders->len - 1] : "one that was dropped");
		rc = n < 0 ? FAILED : n > 0 ? AGAIN : TAKEN;
	}
	PQclear(before);
	return rc;
}

static enum outcome
try(struct snapshot *s, struct archive_source *from,
	struct lock_names *offenders, struct err *e)
{
	enum outcome rc = begin(s, from, offenders, e);

	lock_names_free(offenders);
	if (rc != TAKEN)
		return rc;
	from->snapshot = s->id;
	if (archive_open(&s->archive, from, e) != 0)
		return judge_failure(s, from, offenders);
	if (tables_load(&s->tables, s->leader, &s->archive.toc,
	    from->options->via_root, e) != 0)
		return FAILED;
	if ((rc = lock(s, from, offenders, e)) != TAKEN)
		return rc;
	return tables_measure(&s->tables, s->leader, e) == 0 ? TAKEN : FAILED;
}

int
snapshot_open(struct snapshot *s, struct pg *leader,
	struct archive_source *from, struct err *e)
{
	struct lock_names offenders = { NULL, 0 };
	enum outcome rc = AGAIN;
	int tries;

	for (tries = 0; rc == AGAIN && tries < TRIES; tries++) {
		memset(s, 0, sizeof(*s));
		s->leader = leader;
		s->archive.fd = -1;
		rc = try(s, from, &offenders, e);
		if (rc == TAKEN)
			break;
		snapshot_close(s);
		if (rc == AGAIN && from->options->verbose)
			log_note("starting over: %s", e->text);
		if (rc == AGAIN && pg_exec(leader, "ROLLBACK", e) != 0)
			rc = FAILED;
	}
	lock_names_free(&offenders);
	if (rc == AGAIN) {
		(void)err_context(e, "cannot get hold of all tables in %d "
		    "tries", TRIES);
		return err_hint(e, "dump while no tables are being created, "
		    "truncated or altered, or leave those out with -T");
	}
	return rc == TAKEN ? 0 : -1;
}

void
snapshot_close(struct snapshot *s)
{
	archive_close(&s->archive);
	tables_free(&s->tables);
}
