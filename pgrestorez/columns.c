/*
 * The server describes a result by the types below domains, which is what its
 * binary COPY reads. Enums have numbers of their own in each database.
 */
#include <string.h>

#include "columns.h"
#include "copyhead.h"

#define SQL_MAX ((size_t)8 << 20)	/* two lists of 1600 long names */
#define FIRST_OWN_TYPE 16384		/* FirstNormalObjectId */

/* Partitions and children would be locked, all of them, but for ONLY. */
static int
put_select(struct buf *sql, const char *copy)
{
	struct copyhead h;

	if (copyhead_scan(&h, copy, strlen(copy)) <= 0 || h.columns_len == 0)
		return -1;
	buf_puts(sql, "SELECT ");
	buf_put(sql, h.columns, h.columns_len);
	buf_puts(sql, " FROM ONLY ");
	buf_put(sql, h.table, h.table_len);
	buf_puts(sql, " LIMIT 0");
	return sql->failed ? -1 : 0;
}

static bool
is_enum(struct pg *c, Oid type)
{
	char sql[128];
	struct err ignored;
	PGresult *r;
	bool is;

	if (type < FIRST_OWN_TYPE)
		return false;
	(void)snprintf(sql, sizeof(sql), "SELECT FROM pg_catalog.pg_type "
	    "WHERE oid = %u AND typtype = 'e'", type);
	r = pg_query(c, sql, &ignored);
	is = r != NULL && PQntuples(r) == 1;
	PQclear(r);
	return is;
}

size_t
columns_ask(struct pg *c, const char *copy, binvalue_put *put[COLUMNS_MAX])
{
	struct buf sql = BUF_INIT(SQL_MAX);
	struct err ignored;
	PGresult *r = NULL;
	int i, n = 0;

	if (pg_server_version(c) >= BINVALUE_SERVER &&
	    put_select(&sql, copy) == 0)
		r = pg_query_one(c, buf_text(&sql), &ignored);
	if (r != NULL && PQnfields(r) <= COLUMNS_MAX)
		n = PQnfields(r);
	for (i = 0; i < n; i++) {
		put[i] = binvalue_find(PQftype(r, i));
		if (put[i] == NULL && is_enum(c, PQftype(r, i)))
			put[i] = binvalue_text;
		if (put[i] == NULL)
			n = 0;
	}
	PQclear(r);
	buf_free(&sql);
	return (size_t)n;
}
