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

/* is_text: dbname may be a URI or a conninfo string. */
struct pg *pg_open_params(const char *const *keys, const char *const *values,
	bool is_text, struct err *e);

#endif
