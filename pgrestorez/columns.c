/*
 * The server describes a result by the types below domains, which is what its
 * binary COPY reads. Enums have numbers of their own in each database.
 */
#include <string.h>

#include "columns.h"

#define SQL_MAX ((size_t)8 << 20)	/* two lists of 1600 long names */
#define FIRST_OWN_TYPE 16384		/* FirstNormalObjectId */

/* "SELECT columns FROM table LIMIT 0". */
static int
put_select(struct buf *sql, const char *copy)
{
	const char *name = copy + strlen("COPY "), *list, *end = NULL, *at;
	bool quoted = false;

	for (list = name; *list != '\0' && (quoted || *list != '('); list++)
		if (*list == '"')
			quoted = !quoted;
	for (at = list; *at != '\0'; at++)
		if (*at == ')')
			end = at;
	if (end == NULL || end == list + 1)
		return -1;
	buf_puts(sql, "SELECT ");
	buf_put(sql, list + 1, (size_t)(end - list - 1));
	buf_puts(sql, " FROM ");
	buf_put(sql, name, (size_t)(list - name));
	buf_puts(sql, "LIMIT 0");
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

	if (put_select(&sql, copy) == 0)
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
