/*
 * A plain COPY is the fastest, and can read nothing but all rows of a table
 * itself.
 */
#include "copysql.h"

static void
put_place(struct buf *sql, const char *compare, uint64_t at)
{
	buf_printf(sql, "%s '(%llu,%u)'::pg_catalog.tid", compare,
	    (unsigned long long)(at >> 16), (unsigned)(at & 0xffff));
}

void
copysql_put(struct buf *sql, const struct copysql *what)
{
	const char *columns = what->columns;

	if (!what->is_range && !what->has_parts && what->condition == NULL) {
		buf_printf(sql, *columns != '\0' ? "COPY %s (%s) TO STDOUT; " :
		    "COPY %s %s TO STDOUT; ", what->table, columns);
		return;
	}
	buf_printf(sql, "COPY (SELECT %s FROM %s%s ", columns,
	    what->has_parts ? "" : "ONLY ", what->table);
	if (what->condition != NULL)
		buf_puts(sql, what->condition);
	else if (what->is_range)
		put_place(sql, "WHERE ctid >=", what->first);
	if (what->is_range && what->end != 0)
		put_place(sql, " AND ctid <", what->end);
	buf_puts(sql, ") TO STDOUT; ");
}

/* 262144 is INV_READ; 2 is SEEK_END. */
void
copysql_put_lobs(struct buf *sql, uint32_t first, uint32_t last)
{
	buf_printf(sql, "COPY (SELECT o.oid, p.at, pg_catalog.encode("
	    "pg_catalog.lo_get(o.oid, p.at, %d), 'hex') FROM (SELECT oid, "
	    "pg_catalog.lo_lseek64(pg_catalog.lo_open(oid, 262144), 0, 2) "
	    "AS size FROM pg_catalog.pg_largeobject_metadata "
	    "WHERE oid BETWEEN %lu AND %lu OFFSET 0) o, LATERAL "
	    "pg_catalog.generate_series(0, o.size - 1, %d) p(at)) "
	    "TO STDOUT; ", COPYSQL_PAGE, (unsigned long)first,
	    (unsigned long)last, COPYSQL_PAGE);
}
