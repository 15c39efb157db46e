/*
 * One query for all tables, of a list of their names and numbers.
 */
#include <string.h>

#include "measure.h"
#include "num.h"

#define SQL_MAX ((size_t)256 << 20)
#define RANGES_SINCE 140000	/* TID range scans */

/* "(0, 'name'), (1, 'name')": there is one at least. */
static void
put_names(const struct expect *x, struct pg *c, struct buf *sql)
{
	size_t i;

	for (i = 0; i < x->len; i++) {
		buf_printf(sql, "%s(%zu, ", i > 0 ? ", " : "", i);
		pg_put_literal(c, sql, x->tables[i].name);
		buf_putc(sql, ')');
	}
}

/* "before NAMES after"; each row is the number of a table, and a value. */
static PGresult *
ask(const struct expect *x, struct pg *c, const char *before,
	const char *after, struct err *e)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	PGresult *r = NULL;

	buf_puts(&sql, before);
	put_names(x, c, &sql);
	buf_puts(&sql, after);
	if (buf_check(&sql, "a query", e) == 0)
		r = pg_query(c, buf_text(&sql), e);
	buf_free(&sql);
	return r;
}

static struct expect_table *
table_of(const struct expect *x, const PGresult *r, int row)
{
	uint64_t i;

	if (num_parse_u64(PQgetvalue(r, row, 0), &i) != 0 || i >= x->len)
		return NULL;
	return &x->tables[i];
}

int
measure_roots(struct expect *x, struct pg *c, struct err *e)
{
	struct expect_table *t, *root;
	PGresult *r;
	uint64_t n;
	int row;

	if (x->len == 0)
		return 0;
	r = ask(x, c, "WITH RECURSIVE v(i, name) AS (VALUES ", "), "
	    "up(i, at) AS (SELECT i, pg_catalog.to_regclass(name)::"
	    "pg_catalog.oid FROM v UNION ALL SELECT up.i, h.inhparent FROM up "
	    "JOIN pg_catalog.pg_class c ON c.oid = up.at AND c.relispartition "
	    "JOIN pg_catalog.pg_inherits h ON h.inhrelid = up.at) "
	    "SELECT up.i, w.i FROM up JOIN v w ON w.i <> up.i AND "
	    "pg_catalog.to_regclass(w.name)::pg_catalog.oid = up.at", e);
	if (r == NULL)
		return -1;
	for (row = 0; row < PQntuples(r); row++) {
		t = table_of(x, r, row);
		if (t == NULL || num_parse_u64(PQgetvalue(r, row, 1), &n) !=
		    0 || n >= x->len || !(root = &x->tables[n])->has_parts)
			continue;
		rowsum_merge(&root->want, &t->want);
		root->mixed |= strcmp(root->columns, t->columns) != 0;
	}
	PQclear(r);
	return 0;
}

int
measure_blocks(struct expect *x, struct pg *c, struct err *e)
{
	struct expect_table *t;
	PGresult *r;
	int row;

	if (x->len == 0 || pg_server_version(c) < RANGES_SINCE)
		return 0;
	r = ask(x, c, "SELECT v.i, pg_catalog.pg_relation_size(c.oid) / "
	    "pg_catalog.current_setting('block_size')::pg_catalog.int8 "
	    "FROM (VALUES ", ") v(i, name) JOIN pg_catalog.pg_class c "
	    "ON c.oid = pg_catalog.to_regclass(v.name) "
	    "JOIN pg_catalog.pg_am m ON m.oid = c.relam "
	    "WHERE c.relkind = 'r' AND m.amname = 'heap'", e);
	if (r == NULL)
		return -1;
	for (row = 0; row < PQntuples(r); row++)
		if ((t = table_of(x, r, row)) != NULL && !t->has_parts &&
		    t->condition == NULL)
			(void)num_parse_u64(PQgetvalue(r, row, 1), &t->blocks);
	PQclear(r);
	return 0;
}

/*
 * The types that a change of version 12 or 16 is about: the shortest digits of
 * floating-point numbers, and a "char" beyond ASCII.
 */
static const char *
changed_types(int from, int to)
{
	int low = from < to ? from : to, high = from < to ? to : from;
	bool floats = low < 120000 && high >= 120000;
	bool chars = low < 160000 && high >= 160000;

	return floats && chars ?
	    "700, 701, 600, 601, 602, 603, 604, 628, 718, 18" :
	    floats ? "700, 701, 600, 601, 602, 603, 604, 628, 718" :
	    chars ? "18" : NULL;
}

int
measure_types(struct expect *x, struct pg *c, int from, struct err *e)
{
	const char *types = changed_types(from, pg_server_version(c));
	struct expect_table *t;
	char after[1024];
	PGresult *r;
	int row;

	if (types == NULL || x->len == 0)
		return 0;
	/* name (19) is an array of "char" in name only */
	(void)snprintf(after, sizeof(after), "), "
	    "parts(i, type) AS (SELECT v.i, a.atttypid FROM v "
	    "JOIN pg_catalog.pg_attribute a "
	    "ON a.attrelid = pg_catalog.to_regclass(v.name) "
	    "WHERE a.attnum > 0 AND NOT a.attisdropped "
	    "UNION SELECT w.i, s.type FROM parts w "
	    "JOIN pg_catalog.pg_type y ON y.oid = w.type AND y.oid <> 19, "
	    "LATERAL (SELECT y.typbasetype UNION ALL SELECT y.typelem "
	    "UNION ALL SELECT g.rngsubtype FROM pg_catalog.pg_range g "
	    "WHERE g.rngtypid = y.oid "
	    "UNION ALL SELECT b.atttypid FROM pg_catalog.pg_attribute b "
	    "WHERE b.attrelid = y.typrelid AND b.attnum > 0) s(type) "
	    "WHERE s.type <> 0) "
	    "SELECT DISTINCT i FROM parts WHERE type IN (%s)", types);
	r = ask(x, c, "WITH RECURSIVE v(i, name) AS (VALUES ", after, e);
	if (r == NULL)
		return -1;
	for (row = 0; row < PQntuples(r); row++)
		if ((t = table_of(x, r, row)) != NULL)
			t->vague = true;
	PQclear(r);
	return 0;
}
