/*
 * libpq reports failures in five ways, by paragraphs. Here they become one:
 * a line that says what is wrong, and a hint that says what to do.
 */
#include <sys/socket.h>

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "pg.h"

#define CONNINFO_MAX (64 * 1024)
#define CONNECTION_CHECK_VERSION 140000

struct pg {
	PGconn *conn;
	PGcancel *cancel;
	char state[6];		/* SQLSTATE of the last failure */
};

struct pg_place {
	char **keys, **values;	/* NULL at their ends */
	char *password;		/* borrowed from values */
};

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
		{ "42501", "dump as a role that may read everything: a "
		    "superuser, or GRANT pg_read_all_data TO it" },
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

static int
fail_result(struct pg *c, const PGresult *r, struct err *e)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	const char *primary = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = PQresultErrorField(r, PG_DIAG_MESSAGE_DETAIL);

	if (primary == NULL)
		return fail_text(e, PQerrorMessage(c->conn));
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
	const char *text = PQerrorMessage(conn);

	(void)fail_text(e, text);
	if (PQconnectionNeedsPassword(conn))
		return err_hint(e, "put the password into ~/.pgpass (0600), "
		    "a service file, or PGPASSWORD");
	if (PQconnectionUsedPassword(conn))
		return err_hint(e, "check user and password (~/.pgpass, "
		    "PGPASSWORD)");
	if (strstr(text, "too many clients") != NULL ||
	    strstr(text, "connection slots") != NULL)
		return err_hint(e, "use fewer --jobs, or raise "
		    "max_connections");
	if (strstr(text, "FATAL") != NULL)
		return err_hint(e, "'psql -l' with the same options shows "
		    "which databases there are");
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

/* is_text: dbname may be a URI or a conninfo string. */
static struct pg *
open_params(const char *const *keys, const char *const *values, bool is_text,
	struct err *e)
{
	struct pg *c = mem_new(1, sizeof(*c), e);

	if (c == NULL)
		return NULL;
	c->conn = PQconnectdbParams(keys, values, is_text);
	if (c->conn == NULL)
		err_set(e, ERR_LOCAL, "cannot connect for want of memory");
	else if (PQstatus(c->conn) != CONNECTION_OK)
		(void)fail_connect(c->conn, e);
	else if ((c->cancel = PQgetCancel(c->conn)) == NULL)
		err_set(e, ERR_LOCAL, "cannot connect for want of memory");
	else {
		(void)PQsetNoticeReceiver(c->conn, drop_notice, NULL);
		return c;
	}
	pg_close(c);
	return NULL;
}

struct pg *
pg_open(const struct pg_login *login, struct err *e)
{
	const char *keys[] = { "dbname", "host", "port", "user",
		"fallback_application_name", NULL };
	const char *values[] = { login->database, login->host, login->port,
		login->user, "pgdumpz", NULL };

	return open_params(keys, values, true, e);
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

/* -- places ------------------------------------------------------------- */

/* What the connection came to, where that differs from what was asked. */
static const char *
effective(const struct pg *c, const PQconninfoOption *o)
{
	static const char *const not_passed[] = { "replication", "passfile",
		"client_encoding", "load_balance_hosts", NULL };
	size_t i;

	for (i = 0; not_passed[i] != NULL; i++)
		if (strcmp(o->keyword, not_passed[i]) == 0)
			return NULL;
	if (strcmp(o->keyword, "host") == 0)
		return PQhost(c->conn);
	if (strcmp(o->keyword, "hostaddr") == 0)
		return PQhostaddr(c->conn);
	if (strcmp(o->keyword, "port") == 0)
		return PQport(c->conn);
	if (strcmp(o->keyword, "dbname") == 0)
		return PQdb(c->conn);
	if (strcmp(o->keyword, "user") == 0)
		return PQuser(c->conn);
	if (strcmp(o->keyword, "password") == 0)
		return PQpass(c->conn);
	return o->val;
}

/*
 * A value that is the built-in default is left out, since the libpq of a child
 * may be older and not know the keyword; not so when a variable of the
 * environment would take its place.
 */
static bool
is_needed(const PQconninfoOption *o, const char *value)
{
	if (value == NULL || *value == '\0')
		return false;
	return o->compiled == NULL || strcmp(o->compiled, value) != 0 ||
	    (o->envvar != NULL && getenv(o->envvar) != NULL);
}

static int
fill_place(struct pg_place *p, const struct pg *c,
	const PQconninfoOption *options, struct err *e)
{
	const PQconninfoOption *o;
	const char *value;
	size_t n = 0;

	for (o = options; o->keyword != NULL; o++) {
		value = effective(c, o);
		if (!is_needed(o, value))
			continue;
		if ((p->keys[n] = mem_dup(o->keyword, e)) == NULL ||
		    (p->values[n] = mem_dup(value, e)) == NULL)
			return -1;
		if (strcmp(o->keyword, "password") == 0)
			p->password = p->values[n];
		n++;
	}
	return 0;
}

struct pg_place *
pg_place_new(const struct pg *c, struct err *e)
{
	PQconninfoOption *options = PQconninfo(c->conn);
	struct pg_place *p = NULL;
	size_t n = 0;

	if (options == NULL) {
		err_set(e, ERR_LOCAL, "no memory for connection options");
		return NULL;
	}
	while (options[n].keyword != NULL)
		n++;
	if ((p = mem_new(1, sizeof(*p), e)) == NULL ||
	    (p->keys = mem_new(n + 1, sizeof(*p->keys), e)) == NULL ||
	    (p->values = mem_new(n + 1, sizeof(*p->values), e)) == NULL ||
	    fill_place(p, c, options, e) != 0) {
		pg_place_free(p);
		p = NULL;
	}
	PQconninfoFree(options);
	return p;
}

void
pg_place_free(struct pg_place *p)
{
	size_t i;

	if (p == NULL)
		return;
	for (i = 0; p->keys != NULL && p->keys[i] != NULL; i++) {
		free(p->keys[i]);
		if (p->values != NULL)
			mem_free_secret(p->values[i]);
	}
	free(p->keys);
	free(p->values);
	free(p);
}

struct pg *
pg_place_open(const struct pg_place *p, struct err *e)
{
	/* a database's name that looks like a URI must not become one */
	return open_params((const char *const *)p->keys,
	    (const char *const *)p->values, false, e);
}

static bool
is_secret(const char *key)
{
	return strstr(key, "password") != NULL ||
	    strstr(key, "secret") != NULL || strncmp(key, "scram_", 6) == 0;
}

int
pg_place_conninfo(const struct pg_place *p, struct buf *out, struct err *e)
{
	const char *v;
	size_t i;

	for (i = 0; p->keys[i] != NULL; i++) {
		if (is_secret(p->keys[i]))
			continue;
		buf_printf(out, "%s%s='", i > 0 ? " " : "", p->keys[i]);
		for (v = p->values[i]; *v != '\0'; v++) {
			if (*v == '\'' || *v == '\\')
				buf_putc(out, '\\');
			buf_putc(out, *v);
		}
		buf_putc(out, '\'');
	}
	return buf_check(out, "a connection string", e);
}

const char *
pg_place_password(const struct pg_place *p)
{
	return p->password != NULL ? p->password : "";
}

/* -- queries ------------------------------------------------------------ */

static bool
has_failed(const PGresult *r)
{
	ExecStatusType s = PQresultStatus(r);

	return s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK &&
	    s != PGRES_EMPTY_QUERY;
}

PGresult *
pg_query(struct pg *c, const char *sql, struct err *e)
{
	PGresult *r;

	c->state[0] = '\0';
	r = PQexec(c->conn, sql);
	if (r != NULL && !has_failed(r))
		return r;
	(void)fail_result(c, r, e);
	PQclear(r);
	return NULL;
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

int
pg_send(struct pg *c, const char *sql, struct err *e)
{
	c->state[0] = '\0';
	if (PQsendQuery(c->conn, sql) == 1)
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
	const struct linger at_once = { 1, 0 };
	char ignored[256];

	(void)setsockopt(PQsocket(c->conn), SOL_SOCKET, SO_LINGER, &at_once,
	    sizeof(at_once));
	(void)shutdown(PQsocket(c->conn), SHUT_RDWR);
	if (PQserverVersion(c->conn) < CONNECTION_CHECK_VERSION)
		(void)PQcancel(c->cancel, ignored, sizeof(ignored));
}
