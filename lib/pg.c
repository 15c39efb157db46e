/*
 * libpq reports failures in five ways, by paragraphs. Here they become one:
 * a line that says what is wrong, and a hint that says what to do.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "os.h"
#include "pg.h"
#include "pg_private.h"

#define CONNECTION_CHECK_VERSION 140000
#define LOGIN_COUNT 6
#define LOAD_STEP ((size_t)64 << 10)	/* bytes of a COPY message */

/* -- failures ----------------------------------------------------------- */

/* Paragraphs of a message become clauses of a line. */
static int
fail_text(struct err *e, const char *text)
{
	struct buf b = BUF_INIT(sizeof(e->text));
	size_t n;

	for (; *text != '\0'; text += n) {
		n = strcspn(text, "\r\n");
		if (b.len > 0 && n > 0)
			buf_puts(&b, "; ");
		buf_put(&b, text, n);
		n += strspn(text + n, "\r\n\t ");
	}
	(void)err_set(e, ERR_LOCAL, "%s", buf_text(&b));
	buf_free(&b);
	return -1;
}

static void
put_state_hint(struct err *e, const char *state)
{
	static const struct {
		const char *state, *hint;
	} hints[] = {
		{ "42501", "use a role that may do this: a superuser, or for "
		    "a dump one with GRANT pg_read_all_data TO it" },
		{ "53100", "free some space on the server" },
		{ "53200", "raise max_locks_per_transaction in "
		    "postgresql.conf, or dump fewer tables at a time" },
		{ "53300", "use fewer --jobs, or raise max_connections" },
		{ "40001", "on a standby, raise max_standby_streaming_delay "
		    "or set hot_standby_feedback" },
		{ "57P01", "see the server's log for who ended it" },
	};
	size_t i;

	for (i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (strcmp(hints[i].state, state) == 0)
			err_hint(e, "%s", hints[i].hint);
}

/* The server's last words, if any, come without a state. */
static int
fail_lost(struct err *e, const char *text)
{
	(void)fail_text(e, text);
	if (strstr(text, "conflict with recovery") != NULL)
		put_state_hint(e, "40001");
	return -1;
}

static int
fail_result(struct pg *c, const PGresult *r, struct err *e)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	const char *primary = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = PQresultErrorField(r, PG_DIAG_MESSAGE_DETAIL);

	if (primary == NULL)
		return fail_lost(e, PQerrorMessage(c->conn));
	(void)err_set(e, ERR_LOCAL, "%s%s%s", primary,
	    detail != NULL ? "; " : "", detail != NULL ? detail : "");
	if (state != NULL && strlen(state) == 5) {
		memcpy(c->state, state, 6);
		put_state_hint(e, state);
	}
	return -1;
}

bool
pg_failed_with(const struct pg *c, const char *state)
{
	return strcmp(c->state, state) == 0;
}

/* A connection that failed has no SQLSTATE; libpq knows about passwords. */
static int
fail_connect(const PGconn *conn, struct err *e)
{
	static const char other_user[] = "check the user (-U, PGUSER); the "
		"superuser, for example: sudo -u postgres";
	static const struct {
		const char *words, *hint;
	} hints[] = {
		{ "too many clients", "use fewer --jobs, or raise "
		    "max_connections" },
		{ "too many connections", "use fewer --jobs, or raise the "
		    "limit of the role or the database" },
		{ "connection slots", "use fewer --jobs, or raise "
		    "max_connections" },
		{ "permission denied for database", "grant the user CONNECT "
		    "on it" },
		{ "FATAL:  database ", "'psql -l' with the same options shows "
		    "which databases there are" },
		{ "FATAL:  role ", other_user },
		{ "Peer authentication", other_user },
		{ "pg_hba.conf", "let this user in, from here, by pg_hba.conf "
		    "on the server" },
	};
	const char *text = PQerrorMessage(conn);
	size_t i;

	(void)fail_text(e, text);
	if (PQconnectionNeedsPassword(conn))
		return err_hint(e, "put the password into ~/.pgpass (0600), "
		    "a service file, or PGPASSWORD");
	for (i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (strstr(text, hints[i].words) != NULL)
			return err_hint(e, "%s", hints[i].hint);
	if (PQconnectionUsedPassword(conn))
		return err_hint(e, "check user and password (~/.pgpass, "
		    "PGPASSWORD)");
	return err_hint(e, "check host and port (-h, -p, PGHOST, PGPORT) and "
	    "that the server runs");
}

/* -- opening ------------------------------------------------------------ */

/* The server's notices are for psql's users. */
static void
drop_notice(void *ctx, const PGresult *r)
{
	(void)ctx;
	(void)r;
}

struct pg *
pg_open_params(const char *const *keys, const char *const *values, bool is_text,
	struct err *e)
{
	struct pg *c = mem_new(1, sizeof(*c), e);

	if (c == NULL)
		return NULL;
	c->conn = PQconnectdbParams(keys, values, is_text);
	if (c->conn != NULL && PQstatus(c->conn) == CONNECTION_OK &&
	    (c->cancel = PQgetCancel(c->conn)) != NULL) {
		(void)PQsetNoticeReceiver(c->conn, drop_notice, NULL);
		return c;
	}
	if (c->conn != NULL && PQstatus(c->conn) != CONNECTION_OK)
		(void)fail_connect(c->conn, e);
	else
		err_set(e, ERR_LOCAL, "cannot connect for want of memory");
	pg_close(c);
	return NULL;
}

struct pg *
pg_open(const struct pg_login *login, struct err *e)
{
	/* of two databases the last one counts, and is a name only */
	const char *keys[LOGIN_COUNT + PG_ALIVE_COUNT + 1] = { "dbname",
		"host", "port", "user", "fallback_application_name",
		"dbname" };
	const char *values[LOGIN_COUNT + PG_ALIVE_COUNT + 1] = {
		login->database, login->host, login->port, login->user,
		login->tool != NULL ? login->tool : "pgdumpz", login->other };

	(void)pg_alive_put(keys, values,
	    login->other != NULL ? LOGIN_COUNT : LOGIN_COUNT - 1);
	return pg_open_params(keys, values, true, e);
}

/* libpq's own rule for what is no mere name. */
static bool
is_conninfo(const char *database)
{
	return strchr(database, '=') != NULL ||
	    strncmp(database, "postgresql://", 13) == 0 ||
	    strncmp(database, "postgres://", 11) == 0;
}

int
pg_login_name(const struct pg_login *login, struct buf *out, struct err *e)
{
	PQconninfoOption *all, *o;
	char *why = NULL;

	if (login->database == NULL)
		return 0;
	if (!is_conninfo(login->database)) {
		buf_puts(out, login->database);
		return buf_check(out, "the name of a database", e);
	}
	all = PQconninfoParse(login->database, &why);
	if (all == NULL) {
		(void)fail_text(e, why != NULL ? why : "no memory");
		PQfreemem(why);
		e->kind = ERR_USAGE;
		return -1;
	}
	for (o = all; o->keyword != NULL; o++)
		if (strcmp(o->keyword, "dbname") == 0 && o->val != NULL)
			buf_puts(out, o->val);
	PQconninfoFree(all);
	return buf_check(out, "the name of a database", e);
}

void
pg_close(struct pg *c)
{
	if (c == NULL)
		return;
	PQfreeCancel(c->cancel);
	PQfinish(c->conn);
	free(c);
}

const char *
pg_database(const struct pg *c)
{
	return PQdb(c->conn);
}

int
pg_server_version(const struct pg *c)
{
	return PQserverVersion(c->conn);
}

const char *
pg_server_version_text(const struct pg *c)
{
	const char *v = PQparameterStatus(c->conn, "server_version");

	return v != NULL ? v : "";
}

/* -- queries ------------------------------------------------------------ */

static bool
has_failed(const PGresult *r)
{
	ExecStatusType s = PQresultStatus(r);

	return s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK &&
	    s != PGRES_EMPTY_QUERY;
}

static PGresult *
pass_result(struct pg *c, PGresult *r, struct err *e)
{
	if (r != NULL && !has_failed(r))
		return r;
	(void)fail_result(c, r, e);
	PQclear(r);
	return NULL;
}

PGresult *
pg_query(struct pg *c, const char *sql, struct err *e)
{
	c->state[0] = '\0';
	return pass_result(c, PQexec(c->conn, sql), e);
}

/* The extended protocol has room for one statement only. */
PGresult *
pg_query_one(struct pg *c, const char *sql, struct err *e)
{
	c->state[0] = '\0';
	return pass_result(c, PQexecParams(c->conn, sql, 0, NULL, NULL, NULL,
	    NULL, 0), e);
}

int
pg_exec(struct pg *c, const char *sql, struct err *e)
{
	PGresult *r = pg_query(c, sql, e);

	PQclear(r);
	return r != NULL ? 0 : -1;
}

void
pg_put_literal(struct pg *c, struct buf *out, const char *text)
{
	char *quoted = PQescapeLiteral(c->conn, text, strlen(text));

	if (quoted == NULL)
		out->failed = true;
	else
		buf_puts(out, quoted);
	PQfreemem(quoted);
}

void
pg_put_name(struct pg *c, struct buf *out, const char *name)
{
	char *quoted = PQescapeIdentifier(c->conn, name, strlen(name));

	if (quoted == NULL)
		out->failed = true;
	else
		buf_puts(out, quoted);
	PQfreemem(quoted);
}

int
pg_send(struct pg *c, const char *sql, struct err *e)
{
	c->state[0] = '\0';
	if (PQsendQuery(c->conn, sql) == 1)
		return 0;
	return fail_text(e, PQerrorMessage(c->conn));
}

int
pg_send_one(struct pg *c, const char *sql, struct err *e)
{
	c->state[0] = '\0';
	if (PQsendQueryParams(c->conn, sql, 0, NULL, NULL, NULL, NULL, 0) == 1)
		return 0;
	return fail_text(e, PQerrorMessage(c->conn));
}

enum pg_step
pg_next(struct pg *c, PGresult **result, struct err *e)
{
	PGresult *r = PQgetResult(c->conn);

	*result = NULL;
	if (r == NULL)
		return PG_DONE;
	if (PQresultStatus(r) == PGRES_COPY_OUT) {
		PQclear(r);
		return PG_COPY;
	}
	if (has_failed(r)) {
		(void)fail_result(c, r, e);
		PQclear(r);
		return PG_FAILED;
	}
	*result = r;
	return PG_RESULT;
}

int
pg_copy_row(struct pg *c, char **row, struct err *e)
{
	int n = PQgetCopyData(c->conn, row, 0);

	if (n > 0)
		return n;
	if (n == -1)
		return 0;
	return fail_text(e, PQerrorMessage(c->conn));
}

int
pg_load_begin(struct pg *c, const char *sql, struct err *e)
{
	PGresult *r;
	bool is_copy;

	c->state[0] = '\0';
	r = PQexec(c->conn, sql);
	is_copy = PQresultStatus(r) == PGRES_COPY_IN;
	if (!is_copy)
		(void)fail_result(c, r, e);
	PQclear(r);
	return is_copy ? 0 : -1;
}

int
pg_load_put(struct pg *c, const char *data, size_t len, struct err *e)
{
	size_t n;

	for (; len > 0; data += n, len -= n) {
		n = len < LOAD_STEP ? len : LOAD_STEP;
		if (PQputCopyData(c->conn, data, (int)n) == 1)
			continue;
		/* the server has ended it, and tells why */
		if (pg_load_end(c, e) == 0)
			(void)fail_text(e, PQerrorMessage(c->conn));
		return -1;
	}
	return 0;
}

int
pg_load_end(struct pg *c, struct err *e)
{
	PGresult *r;
	int rc = 0;

	(void)PQputCopyEnd(c->conn, NULL);
	while ((r = PQgetResult(c->conn)) != NULL) {
		if (rc == 0 && has_failed(r))
			rc = fail_result(c, r, e);
		PQclear(r);
		if (PQstatus(c->conn) != CONNECTION_OK)
			break;
	}
	if (rc == 0 && PQstatus(c->conn) != CONNECTION_OK)
		rc = fail_text(e, PQerrorMessage(c->conn));
	return rc;
}

void
pg_drain(struct pg *c)
{
	PGresult *r;
	char *row;

	while ((r = PQgetResult(c->conn)) != NULL) {
		while (PQresultStatus(r) == PGRES_COPY_OUT &&
		    PQgetCopyData(c->conn, &row, 0) > 0)
			PQfreemem(row);
		PQclear(r);
		if (PQstatus(c->conn) != CONNECTION_OK)
			break;
	}
}

int
pg_backend(const struct pg *c)
{
	return PQbackendPID(c->conn);
}

void
pg_cancel(struct pg *c)
{
	char ignored[256];

	(void)PQcancel(c->cancel, ignored, sizeof(ignored));
}

/*
 * A server that is blocked in sending to us does not look for cancellations;
 * a reset of the connection, which is what closing without lingering means,
 * ends it at once. One that computes looks after us from PostgreSQL 14 on
 * (client_connection_check_interval); before, it has to be told
 * by a connection of its own.
 */
void
pg_break(struct pg *c)
{
	os_break_socket(PQsocket(c->conn));
	if (PQserverVersion(c->conn) < CONNECTION_CHECK_VERSION)
		pg_cancel(c);
}
