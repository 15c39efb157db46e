/*
 * A row's pointers into TOAST hold the sizes of what they point to, so the
 * server can tell where a table's bytes are without reading them.
 */
#include <string.h>

#include "copysql.h"
#include "cuts.h"
#include "mem.h"
#include "num.h"
#include "plan.h"

#define SQL_MAX ((size_t)1 << 20)

static void
put_query(struct buf *sql, struct pg *c, const struct table *t)
{
	size_t i;

	buf_printf(sql, "SELECT pg_catalog.min(ctid) FROM (SELECT ctid, "
	    "pg_catalog.floor(%zu * (pg_catalog.sum(w) OVER (ORDER BY ctid) "
	    "- w) / pg_catalog.sum(w) OVER ()) AS part "
	    "FROM (SELECT ctid, 1::pg_catalog.int8", plan_ranges(t));
	for (i = 0; i < t->ncolumns; i++) {
		buf_puts(sql, " + coalesce(pg_catalog.pg_column_size(");
		pg_put_name(c, sql, t->columns[i]);
		buf_puts(sql, "), 0)");
	}
	buf_printf(sql, " AS w FROM ONLY %s) r) p GROUP BY part "
	    "ORDER BY part OFFSET 1", t->sql);
}

/* "(12,3)" */
static int
parse_tid(const char *text, uint64_t *at, struct err *e)
{
	const char *comma = strchr(text, ',');
	uint64_t block, row;

	if (*text != '(' || comma == NULL ||
	    num_parse_u64_len(text + 1, (size_t)(comma - text - 1),
	    &block) != 0 ||
	    num_parse_u64_len(comma + 1, strcspn(comma + 1, ")"), &row) != 0)
		return err_set(e, ERR_LOCAL, "cannot understand the server's "
		    "row identifier '%s'", text);
	*at = COPYSQL_AT(block, row);
	return 0;
}

static int
take_cuts(struct table *t, const PGresult *r, struct err *e)
{
	size_t n = (size_t)PQntuples(r), i;

	if (n == 0)
		return 0;
	if ((t->cuts = mem_new(n, sizeof(*t->cuts), e)) == NULL)
		return -1;
	for (i = 0; i < n; i++)
		if (parse_tid(PQgetvalue(r, (int)i, 0), &t->cuts[i], e) != 0)
			return -1;
	t->ncuts = n;
	return 0;
}

static int
load(struct table *t, struct pg *c, struct err *e)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	PGresult *r = NULL;
	int rc;

	put_query(&sql, c, t);
	rc = buf_check(&sql, "a query", e);
	if (rc == 0)
		rc = (r = pg_query(c, buf_text(&sql), e)) == NULL ? -1 :
		    take_cuts(t, r, e);
	PQclear(r);
	buf_free(&sql);
	return rc == 0 ? 0 : err_context(e, "cannot measure the table %s",
	    t->sql);
}

int
cuts_load(struct tables *t, struct pg *c, struct err *e)
{
	size_t i;

	if (pg_server_version(c) < PLAN_RANGES_SINCE)
		return 0;
	for (i = 0; i < t->len; i++)
		if (plan_ranges(&t->items[i]) > t->items[i].blocks &&
		    plan_ranges(&t->items[i]) > 1 &&
		    load(&t->items[i], c, e) != 0)
			return -1;
	return 0;
}
