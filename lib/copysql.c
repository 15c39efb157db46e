/*
 * A plain COPY is the fastest, and can read nothing but all rows of a table
 * itself.
 */
#include "copysql.h"

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
		buf_printf(sql, "WHERE ctid >= '(%llu,0)'::pg_catalog.tid",
		    (unsigned long long)what->first);
	if (what->is_range && what->end != 0)
		buf_printf(sql, " AND ctid < '(%llu,0)'::pg_catalog.tid",
		    (unsigned long long)what->end);
	buf_puts(sql, ") TO STDOUT; ");
}
