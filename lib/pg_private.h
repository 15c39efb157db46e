/*
 * Shared by the files of pg.
 */
#ifndef PG_PRIVATE_H
#define PG_PRIVATE_H

#include "pg.h"

struct pg {
	PGconn *conn;
	PGcancel *cancel;
	char state[6];		/* SQLSTATE of the last failure */
};

/*
 * Append to a list of n parameters, of which dbname may be a URI or a conninfo
 * string, what ends a connection over a dead network, unless the user has set
 * it. There is room for PG_ALIVE_COUNT more, and NULL behind them. Returns how
 * many there are then.
 */
#define PG_ALIVE_COUNT 4
#define PG_USER_TIMEOUT "300000"

size_t pg_alive_put(const char **keys, const char **values, size_t n);

/* is_text: dbname may be a URI or a conninfo string. */
struct pg *pg_open_params(const char *const *keys, const char *const *values,
	bool is_text, struct err *e);

#endif
