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
#define SHORT_WAIT "SET LOCAL lock_timeout = '3s'"

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

/* Changes by others that starting over gets around. */
static bool
is_passing(const struct pg *c)
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
	if (pg_exec(c, SHORT_WAIT, e) != 0)
		return -1;
	for (i = 0; i < t->len; i += n) {
		n = t->len - i < BATCH ? t->len - i : BATCH;
		if (lock_batch(t->items + i, n, c, e) == 0)
			continue;
		return is_passing(c) ?
		    add_all(t->items + i, n, offenders, e) : -1;
	}
	if (pg_exec(c, "SET LOCAL lock_timeout = 0", e) != 0)
		return -1;
	return check_held(t, c, offenders, e);
}

int
lock_first(const struct lock_names *names, struct pg *c, const char *wait,
	struct err *e)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	size_t i;
	int rc;

	if (names->len == 0)
		return 0;
	if (wait != NULL) {
		buf_puts(&sql, "SET LOCAL lock_timeout = ");
		pg_put_literal(c, &sql, wait);
		buf_puts(&sql, "; ");
	}
	for (i = 0; i < names->len; i++)
		buf_printf(&sql, "%s ONLY %s", i == 0 ? "LOCK TABLE" : ",",
		    names->items[i]);
	buf_puts(&sql, " IN ACCESS SHARE MODE; SET LOCAL lock_timeout = 0");
	rc = buf_check(&sql, "a list of tables", e);
	if (rc == 0)
		rc = pg_exec(c, buf_text(&sql), e);
	buf_free(&sql);
	if (rc != 0 && !pg_failed_with(c, "55P03") && is_passing(c))
		return 1;
	return rc;
}

PGresult *
lock_fingerprints(const struct tables *t, struct pg *c, struct err *e)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	PGresult *r = NULL;

	buf_puts(&sql, "SELECT c.oid, pg_catalog.quote_ident(n.nspname) || "
	    "'.' || pg_catalog.quote_ident(c.relname), pg_catalog.concat_ws("
	    "' ', c.relfilenode, c.relkind, n.nspname, c.relname, "
	    "(SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', "
	    "a.attnum, a.attname, a.atttypid, a.atttypmod), ',' "
	    "ORDER BY a.attnum) FROM pg_catalog.pg_attribute a "
	    "WHERE a.attrelid = c.oid AND a.attnum > 0 AND "
	    "NOT a.attisdropped)) FROM pg_catalog.pg_class c "
	    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ");
	if (t != NULL) {
		buf_puts(&sql, "c.oid = ANY(");
		tables_put_oids(t, &sql);
		buf_puts(&sql, ")");
	} else
		buf_puts(&sql, "c.relkind IN ('r', 'p') AND "
		    "c.relpersistence <> 't' AND c.oid >= 16384");
	buf_puts(&sql, " ORDER BY c.oid");
	if (buf_check(&sql, "a query", e) == 0)
		r = pg_query(c, buf_text(&sql), e);
	buf_free(&sql);
	return r;
}

static uint64_t
oid_at(const PGresult *r, int row)
{
	uint64_t oid = 0;

	(void)num_parse_u64(PQgetvalue(r, row, 0), &oid);
	return oid;
}

int
lock_compare(const PGresult *before, const PGresult *after,
	struct lock_names *offenders, struct err *e)
{
	int i, j = 0, n = 0;

	for (i = 0; i < PQntuples(before); i++) {
		while (j < PQntuples(after) &&
		    oid_at(after, j) < oid_at(before, i))
			j++;
		if (j == PQntuples(after) ||
		    oid_at(after, j) != oid_at(before, i)) {
			n++;	/* gone: nothing to lock */
			continue;
		}
		if (strcmp(PQgetvalue(before, i, 2),
		    PQgetvalue(after, j, 2)) == 0)
			continue;
		n++;
		if (lock_names_add(offenders, PQgetvalue(after, j, 1), e) != 0)
			return -1;
	}
	return n;
}
