/*
 * Large tables are read in ranges of blocks, so that one of them keeps all
 * connections busy. Each task is a short transaction: ten thousand tables
 * would exhaust the lock table otherwise.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "mem.h"
#include "progress.h"
#include "recount.h"
#include "thr.h"

#define RANGE_BLOCKS 4096		/* 32 MiB */
#define SQL_MAX ((size_t)8 << 20)

struct task {
	struct recounter *all;
	struct expect_table *table;
	uint64_t first, end;		/* blocks, when it is split */
	struct rowsum sum;
	char *missing;
	struct worker *failed;		/* or NULL */
};

/* A database of 1 TB makes 32768 tasks. */
_Static_assert(sizeof(struct task) <= 128, "a task is small");

/* One that has failed does no more, so that its reason stays. */
struct worker {
	bool has_failed;
	struct err e;
};

struct recounter {
	const struct conns *conns;
	struct worker *workers;
	const char *snapshot;
	struct task *tasks;
	size_t len;
	uint64_t bytes;			/* that are expected */
};

/* -- one task, on a thread of the pipe ---------------------------------- */

static int
make_sql(const struct task *k, struct buf *sql, struct err *e)
{
	const struct expect_table *t = k->table;

	copysql_put(sql, &(struct copysql){ .table = t->name,
	    .columns = t->columns, .condition = t->condition,
	    .has_parts = t->has_parts, .is_range = t->blocks > 0,
	    .first = k->first, .end = k->end });
	return buf_check(sql, "a query", e);
}

int
recount_rows(struct pg *c, const char *sql, struct rowsum *sum, struct err *e)
{
	enum pg_step step;
	PGresult *r;
	char *row;
	int n;

	if (pg_send_one(c, sql, e) != 0)
		return -1;
	while ((step = pg_next(c, &r, e)) != PG_DONE) {
		PQclear(r);
		if (step == PG_FAILED)
			return -1;
		if (step != PG_COPY)
			continue;
		while ((n = pg_copy_row(c, &row, e)) > 0) {
			rowsum_add(sum, row, (size_t)n - 1);
			PQfreemem(row);
		}
		if (n < 0)
			return -1;
	}
	return 0;
}

/* A table or column that isn't there is a finding, not a failure. */
static int
fail(struct task *k, struct pg *c, struct err *e)
{
	static const char *const findings[] = { "42P01", "3F000", "42703",
		"42809" };
	size_t i;

	for (i = 0; i < sizeof(findings) / sizeof(findings[0]); i++)
		if (pg_failed_with(c, findings[i])) {
			k->missing = mem_dup(e->text, e);
			pg_drain(c);
			return pg_exec(c, "ROLLBACK", e);
		}
	return err_context(e, "cannot read the table %s", k->table->name);
}

static int
run(struct task *k, struct pg *c, struct err *e)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	char begin[256];
	int rc;

	(void)snprintf(begin, sizeof(begin), "BEGIN ISOLATION LEVEL "
	    "REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '%s'",
	    k->all->snapshot);
	if ((rc = make_sql(k, &sql, e)) != 0)
		goto out;
	if (pg_exec(c, begin, e) != 0 ||
	    recount_rows(c, buf_text(&sql), &k->sum, e) != 0)
		rc = fail(k, c, e);
	else
		rc = pg_exec(c, "COMMIT", e);
out:
	buf_free(&sql);
	return rc;
}

static void
work(void *arg, unsigned worker)
{
	struct task *k = arg;
	struct worker *w = &k->all->workers[worker];

	if (!w->has_failed)
		w->has_failed = run(k, conns_get(k->all->conns, worker),
		    &w->e) != 0;
	if (w->has_failed)
		k->failed = w;
}

/* -- all tasks ---------------------------------------------------------- */

static int
compare_size(const void *a, const void *b)
{
	const struct task *x = a, *y = b;
	uint64_t p = x->table->want.bytes, q = y->table->want.bytes;

	return (p < q) - (p > q);
}

static size_t
count_ranges(const struct expect_table *t)
{
	return t->blocks > 0 ?
	    (size_t)((t->blocks + RANGE_BLOCKS - 1) / RANGE_BLOCKS) : 1;
}

static int
make_tasks(struct recounter *all, struct expect *x, struct err *e)
{
	struct task *k;
	size_t i, j, n, len = 1;

	for (i = 0; i < x->len; i++) {
		len += count_ranges(&x->tables[i]);
		all->bytes += x->tables[i].want.bytes;
	}
	if ((all->tasks = mem_new(len, sizeof(*all->tasks), e)) == NULL)
		return -1;
	for (i = 0; i < x->len; i++) {
		n = count_ranges(&x->tables[i]);
		for (j = 0; j < n; j++) {
			k = &all->tasks[all->len++];
			k->all = all;
			k->table = &x->tables[i];
			k->first = j * RANGE_BLOCKS;
			k->end = j + 1 < n ? (j + 1) * RANGE_BLOCKS : 0;
		}
	}
	qsort(all->tasks, all->len, sizeof(*all->tasks), compare_size);
	return 0;
}

static int
end_task(struct task *k, struct err *e)
{
	if (k->failed != NULL) {
		*e = k->failed->e;
		return -1;
	}
	rowsum_merge(&k->table->got, &k->sum);
	if (k->missing != NULL) {
		free(k->table->missing);
		k->table->missing = k->missing;
		k->missing = NULL;
	}
	return 0;
}

static int
run_all(struct recounter *all, struct thr_pipe *pipe, struct err *e)
{
	struct err first = ERR_INIT;
	struct progress progress;
	struct task *k;
	uint64_t done = 0;
	size_t next = 0;
	int rc = 0;

	progress_start(&progress, all->bytes);
	while (next < all->len || !thr_pipe_empty(pipe)) {
		while (rc == 0 && next < all->len && !thr_pipe_full(pipe))
			thr_pipe_put(pipe, &all->tasks[next++]);
		if (thr_pipe_empty(pipe))
			break;
		k = thr_pipe_take(pipe);
		if (end_task(k, &first) != 0 && rc == 0) {
			*e = first;
			rc = -1;
		}
		done += k->sum.bytes;
		progress_show(&progress, done, "verified");
	}
	log_progress_end();
	return rc;
}

int
recount(struct expect *x, const struct conns *conns, size_t n,
	const char *snapshot, struct err *e)
{
	struct recounter all = { .conns = conns, .snapshot = snapshot };
	struct thr_pipe *pipe = NULL;
	size_t i;
	int rc = -1;

	all.workers = mem_new(n, sizeof(*all.workers), e);
	if (all.workers != NULL && make_tasks(&all, x, e) == 0 &&
	    (pipe = thr_pipe_new((unsigned)n, (unsigned)(2 * n), work,
	    e)) != NULL)
		rc = run_all(&all, pipe, e);
	thr_pipe_free(pipe);
	for (i = 0; i < all.len; i++)
		free(all.tasks[i].missing);
	free(all.tasks);
	free(all.workers);
	return rc;
}
