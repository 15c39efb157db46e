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
