/*
 * A task is one string of statements, so that it costs one round trip however
 * many tables it has: begin, take the snapshot, lock without waiting, copy,
 * make sure that the names were the tables', commit.
 */
#include <stdlib.h>
#include <string.h>

#include "copy.h"
#include "copysql.h"
#include "lob.h"
#include "mem.h"
#include "member.h"
#include "num.h"
#include "os.h"

#define SQL_MAX ((size_t)16 << 20)

struct copier {
	struct pg *conn;
	const char *snapshot;
	struct meter *meter;
	uint64_t text;		/* bytes of the task's rows so far */
	struct member member;
	struct buf sql, head;
};

struct copier *
copier_new(const struct copier_setup *setup, struct err *e)
{
	struct copier *c = mem_new(1, sizeof(*c), e);

	if (c == NULL)
		return NULL;
	c->conn = setup->conn;
	c->snapshot = setup->snapshot;
	c->meter = setup->meter;
	buf_init(&c->sql, SQL_MAX);
	buf_init(&c->head, SQL_MAX);
	if (member_init(&c->member, setup->out, setup->level, e) == 0)
		return c;
	copier_free(c);
	return NULL;
}

void
copier_free(struct copier *c)
{
	if (c == NULL)
		return;
	member_free(&c->member);
	buf_free(&c->sql);
	buf_free(&c->head);
	free(c);
}

/* -- what to send ------------------------------------------------------- */

static void
put_copy(struct buf *sql, const struct task *k, const struct table *t)
{
	copysql_put(sql, &(struct copysql){ .table = t->sql,
	    .columns = t->list != NULL ? t->list : "",
	    .condition = t->condition, .is_range = k->is_range,
	    .first = k->first, .end = k->end });
}

/* Lock them, or fail at once. */
static void
put_locks(struct copier *c, const struct task *k)
{
	size_t i;

	for (i = 0; i < k->ntables; i++)
		buf_printf(&c->sql, "%s ONLY %s", i == 0 ? "LOCK TABLE" : ",",
		    k->tables[i]->sql);
	buf_puts(&c->sql, " IN ACCESS SHARE MODE NOWAIT; ");
}

/*
 * Are the first n still called so? A lock keeps a table, but its schema can be
 * renamed, and another one take its place.
 */
static void
put_names(struct copier *c, const struct task *k, size_t n)
{
	size_t i;

	buf_puts(&c->sql, "SELECT pg_catalog.bool_and("
	    "name::pg_catalog.regclass = o) FROM (VALUES ");
	for (i = 0; i < n; i++) {
		buf_puts(&c->sql, i == 0 ? "(" : ", (");
		pg_put_literal(c->conn, &c->sql, k->tables[i]->sql);
		buf_printf(&c->sql, ", %lu::pg_catalog.oid)",
		    (unsigned long)k->tables[i]->oid);
	}
	buf_puts(&c->sql, ") v(name, o); ");
}

/*
 * The leader must not keep the locks on indexes that planning takes: its
 * transaction lasts long, and REINDEX would wait for it, and we for REINDEX.
 */
static int
make_sql(struct copier *c, const struct task *k, struct err *e)
{
	size_t i;

	buf_reset(&c->sql);
	if (c->snapshot == NULL)
		buf_puts(&c->sql, "SAVEPOINT task; ");
	else
		buf_printf(&c->sql, "BEGIN ISOLATION LEVEL REPEATABLE READ "
		    "READ ONLY; SET TRANSACTION SNAPSHOT '%s'; ",
		    c->snapshot);
	if (c->snapshot != NULL && k->ntables > 0)
		put_locks(c, k);
	for (i = 0; i < k->ntables; i++)
		put_copy(&c->sql, k, k->tables[i]);
	if (k->ntables > 0)
		put_names(c, k, k->ntables);
	else
		copysql_put_lobs(&c->sql, k->lo_first, k->lo_last);
	buf_puts(&c->sql, c->snapshot == NULL ?
	    "ROLLBACK TO SAVEPOINT task; RELEASE SAVEPOINT task" : "COMMIT");
	return buf_check(&c->sql, "a query", e);
}

/* -- what comes back ---------------------------------------------------- */

static int
copy_rows(struct copier *c, const struct table *t, struct rowsum *sum,
	struct err *e)
{
	char *row;
	int n, rc = 0;

	buf_reset(&c->head);
	buf_printf(&c->head, "COPY %s ", t->root != NULL ? t->root : t->sql);
	if (t->list != NULL)
		buf_printf(&c->head, "(%s) ", t->list);
	buf_puts(&c->head, "FROM stdin;\n");
	if (buf_check(&c->head, "a list of columns", e) != 0)
		return -1;
	member_begin(&c->member, SEAL_DATA, c->head.data, "\\.\n");
	while (rc == 0 && (n = pg_copy_row(c->conn, &row, e)) != 0) {
		if (n < 0)
			return -1;
		meter_text(c->meter, c->text += (size_t)n);
		rowsum_add(sum, row, (size_t)n - 1);
		rc = member_add(&c->member, row, (size_t)n, e);
		PQfreemem(row);
	}
	return rc == 0 ? member_end(&c->member, e) : rc;
}

static int
copy_lobs(struct copier *c, struct rowsum *sum, struct err *e)
{
	char *row;
	int n, rc = 0;

	member_begin(&c->member, SEAL_LODATA, "", "");
	while (rc == 0 && (n = pg_copy_row(c->conn, &row, e)) != 0) {
		if (n < 0)
			return -1;
		meter_text(c->meter, c->text += (size_t)n / 2);
		rc = lob_add(&c->member, row, (size_t)n, sum, e);
		PQfreemem(row);
	}
	return rc == 0 ? member_end(&c->member, e) : rc;
}

static int
copy_next(struct copier *c, const struct task *k, size_t i,
	struct rowsum *sums, struct err *e)
{
	int64_t start_ms = os_monotonic_ms();
	int rc = k->ntables == 0 ? copy_lobs(c, &sums[i], e) :
	    copy_rows(c, k->tables[i], &sums[i], e);

	sums[i].ms += (uint64_t)(os_monotonic_ms() - start_ms);
	if (rc != 0 && k->ntables > 0)
		(void)err_context(e, "cannot copy the table %s",
		    k->tables[i]->sql);
	return rc;
}

/* The answer to put_names(), among those of statements that have none. */
static int
check_names(const PGresult *r, struct err *e)
{
	if (PQntuples(r) == 0 || *PQgetvalue(r, 0, 0) == 't')
		return 0;
	(void)err_set(e, ERR_LOCAL, "a table has another name now than when "
	    "the dump began");
	return err_hint(e, "a schema was renamed; start the dump again");
}

/* The server counts what it sends, too. */
static int
check_count(const PGresult *r, const struct rowsum *sum, struct err *e)
{
	uint64_t rows;

	if (num_parse_u64(PQcmdTuples((PGresult *)(uintptr_t)r), &rows) == 0 &&
	    rows == sum->rows)
		return 0;
	return err_set(e, ERR_LOCAL, "the server sent %s rows, and %llu came",
	    PQcmdTuples((PGresult *)(uintptr_t)r),
	    (unsigned long long)sum->rows);
}

/* Where a task is. */
struct course {
	size_t at;		/* table that is being or will be copied */
	bool has_copied;	/* its rows have come, its result has not */
};

static int
take_result(const struct course *now, const PGresult *r,
	const struct rowsum *sums, struct err *e)
{
	if (!now->has_copied)
		return check_names(r, e);
	return check_count(r, &sums[now->at], e);
}

/* All or some of a task was copied, and there was no answer on its names. */
static int
ask_names(struct copier *c, const struct task *k, size_t n, struct err *e)
{
	PGresult *r;
	int rc;

	buf_reset(&c->sql);
	put_names(c, k, n);
	if (buf_check(&c->sql, "a query", e) != 0 ||
	    (r = pg_query(c->conn, buf_text(&c->sql), e)) == NULL)
		return -1;
	rc = check_names(r, e);
	PQclear(r);
	return rc;
}

/* Cancelled, or a lock could not be had: 1, or 0 when nothing was missing. */
static int
give_up(struct copier *c, const struct task *k, size_t done, struct err *e)
{
	if (pg_exec(c->conn, "ROLLBACK", e) != 0 ||
	    (k->ntables > 0 && done > 0 && ask_names(c, k, done, e) != 0))
		return -1;
	return done == 0 || done < k->ntables ? 1 : 0;
}

static int
fail(struct copier *c, const struct task *k, const struct course *now,
	const struct rowsum *sums, struct err *e)
{
	bool has_rows = now->has_copied && sums[now->at].rows > 0;
	bool contended = c->snapshot != NULL && !has_rows &&
	    (pg_failed_with(c->conn, "55P03") ||
	    pg_failed_with(c->conn, "57014"));

	pg_drain(c->conn);
	if (contended)
		return give_up(c, k, now->at, e);
	if (now->at < k->ntables)
		return err_context(e, "cannot copy the table %s",
		    k->tables[now->at]->sql);
	return -1;
}

static int
follow(struct copier *c, const struct task *k, struct rowsum *sums,
	size_t *done, struct err *e)
{
	struct course now = { 0, false };
	enum pg_step step;
	PGresult *r;
	int rc = 0;

	while (rc == 0 && (step = pg_next(c->conn, &r, e)) != PG_DONE) {
		*done = now.at;
		if (step == PG_FAILED)
			return fail(c, k, &now, sums, e);
		if (step == PG_COPY) {
			rc = copy_next(c, k, now.at, sums, e);
			now.has_copied = true;
			continue;
		}
		rc = take_result(&now, r, sums, e);
		now.at += now.has_copied;
		now.has_copied = false;
		PQclear(r);
	}
	return rc;
}

int
copier_run(struct copier *c, const struct task *k, struct rowsum *sums,
	size_t *done, struct err *e)
{
	int rc;

	meter_begin(c->meter, k->size);
	c->text = 0;
	if (make_sql(c, k, e) != 0 || pg_send(c->conn, buf_text(&c->sql),
	    e) != 0)
		return -1;
	rc = follow(c, k, sums, done, e);
	if (rc == 0)
		meter_end(c->meter);
	return rc;
}
