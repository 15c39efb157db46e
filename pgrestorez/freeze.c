/*
 * A table may have rows before any are loaded: those of an extension. It is
 * locked, so what it was found to be it is until TRUNCATE gives it a new file.
 */
#include <string.h>

#include "copyhead.h"
#include "freeze.h"

/* Run a statement on the table; returns its number of rows, or -1. */
static int
on_table(struct pg *c, const struct copyhead *h, const char *before,
	const char *after)
{
	struct buf sql = BUF_INIT(COPYHEAD_MAX + 64);
	struct err ignored;
	PGresult *r = NULL;
	int rows = -1;

	buf_puts(&sql, before);
	buf_put(&sql, h->table, h->table_len);
	buf_puts(&sql, after);
	if (!sql.failed)
		r = pg_query_one(c, buf_text(&sql), &ignored);
	if (r != NULL)
		rows = PQntuples(r);
	PQclear(r);
	buf_free(&sql);
	return rows;
}

bool
freeze_begin(struct pg *c, const char *copy)
{
	struct copyhead h;
	struct err ignored;

	if (copyhead_scan(&h, copy, strlen(copy)) <= 0 ||
	    pg_exec(c, "BEGIN", &ignored) != 0)
		return false;
	if (on_table(c, &h, "LOCK TABLE ONLY ", " NOWAIT") == 0 &&
	    on_table(c, &h, "SELECT FROM ONLY ", " LIMIT 1") == 0 &&
	    on_table(c, &h, "TRUNCATE ONLY ", "") == 0)
		return true;
	(void)pg_exec(c, "ROLLBACK", &ignored);
	return false;
}

int
freeze_end(struct pg *c, struct err *e)
{
	return pg_exec(c, "COMMIT", e);
}
