/*
 * LOCK waits behind others that wait for pg_dump's locks, while pg_dump waits
 * for us to read its pipe: a deadlock that no server can see. So it waits a
 * short time only, and the caller starts over.
 */
#include <stdlib.h>
#include <string.h>

#include "lock.h"
#include "mem.h"
#include "num.h"

#define BATCH 200
#define SQL_MAX ((size_t)64 << 20)
#define SHORT_WAIT "'3s'"

int
lock_names_add(struct lock_names *names, const char *sql, struct err *e)
{
	char **items = realloc(names->items,
	    (names->len + 1) * sizeof(*items));

	if (items == NULL)
		return err_set(e, ERR_LOCAL, "no memory for names of tables");
	names->items = items;
	if ((items[names->len] = mem_dup(sql, e)) == NULL)
		return -1;
	names->len++;
	return 0;
}

void
lock_names_free(struct lock_names *names)
{
	size_t i;

	for (i = 0; i < names->len; i++)
		free(names->items[i]);
	free(names->items);
	memset(names, 0, sizeof(*names));
}

/* -- before the snapshot ------------------------------------------------ */

/* Those that can be locked, as a list. A query of its own: it has a snapshot. */
static int
list_present(const struct lock_names *names, struct pg *c, struct buf *out,
	struct err *e)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	PGresult *r = NULL;
	size_t i;
	int rc, row;

	buf_puts(&sql, "SELECT DISTINCT v.name FROM (VALUES ");
	for (i = 0; i < names->len; i++) {
		buf_puts(&sql, i == 0 ? "(" : ", (");
		pg_put_literal(c, &sql, names->items[i]);
		buf_puts(&sql, ")");
	}
	buf_puts(&sql, ") v(name) JOIN (pg_catalog.pg_class c "
	    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace) "
	    "ON pg_catalog.quote_ident(n.nspname) || '.' || "
	    "pg_catalog.quote_ident(c.relname) = v.name "
	    "WHERE c.relkind IN ('r', 'p') AND "
	    "pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND "
	    "pg_catalog.has_table_privilege(c.oid, 'SELECT')");
	rc = buf_check(&sql, "a list of tables", e);
	if (rc == 0 && (r = pg_query(c, buf_text(&sql), e)) == NULL)
		rc = -1;
	for (row = 0; rc == 0 && row < PQntuples(r); row++)
		buf_printf(out, "%sONLY %s", row == 0 ? "" : ", ",
		    PQgetvalue(r, row, 0));
	PQclear(r);
	buf_free(&sql);
	return rc;
}

int
lock_wanted(struct pg *c, struct lock_names *offenders, struct err *e)
{
	PGresult *r = pg_query(c, "SELECT DISTINCT "
	    "pg_catalog.quote_ident(n.nspname) || '.' || "
	    "pg_catalog.quote_ident(c.relname) FROM pg_catalog.pg_locks l "
	    "JOIN pg_catalog.pg_class c ON c.oid = l.relation "
	    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
	    "WHERE l.locktype = 'relation' AND "
	    "l.database = (SELECT d.oid FROM pg_catalog.pg_database d "
	    "WHERE d.datname = pg_catalog.current_database()) AND "
	    "l.mode = 'AccessExclusiveLock' AND c.oid >= 16384 AND "
	    "c.relkind IN ('r', 'p') AND c.relpersistence <> 't'", e);
	int i, n = r != NULL ? PQntuples(r) : -1;

	for (i = 0; i < n; i++)
		if (lock_names_add(offenders, PQgetvalue(r, i, 0), e) != 0)
			n = -1;
	PQclear(r);
	return n;
}

/* It was waited for too long: for which table, by now? */
static int
fail_first(struct pg *c, struct err *e)
{
	struct lock_names wanted = { NULL, 0 };
	struct err ignored;

	if (pg_exec(c, "ROLLBACK", &ignored) == 0 &&
	    lock_wanted(c, &wanted, &ignored) > 0 && wanted.len > 0)
		(void)err_context(e, "cannot lock %s", wanted.items[0]);
	lock_names_free(&wanted);
	return err_hint(e, "somebody has it for himself, see pg_locks; wait "
	    "longer by --lock-wait-timeout");
}

int
lock_first(const struct lock_names *names, struct pg *c, const char *wait,
	struct err *e)
{
	struct buf list = BUF_INIT(SQL_MAX), sql = BUF_INIT(SQL_MAX);
	int rc = 0;

	if (names->len > 0)
		rc = list_present(names, c, &list, e);
	buf_puts(&sql, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
	    "SET LOCAL lock_timeout = ");
	pg_put_literal(c, &sql, wait != NULL ? wait : "0");
	if (list.len > 0)
		buf_printf(&sql, "; LOCK TABLE %s IN ACCESS SHARE MODE",
		    buf_text(&list));
	buf_puts(&sql, "; SET LOCAL lock_timeout = " SHORT_WAIT);
	if (rc == 0)
		rc = buf_check(&sql, "a list of tables", e);
	if (rc == 0 && (rc = pg_exec(c, buf_text(&sql), e)) != 0 &&
	    pg_failed_with(c, "55P03"))
		rc = fail_first(c, e);
	else if (rc != 0 && lock_is_passing(c))
		rc = 1;
	buf_free(&list);
	buf_free(&sql);
	return rc;
}

int
lock_patiently(struct pg *c, struct err *e)
{
	return pg_exec(c, "SET LOCAL lock_timeout = 0", e);
}

int
lock_aside(struct pg *c, struct err *e)
{
	return pg_exec(c, "SAVEPOINT aside", e);
}

int
lock_forget(struct pg *c, struct err *e)
{
	return pg_exec(c, "ROLLBACK TO SAVEPOINT aside; "
	    "RELEASE SAVEPOINT aside", e);
}

/* -- behind it ---------------------------------------------------------- */

bool
lock_is_passing(const struct pg *c)
{
	static const char *const states[] = {
		"55P03",	/* lock not available */
		"40P01",	/* deadlock */
		"42P01",	/* no such table */
		"3F000",	/* no such schema */
		"42809",	/* another kind of object has the name now */
	};
	size_t i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (pg_failed_with(c, states[i]))
			return true;
	return false;
}

static int
lock_batch(const struct table *t, size_t n, struct pg *c, struct err *e)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	size_t i;
	int rc;

	for (i = 0; i < n; i++)
		buf_printf(&sql, "%s ONLY %s", i == 0 ? "LOCK TABLE" : ",",
		    t[i].sql);
	buf_puts(&sql, " IN ACCESS SHARE MODE");
	rc = buf_check(&sql, "a list of tables", e);
	if (rc == 0)
		rc = pg_exec(c, buf_text(&sql), e);
	buf_free(&sql);
	return rc;
}

static int
add_all(const struct table *t, size_t n, struct lock_names *offenders,
	struct err *e)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (lock_names_add(offenders, t[i].sql, e) != 0)
			return -1;
	return 1;
}

/* Names are resolved at each use; so look at which tables we hold. */
static int
check_held(const struct tables *t, struct pg *c,
	struct lock_names *offenders, struct err *e)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	PGresult *r = NULL;
	uint64_t held;
	int rc;

	buf_puts(&sql, "SELECT pg_catalog.count(DISTINCT relation) FROM "
	    "pg_catalog.pg_locks WHERE pid = pg_catalog.pg_backend_pid() AND "
	    "locktype = 'relation' AND mode = 'AccessShareLock' AND granted "
	    "AND relation = ANY(");
	tables_put_oids(t, &sql);
	buf_puts(&sql, ")");
	rc = buf_check(&sql, "a query", e);
	if (rc == 0 && (r = pg_query(c, buf_text(&sql), e)) == NULL)
		rc = -1;
	if (rc == 0 && (num_parse_u64(PQgetvalue(r, 0, 0), &held) != 0 ||
	    held < t->len))
		rc = add_all(t->items, t->len, offenders, e);
	PQclear(r);
	buf_free(&sql);
	return rc;
}

int
lock_tables(const struct tables *t, struct pg *c,
	struct lock_names *offenders, struct err *e)
{
	size_t i, n;

	if (t->len == 0)
		return 0;
	for (i = 0; i < t->len; i += n) {
		n = t->len - i < BATCH ? t->len - i : BATCH;
		if (lock_batch(t->items + i, n, c, e) == 0)
			continue;
		return lock_is_passing(c) ?
		    add_all(t->items + i, n, offenders, e) : -1;
	}
	return check_held(t, c, offenders, e);
}

PGresult *
lock_stuck(struct pg *c, const char *backends, struct err *e)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	PGresult *r = NULL;

	buf_printf(&sql, "WITH RECURSIVE waits(who, whom) AS (SELECT who, "
	    "pg_catalog.unnest(pg_catalog.pg_blocking_pids(who)) FROM "
	    "pg_catalog.unnest('{%s}'::pg_catalog.int4[]) who "
	    "UNION SELECT w.who, pg_catalog.unnest("
	    "pg_catalog.pg_blocking_pids(w.whom)) FROM waits w) "
	    "SELECT DISTINCT who FROM waits "
	    "WHERE whom = pg_catalog.pg_backend_pid()", backends);
	if (buf_check(&sql, "a query", e) == 0)
		r = pg_query(c, buf_text(&sql), e);
	buf_free(&sql);
	return r;
}
