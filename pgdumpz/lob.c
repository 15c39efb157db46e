/*
 * Read by functions that everybody may call on objects of their own, since
 * pg_largeobject itself is for superusers only. A page is larger than the
 * server's, because each is a statement to be run at a restore.
 */
#include <stdlib.h>
#include <string.h>

#include "copysql.h"
#include "lob.h"
#include "mem.h"
#include "num.h"

#define GROUP "100"

int
lob_plan(struct pg *c, struct plan_lobs **lobs, size_t *n, uint64_t *total,
	struct err *e)
{
	uint64_t first, last, all = 0;
	PGresult *r = pg_query(c, "SELECT pg_catalog.min(oid), "
	    "pg_catalog.max(oid), pg_catalog.count(*), pg_catalog."
	    "pg_relation_size('pg_catalog.pg_largeobject') FROM (SELECT oid, "
	    "(pg_catalog.row_number() OVER (ORDER BY oid) - 1) / " GROUP
	    " AS g FROM pg_catalog.pg_largeobject_metadata) x GROUP BY g", e);
	int i;

	*n = 0;
	*total = 0;
	*lobs = NULL;
	if (r == NULL)
		return -1;
	*lobs = mem_new((size_t)PQntuples(r), sizeof(**lobs), e);
	for (i = 0; *lobs != NULL && i < PQntuples(r); i++) {
		struct plan_lobs *l = &(*lobs)[i];

		if (num_parse_u64(PQgetvalue(r, i, 0), &first) != 0 ||
		    num_parse_u64(PQgetvalue(r, i, 1), &last) != 0 ||
		    num_parse_u64(PQgetvalue(r, i, 2), &l->count) != 0 ||
		    num_parse_u64(PQgetvalue(r, i, 3), &all) != 0)
			continue;
		l->first = (uint32_t)first;
		l->last = (uint32_t)last;
		*total += l->count;
		(*n)++;
	}
	for (i = 0; i < (int)*n; i++)
		(*lobs)[i].size = (uint64_t)((double)all / (double)*total *
		    (double)(*lobs)[i].count);
	PQclear(r);
	return *lobs != NULL ? 0 : -1;
}

int
lob_add(struct member *m, const char *row, size_t len, struct rowsum *sum,
	struct err *e)
{
	const char *at = memchr(row, '\t', len), *hex;
	struct buf sql = BUF_INIT(4 * COPYSQL_PAGE);
	struct rowsum page = { 0 };
	uint64_t oid, offset;
	size_t n;
	int rc;

	hex = at == NULL ? NULL : memchr(at + 1, '\t',
	    len - (size_t)(at + 1 - row));
	if (hex == NULL || row[len - 1] != '\n' ||
	    num_parse_u64_len(row, (size_t)(at - row), &oid) != 0 ||
	    num_parse_u64_len(at + 1, (size_t)(hex - at - 1), &offset) != 0)
		return err_set(e, ERR_LOCAL, "cannot understand a page of a "
		    "large object");
	hex++;
	n = len - (size_t)(hex - row) - 1;
	/* E: whatever standard_conforming_strings the dump has set */
	buf_printf(&sql, "SELECT pg_catalog.lo_put(%llu, %llu, E'\\\\x",
	    (unsigned long long)oid, (unsigned long long)offset);
	buf_put(&sql, hex, n);
	buf_puts(&sql, "');\n");
	rc = buf_check(&sql, "a page of a large object", e);
	if (rc == 0)
		rc = member_add(m, sql.data, sql.len, e);
	rowsum_add(&page, row, len - 1);
	sum->rows++;
	sum->bytes += n / 2;
	sum->digest += page.digest;
	buf_free(&sql);
	return rc;
}
