/*
 * The snapshot comes first and the locks come later, because a lock can't be
 * had before it is known what to lock; so what happened in between is looked
 * for afterwards. Tables that were in the way are locked before the next try.
 * Nobody can be kept from asking for one just then, before pg_dump does: then
 * pg_dump waits for him, and he for us. So it waits a short time only, too.
 */
#include <pthread.h>
#include <string.h>

#include "cuts.h"
#include "drift.h"
#include "lock.h"
#include "log.h"
#include "os.h"
#include "session.h"
#include "snapshot.h"

#define TRIES 20
#define TRIES_FOR_SCHEMA 5
#define FIRST_WAIT_MS 1000u	/* pg_dump's, doubled each time, three times */
#define FIRST_PAUSE_MS 100
#define DOUBLED(n) ((n) < 3 ? (n) : 3)

enum outcome { FAILED = -1, TAKEN = 0, AGAIN = 1 };

/* One attempt; the names of offenders are kept for the ones after it. */
struct attempt {
	struct snapshot *s;
	struct archive_source *from;
	struct lock_names offenders;
	unsigned number;
};

static int
copy_value(char *out, size_t size, const PGresult *r, int column,
	struct err *e)
{
	int n = snprintf(out, size, "%s", PQgetvalue(r, 0, column));

	return n < (int)size ? 0 : err_set(e, ERR_LOCAL,
	    "cannot understand the server's snapshot");
}

static enum outcome
begin(struct attempt *a, struct err *e)
{
	struct snapshot *s = a->s;
	PGresult *r;
	int rc = lock_first(&a->offenders, s->leader,
	    a->from->options->lock_wait, e);

	if (rc != 0)
		return rc > 0 ? AGAIN : FAILED;
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

static int
look_afresh(struct drift_view *v, const struct tables *t,
	const struct archive_source *from, struct err *e)
{
	struct pg *fresh = pg_place_open(from->place, e);
	int rc = -1;

	if (fresh != NULL &&
	    session_prepare(fresh, &from->options->session, e) == 0)
		rc = drift_look(v, t, fresh, e);
	pg_close(fresh);
	return rc;
}

/* What does a fresh connection see otherwise? */
static int
find_changes(struct attempt *a, const struct drift_view *before,
	const struct tables *t, const struct toc *listed,
	struct drift_found *found, struct err *e)
{
	struct drift_view after = { NULL, NULL };
	int rc = look_afresh(&after, t, a->from, e);

	if (rc == 0)
		rc = drift_compare(before, &after, listed, &a->offenders,
		    found, e);
	drift_free(&after);
	return rc;
}

/*
 * pg_dump has failed: because of something that has just changed, or because
 * it could not get a lock? The reason to tell is its own.
 */
static enum outcome
judge_failure(struct attempt *a, int64_t took_ms, const struct err *e)
{
	struct drift_view before = { NULL, NULL };
	struct drift_found found = { 0, 0 };
	struct err other;
	bool locking = strstr(e->text, "LOCK TABLE ") != NULL;
	int wanted = 0;

	if (locking && (wanted = lock_wanted(a->s->leader, &a->offenders,
	    &other)) < 0)
		return FAILED;
	if (drift_look(&before, NULL, a->s->leader, &other) != 0 ||
	    find_changes(a, &before, NULL, NULL, &found, &other) != 0)
		found.tables = found.objects = 0;
	drift_free(&before);
	if (locking && (wanted > 0 || took_ms >= a->from->lock_wait_ms))
		return AGAIN;
	return found.tables + found.objects > 0 ? AGAIN : FAILED;
}

static enum outcome
judge_changes(struct attempt *a, const struct drift_found *found,
	struct err *e)
{
	const struct lock_names *names = &a->offenders;

	if (found->tables > 0) {
		(void)err_set(e, ERR_LOCAL, "%d tables were changed while the "
		    "dump began, such as %s", found->tables,
		    names->items[names->len - 1]);
		return AGAIN;
	}
	if (found->objects == 0)
		return TAKEN;
	(void)err_set(e, ERR_LOCAL, "%d objects of the schema were changed "
	    "while the dump began", found->objects);
	if (a->number + 1 < TRIES_FOR_SCHEMA)
		return AGAIN;
	/* all rows are there, and no more is to be had from pg_dump alone */
	log_warn("%s, in each of %d tries: see that it restores", e->text,
	    TRIES_FOR_SCHEMA);
	return TAKEN;
}

/* find_changes() on a thread, whose connection is its own. */
struct search {
	struct attempt *a;
	const struct drift_view *before;
	struct drift_found found;
	int rc;
	struct err error;
};

static void *
run_search(void *arg)
{
	struct search *s = arg;

	s->rc = find_changes(s->a, s->before, &s->a->s->tables,
	    &s->a->s->archive.toc, &s->found, &s->error);
	return NULL;
}

static int
measure(struct snapshot *s, struct err *e)
{
	if (lock_aside(s->leader, e) != 0 ||
	    tables_measure(&s->tables, s->leader, e) != 0 ||
	    cuts_load(&s->tables, s->leader, e) != 0)
		return -1;
	return lock_forget(s->leader, e);
}

/* The leader measures the tables while another connection looks at them. */
static enum outcome
look_again(struct attempt *a, const struct drift_view *before, struct err *e)
{
	struct search search = { .a = a, .before = before };
	pthread_t thread;
	int rc, code = pthread_create(&thread, NULL, run_search, &search);

	if (code != 0)
		return err_set(e, ERR_LOCAL, "cannot start a thread: error %d",
		    code);
	rc = measure(a->s, e);
	(void)pthread_join(thread, NULL);
	if (rc != 0)
		return FAILED;
	if (search.rc == 0)
		return judge_changes(a, &search.found, e);
	*e = search.error;
	return FAILED;
}

/* What is to be dumped, as the snapshot has it. */
static enum outcome
look(struct attempt *a, struct drift_view *before, struct err *e)
{
	struct snapshot *s = a->s;

	if (lock_aside(s->leader, e) == 0 &&
	    tables_load(&s->tables, s->leader, &s->archive.toc,
	    a->from->options->via_root, e) == 0 &&
	    drift_look(before, &s->tables, s->leader, e) == 0 &&
	    lock_forget(s->leader, e) == 0)
		return TAKEN;
	return lock_is_passing(s->leader) ? AGAIN : FAILED;
}

static enum outcome
lock(struct attempt *a, const struct drift_view *before, struct err *e)
{
	struct snapshot *s = a->s;
	int rc = lock_tables(&s->tables, s->leader, &a->offenders, e);

	archive_let_go(&s->archive);
	if (rc != 0)
		return rc > 0 ? AGAIN : FAILED;
	if (lock_patiently(s->leader, e) != 0)
		return FAILED;
	return look_again(a, before, e);
}

static enum outcome
try(struct attempt *a, struct err *e)
{
	struct snapshot *s = a->s;
	struct drift_view before = { NULL, NULL };
	int64_t started;
	enum outcome rc = begin(a, e);

	if (rc != TAKEN)
		return rc;
	a->from->snapshot = s->id;
	a->from->lock_wait_ms = FIRST_WAIT_MS << DOUBLED(a->number);
	started = os_monotonic_ms();
	if (archive_open(&s->archive, a->from, e) != 0)
		return judge_failure(a, os_monotonic_ms() - started, e);
	if ((s->prepared = prepare_begin(&s->archive, a->from, e)) == NULL)
		return FAILED;
	rc = look(a, &before, e);
	if (rc == TAKEN)
		rc = lock(a, &before, e);
	drift_free(&before);
	return rc;
}

/*
 * Where no table can be locked before, only time helps. Else there is none to
 * be lost: whoever was in the way has just done what he wanted.
 */
static enum outcome
start_over(struct attempt *a, size_t had_names, struct err *e)
{
	if (a->from->options->verbose)
		log_note("starting over: %s", e->text);
	if (pg_exec(a->s->leader, "ROLLBACK", e) != 0)
		return FAILED;
	if (a->offenders.len == had_names && os_sleep_ms(FIRST_PAUSE_MS <<
	    DOUBLED(a->number), e) != 0)
		return FAILED;
	return AGAIN;
}

int
snapshot_open(struct snapshot *s, struct pg *leader,
	struct archive_source *from, struct err *e)
{
	struct attempt a = { s, from, { NULL, 0 }, 0 };
	enum outcome rc = AGAIN;
	size_t had_names;

	for (; rc == AGAIN && a.number < TRIES; a.number++) {
		memset(s, 0, sizeof(*s));
		s->leader = leader;
		s->archive.fd = -1;
		had_names = a.offenders.len;
		if ((rc = try(&a, e)) == TAKEN)
			break;
		snapshot_close(s);
		if (rc == AGAIN && a.number + 1 < TRIES)
			rc = start_over(&a, had_names, e);
	}
	lock_names_free(&a.offenders);
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
	prepare_free(s->prepared);	/* it reads the archive */
	s->prepared = NULL;
	archive_close(&s->archive);
	tables_free(&s->tables);
}
