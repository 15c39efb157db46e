/*
 * A worker finds its lock contended when somebody waits for the table, behind
 * the leader. To wait there as well would be a deadlock that the server can't
 * see; so the leader, which has the lock already, does that task itself. A
 * system catalog can be in such a state, too (VACUUM FULL); workers are looked
 * after for that.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "copy.h"
#include "lock.h"
#include "log.h"
#include "mem.h"
#include "num.h"
#include "os.h"
#include "pool.h"
#include "progress.h"
#include "session.h"

#define TICK_MS 200
#define PING_MS 5000
#define STUCK_MS 300	/* one was stuck: others will be */

struct pool {
	const struct pool_setup *setup;
	struct rowsum *lobs;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t next, end;		/* tasks that nobody has taken */
	struct task *contended;		/* or what is left of them: for the
					 * leader */
	size_t ncontended;
	unsigned running;
	bool leading;			/* the leader has a task */
	struct progress progress;
	struct meter *meters;		/* one a worker, then the leader's */
	struct pg **conns;		/* one a worker, NULL: not open */
	bool failed;
	struct err error;		/* the first one */
	struct err lost;		/* the leader's first one */
	int64_t pinged;
};

struct worker {
	struct pool *pool;
	unsigned number;
	pthread_t thread;
	bool started;
};

/* The lock is held. */
static void
note_failure(struct pool *p, const struct err *e)
{
	size_t i;

	if (p->failed)
		return;
	p->failed = true;
	p->error = *e;
	for (i = 0; i < p->setup->options->jobs; i++)
		if (p->conns[i] != NULL)
			pg_break(p->conns[i]);
	/* its connection must live on, to tell whether it was the reason */
	if (p->leading)
		pg_cancel(p->setup->snapshot->leader);
}

static void
say_copied(const char *what, const char *rows, const struct rowsum *sum)
{
	char size[NUM_TEXT];

	log_note("copied %s: %llu %s, %s, %llu.%03llu s", what,
	    (unsigned long long)sum->rows, rows,
	    num_format_size(size, sum->bytes),
	    (unsigned long long)sum->ms / 1000,
	    (unsigned long long)sum->ms % 1000);
}

/* The lock is held. */
static void
note_table(struct pool *p, struct table *t, const struct rowsum *sum)
{
	rowsum_merge(&t->sum, sum);
	if (--t->tasks_left == 0 && p->setup->options->verbose)
		say_copied(t->sql, "rows", &t->sum);
}

/* The lock is held. */
static void
note_done(struct pool *p, const struct task *k, const struct rowsum *sums)
{
	size_t i;

	for (i = 0; i < k->ntables; i++)
		note_table(p, k->tables[i], &sums[i]);
	if (k->ntables == 0)
		rowsum_merge(p->lobs, &sums[0]);
}

/* The lock is held. The tables before the one at done are copied. */
static void
note_contended(struct pool *p, const struct task *k,
	const struct rowsum *sums, size_t done)
{
	struct task *left = &p->contended[p->ncontended++];
	size_t i;

	for (i = 0; i < done; i++)
		note_table(p, k->tables[i], &sums[i]);
	*left = *k;
	left->tables += done;
	left->ntables -= done;
}

/* Carry out a task; what it did is noted whatever it was. */
static int
run_task(struct pool *p, struct copier *c, const struct task *k,
	struct err *e)
{
	struct rowsum sums[PLAN_BATCH];
	size_t done = 0;
	int rc;

	memset(sums, 0, sizeof(sums));
	rc = copier_run(c, k, sums, &done, e);
	(void)pthread_mutex_lock(&p->lock);
	if (rc == 0)
		note_done(p, k, sums);
	else if (rc > 0)
		note_contended(p, k, sums, done);
	else
		note_failure(p, e);
	(void)pthread_cond_signal(&p->changed);
	(void)pthread_mutex_unlock(&p->lock);
	return rc < 0 ? -1 : 0;
}

/*
 * Half of the workers begin with the small ones, so that rows of several
 * tables lie side by side in the stream: whoever restores it can load these at
 * the same time. What is too large to be shared in the end still goes first.
 */
static const struct task *
take(struct pool *p, unsigned worker)
{
	const struct task *tasks = p->setup->plan->tasks, *k = NULL;

	(void)pthread_mutex_lock(&p->lock);
	if (!p->failed && p->next < p->end) {
		if (worker % 2 == 1 && tasks[p->next].size < PLAN_LARGE)
			k = &tasks[--p->end];
		else
			k = &tasks[p->next++];
	}
	(void)pthread_mutex_unlock(&p->lock);
	return k;
}

/* Make a connection known to those who may have to break it off. */
static void
announce(struct worker *w, struct pg *conn)
{
	struct pool *p = w->pool;

	(void)pthread_mutex_lock(&p->lock);
	p->conns[w->number] = conn;
	(void)pthread_mutex_unlock(&p->lock);
}

static int
work(struct worker *w, struct pg *conn, struct err *e)
{
	const struct pool_setup *s = w->pool->setup;
	struct copier_setup setup = { conn, s->snapshot->id, s->out,
		(int)s->options->level, &w->pool->meters[w->number] };
	struct copier *c = NULL;
	const struct task *k;
	int rc = 0;

	if (session_prepare(conn, &s->options->session, e) != 0 ||
	    (c = copier_new(&setup, e)) == NULL)
		return -1;
	while (rc == 0 && (k = take(w->pool, w->number)) != NULL)
		rc = run_task(w->pool, c, k, e);
	copier_free(c);
	return 0;	/* a task's failure has been noted */
}

static void *
run_worker(void *arg)
{
	struct worker *w = arg;
	struct pool *p = w->pool;
	struct err e = ERR_INIT;
	struct pg *conn = pg_place_open(p->setup->place, &e);
	int rc = -1;

	if (conn != NULL) {
		announce(w, conn);
		rc = work(w, conn, &e);
		announce(w, NULL);
	}
	pg_close(conn);
	(void)pthread_mutex_lock(&p->lock);
	if (rc != 0)
		note_failure(p, &e);
	p->running--;
	(void)pthread_cond_signal(&p->changed);
	(void)pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* -- the leader --------------------------------------------------------- */

static void
show_progress(struct pool *p)
{
	char size[NUM_TEXT], written[NUM_TEXT + 16];

	(void)snprintf(written, sizeof(written), "%s written",
	    num_format_size(size, seal_writer_bytes(p->setup->out)));
	progress_show(&p->progress, meter_sum(p->meters,
	    (size_t)p->setup->options->jobs + 1), written);
}

static void
put_backends(struct pool *p, struct buf *out)
{
	size_t i;

	(void)pthread_mutex_lock(&p->lock);
	for (i = 0; i < p->setup->options->jobs; i++)
		if (p->conns[i] != NULL)
			buf_printf(out, "%s%d", out->len > 0 ? "," : "",
			    pg_backend(p->conns[i]));
	(void)pthread_mutex_unlock(&p->lock);
}

static void
cancel(struct pool *p, const PGresult *stuck)
{
	char pid[16];
	size_t i;
	int row;

	(void)pthread_mutex_lock(&p->lock);
	for (i = 0; i < p->setup->options->jobs; i++) {
		if (p->conns[i] == NULL)
			continue;
		(void)snprintf(pid, sizeof(pid), "%d",
		    pg_backend(p->conns[i]));
		for (row = 0; row < PQntuples(stuck); row++)
			if (strcmp(PQgetvalue(stuck, row, 0), pid) == 0)
				pg_cancel(p->conns[i]);
	}
	(void)pthread_mutex_unlock(&p->lock);
}

/*
 * Workers that wait for the leader by way of others would do so for ever. And
 * nobody may take an idle leader for dead.
 */
static int
look_after(struct pool *p, struct err *e)
{
	int64_t now = os_monotonic_ms();
	struct buf backends = BUF_INIT(16 * 256);
	PGresult *stuck;

	if (now - p->pinged < PING_MS)
		return 0;
	p->pinged = now;
	put_backends(p, &backends);
	stuck = lock_stuck(p->setup->snapshot->leader, buf_text(&backends), e);
	if (stuck != NULL && PQntuples(stuck) > 0) {
		cancel(p, stuck);
		p->pinged = now - PING_MS + STUCK_MS;
	}
	PQclear(stuck);
	buf_free(&backends);
	return stuck != NULL ? 0 : -1;
}

/* The lock is held; it is given back while waiting. */
static void
wait_a_tick(struct pool *p)
{
	struct timespec until;

	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += TICK_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	(void)pthread_cond_timedwait(&p->changed, &p->lock, &until);
}

/* Do what the workers could not, until they have ended. */
static void
lead(struct pool *p, struct copier *c)
{
	struct task k;
	struct err e = ERR_INIT;
	bool has_task;
	int rc;

	(void)pthread_mutex_lock(&p->lock);
	while (p->running > 0 || (p->ncontended > 0 && !p->failed)) {
		has_task = p->ncontended > 0 && !p->failed;
		if (has_task)
			k = p->contended[--p->ncontended];
		else
			wait_a_tick(p);
		p->leading = has_task;
		(void)pthread_mutex_unlock(&p->lock);
		rc = has_task ? run_task(p, c, &k, &e) : look_after(p, &e);
		(void)pthread_mutex_lock(&p->lock);
		p->leading = false;
		if (rc != 0)
			note_failure(p, &e);
		if (rc != 0 && p->lost.kind == ERR_NONE)
			p->lost = e;
		show_progress(p);
	}
	(void)pthread_mutex_unlock(&p->lock);
	log_progress_end();
}

static int
start(struct pool *p, struct worker *w, struct err *e)
{
	int code;

	p->running++;
	code = pthread_create(&w->thread, NULL, run_worker, w);
	w->started = code == 0;
	if (w->started)
		return 0;
	p->running--;
	return err_set(e, ERR_LOCAL, "cannot start a thread: error %d", code);
}

static int
run_all(struct pool *p, struct worker *workers, struct copier *leader)
{
	size_t jobs = p->setup->options->jobs, i;
	struct err e = ERR_INIT;

	if (jobs > p->setup->plan->len)
		jobs = p->setup->plan->len;
	(void)pthread_mutex_lock(&p->lock);
	for (i = 0; i < jobs && !p->failed; i++) {
		workers[i].pool = p;
		workers[i].number = (unsigned)i;
		if (start(p, &workers[i], &e) != 0)
			note_failure(p, &e);
	}
	(void)pthread_mutex_unlock(&p->lock);
	lead(p, leader);
	for (i = 0; i < jobs; i++)
		if (workers[i].started)
			(void)pthread_join(workers[i].thread, NULL);
	return p->failed ? -1 : 0;
}

/* Workers fail when the leader is gone; then its reason is the reason. */
static void
tell_why(struct pool *p, struct err *e)
{
	struct pg *leader = p->setup->snapshot->leader;
	struct err why = ERR_INIT;

	*e = p->error;
	if (pg_exec(leader, "SELECT 1", &why) == 0 ||
	    pg_failed_with(leader, "25P02") ||	/* alive, in a failed state */
	    pg_failed_with(leader, "57014"))	/* our own, that came late */
		return;
	*e = p->lost.kind != ERR_NONE ? p->lost : why;	/* said only once */
	(void)err_context(e, "the connection that holds the snapshot failed");
}

int
pool_run(const struct pool_setup *setup, struct rowsum *lobs, struct err *e)
{
	struct copier_setup own = { setup->snapshot->leader, NULL, setup->out,
		(int)setup->options->level, NULL };
	struct pool p = { .setup = setup, .lobs = lobs,
		.end = setup->plan->len, .pinged = os_monotonic_ms() };
	size_t jobs = (size_t)setup->options->jobs;
	struct worker *workers = mem_new(jobs, sizeof(*workers), e);
	struct copier *leader = NULL;
	int rc = -1;

	(void)pthread_mutex_init(&p.lock, NULL);
	(void)pthread_cond_init(&p.changed, NULL);
	p.contended = mem_new(setup->plan->len, sizeof(*p.contended), e);
	p.conns = mem_new(jobs, sizeof(struct pg *), e);
	p.meters = mem_new(jobs + 1, sizeof(*p.meters), e);
	own.meter = p.meters != NULL ? &p.meters[jobs] : NULL;
	progress_start(&p.progress, setup->plan->size);
	if (workers != NULL && p.contended != NULL && p.conns != NULL &&
	    p.meters != NULL && (leader = copier_new(&own, e)) != NULL &&
	    (rc = run_all(&p, workers, leader)) != 0)
		tell_why(&p, e);
	if (rc == 0 && lobs->rows > 0 && setup->options->verbose)
		say_copied("large objects", "pages", lobs);
	copier_free(leader);
	free(workers);
	free(p.contended);
	free(p.conns);
	free(p.meters);
	(void)pthread_cond_destroy(&p.changed);
	(void)pthread_mutex_destroy(&p.lock);
	return rc;
}
