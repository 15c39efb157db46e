/*
 * Connections to PostgreSQL, on libpq: opened, opened again at the very same
 * server, queried, read from with COPY, broken off from another thread.
 * Messages of the server become a struct err with a hint.
 */
#ifndef PG_H
#define PG_H

#include <stdbool.h>
#include <stddef.h>

#include <libpq-fe.h>

#include "buf.h"
#include "err.h"

struct pg;

/* What a user says about the connection; NULL: libpq's own default. */
struct pg_login {
	const char *database;	/* a name, a URI, or a conninfo string */
	const char *host, *port, *user;
};

struct pg *pg_open(const struct pg_login *login, struct err *e);
void pg_close(struct pg *c);	/* NULL is fine */

const char *pg_database(const struct pg *c);
int pg_server_version(const struct pg *c);	/* such as 150020 */

/*
 * Where a connection has ended up: one host out of a list, one address out of
 * a name's, so that whoever connects there finds the same server, which is
 * what an exported snapshot needs. Unchanging, so many threads may use it.
 */
struct pg_place;

struct pg_place *pg_place_new(const struct pg *c, struct err *e);
void pg_place_free(struct pg_place *p);
struct pg *pg_place_open(const struct pg_place *p, struct err *e);

/* As a conninfo string without any secret, for the argv of a child. */
int pg_place_conninfo(const struct pg_place *p, struct buf *out,
	struct err *e);
/* For the environment of a child; "" when none was used. Borrowed. */
const char *pg_place_password(const struct pg_place *p);

/*
 * Run one or more statements. pg_query() returns the last result, to free
 * with PQclear(), or NULL.
 */
PGresult *pg_query(struct pg *c, const char *sql, struct err *e);
int pg_exec(struct pg *c, const char *sql, struct err *e);

/* Did the last failure have this SQLSTATE ("55P03")? */
bool pg_failed_with(const struct pg *c, const char *state);

/* Append text as an SQL string literal. */
void pg_put_literal(struct pg *c, struct buf *out, const char *text);

/*
 * Send statements, then take their results one by one. A COPY must be read to
 * its end before the next step.
 */
enum pg_step { PG_FAILED = -1, PG_DONE = 0, PG_COPY, PG_RESULT };

int pg_send(struct pg *c, const char *sql, struct err *e);
/* *result (PG_RESULT only) is to free with PQclear(). */
enum pg_step pg_next(struct pg *c, PGresult **result, struct err *e);

/*
 * The next row of a COPY, its newline included; to free with PQfreemem().
 * Returns its length, 0 at the end, -1 on failure.
 */
int pg_copy_row(struct pg *c, char **row, struct err *e);

/* Read and drop what is left of a row of statements that has failed. */
void pg_drain(struct pg *c);

/*
 * Break a connection off from another thread: whoever waits for the server
 * on it gets an error at once, and the server stops. It can only be closed
 * after that.
 */
void pg_break(struct pg *c);

#endif
