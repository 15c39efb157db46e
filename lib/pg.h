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
	const char *other;	/* the database to go to instead, by name */
	const char *tool;	/* as the server lists it; NULL: pgdumpz */
	bool never_ask;		/* -w of psql: so it is anyway */
};

/* How the kernel looks after it: seconds, seconds, and so many times. */
#define PG_KEEPALIVES_IDLE "60"
#define PG_KEEPALIVES_INTERVAL "30"
#define PG_KEEPALIVES_COUNT "8"

/*
 * A network that is lost ends it in some five minutes, and it is never idle for
 * a firewall, unless the user has set libpq's parameters for that.
 */
struct pg *pg_open(const struct pg_login *login, struct err *e);

/* Append the name of the database that login names; nothing without one. */
int pg_login_name(const struct pg_login *login, struct buf *out,
	struct err *e);
void pg_close(struct pg *c);	/* NULL is fine */

const char *pg_database(const struct pg *c);
int pg_server_version(const struct pg *c);	/* such as 150020 */
const char *pg_server_version_text(const struct pg *c);	/* such as "15.20" */

/*
 * Where a connection has ended up: one host out of a list, one address out of
 * a name's, so that whoever connects there finds the same server, which is
 * what an exported snapshot needs. Unchanging, so many threads may use it.
 */
struct pg_place;

struct pg_place *pg_place_new(const struct pg *c, struct err *e);
void pg_place_free(struct pg_place *p);
struct pg *pg_place_open(const struct pg_place *p, struct err *e);

/* From here on the place is another database of the same server. */
int pg_place_move(struct pg_place *p, const char *database, struct err *e);

/* As a conninfo string without any secret, for the argv of a child. */
int pg_place_conninfo(const struct pg_place *p, struct buf *out,
	struct err *e);
/*
 * Append what a child's environment needs: "PGPASSWORD=…", to be wiped, or
 * "PGPASSWORD", which unsets it, when no password was used.
 */
void pg_place_put_password(const struct pg_place *p, struct buf *out);

/*
 * Run one or more statements. pg_query() returns the last result, to free
 * with PQclear(), or NULL.
 */
PGresult *pg_query(struct pg *c, const char *sql, struct err *e);
int pg_exec(struct pg *c, const char *sql, struct err *e);

/* Did the last failure have this SQLSTATE ("55P03")? */
bool pg_failed_with(const struct pg *c, const char *state);

/* Append text as an SQL string literal, or as a quoted name. */
void pg_put_literal(struct pg *c, struct buf *out, const char *text);
void pg_put_name(struct pg *c, struct buf *out, const char *name);

/*
 * Send statements, then take their results one by one. A COPY must be read to
 * its end before the next step.
 */
enum pg_step { PG_FAILED = -1, PG_DONE = 0, PG_COPY, PG_RESULT };

int pg_send(struct pg *c, const char *sql, struct err *e);

/*
 * One statement, and a second one behind it is an error: for SQL with names
 * that come out of a file.
 */
PGresult *pg_query_one(struct pg *c, const char *sql, struct err *e);
int pg_send_one(struct pg *c, const char *sql, struct err *e);
/* *result (PG_RESULT only) is to free with PQclear(). */
enum pg_step pg_next(struct pg *c, PGresult **result, struct err *e);

/*
 * The next row of a COPY, its newline included; to free with PQfreemem().
 * Returns its length, 0 at the end, -1 on failure.
 */
int pg_copy_row(struct pg *c, char **row, struct err *e);

/*
 * COPY … FROM stdin: begin, put any bytes of it, end. The server's reason for a
 * failure may come with any of them.
 */
int pg_load_begin(struct pg *c, const char *sql, struct err *e);
int pg_load_put(struct pg *c, const char *data, size_t len, struct err *e);
int pg_load_end(struct pg *c, struct err *e);

/* Read and drop what is left of a row of statements that has failed. */
void pg_drain(struct pg *c);

/* Its process in the server. */
int pg_backend(const struct pg *c);

/*
 * Make the server give up the statement that runs on a connection, from
 * another thread; it fails with the state 57014.
 */
void pg_cancel(struct pg *c);

/*
 * Break a connection off from another thread: whoever waits for the server
 * on it gets an error at once, and the server stops. It can only be closed
 * after that.
 */
void pg_break(struct pg *c);

#endif
