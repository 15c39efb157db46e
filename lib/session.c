/*
 * Databases and roles can have settings of their own (ALTER DATABASE … SET),
 * so nothing is left to a default. Names that a server doesn't know are passed
 * over by joining with pg_settings.
 */
#include <string.h>

#include "num.h"
#include "session.h"

#define SETTINGS_MAX 4096
#define CONNECTION_CHECK "2s"

static const struct {
	const char *name, *value;
	bool for_loader;	/* written down in the manifest */
} settings[] = {
	{ "TimeZone", "UTC", true },
	{ "DateStyle", "ISO, YMD", true },
	{ "IntervalStyle", "postgres", true },
	{ "extra_float_digits", "3", true },
	{ "bytea_output", "hex", true },
	{ "xmloption", "content", true },
	{ "search_path", "", true },
	{ "statement_timeout", "0", false },
	{ "lock_timeout", "0", false },
	{ "idle_in_transaction_session_timeout", "0", false },
	{ "idle_session_timeout", "0", false },
	{ "transaction_timeout", "0", false },
	{ "synchronize_seqscans", "off", false },
	/* ctid ranges are read by this plan, in one process, or slowly */
	{ "enable_tidscan", "on", false },
	{ "jit", "off", false },
	{ "max_parallel_workers_per_gather", "0", false },
};

/* Of a session that reads, see its documentation: no code of views runs. */
static const char reads_only[] =
	"('restrict_nonsystem_relation_kind', 'view, foreign-table'), ";
static const char loads_only[] =
	"('default_transaction_isolation', 'read committed'), ";

#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

static int
apply(struct pg *c, const struct session *how, struct err *e)
{
	struct buf sql = BUF_INIT(SETTINGS_MAX);
	size_t i;
	int rc;

	buf_puts(&sql, "SELECT pg_catalog.set_config(s.name, v.value, false) "
	    "FROM (VALUES ");
	for (i = 0; i < SETTINGS; i++)
		buf_printf(&sql, "('%s', '%s'), ", settings[i].name,
		    settings[i].value);
	buf_puts(&sql, how->loads ? loads_only : reads_only);
	buf_printf(&sql, "('row_security', '%s'), "
	    "('quote_all_identifiers', '%s')) v(name, value) JOIN "
	    "pg_catalog.pg_settings s ON pg_catalog.lower(s.name) = "
	    "pg_catalog.lower(v.name)", how->row_security ? "on" : "off",
	    how->quotes_all ? "on" : "off");
	rc = buf_check(&sql, "a query", e);
	if (rc == 0)
		rc = pg_exec(c, buf_text(&sql), e);
	buf_free(&sql);
	return rc;
}

static int
set(struct pg *c, const char *name, const char *value, struct err *e)
{
	struct buf sql = BUF_INIT(SETTINGS_MAX);
	int rc;

	buf_printf(&sql, "SELECT pg_catalog.set_config('%s', ", name);
	pg_put_literal(c, &sql, value);
	buf_puts(&sql, ", false)");
	rc = buf_check(&sql, name, e);
	if (rc == 0)
		rc = pg_exec(c, buf_text(&sql), e);
	buf_free(&sql);
	return rc;
}

/*
 * When we are gone without a word, the server is to end the session, with its
 * locks, in some five minutes: by default it waits for two hours.
 */
static const char look_for_us[] =
	"SELECT pg_catalog.set_config(s.name, v.most::text, false) "
	"FROM (VALUES ('tcp_keepalives_idle', " PG_KEEPALIVES_IDLE "), "
	"('tcp_keepalives_interval', " PG_KEEPALIVES_INTERVAL "), "
	"('tcp_keepalives_count', " PG_KEEPALIVES_COUNT ")) "
	"v(name, most) JOIN pg_catalog.pg_settings s ON s.name = v.name "
	"WHERE s.setting::integer NOT BETWEEN 1 AND v.most";

int
session_prepare(struct pg *c, const struct session *s, struct err *e)
{
	struct err ignored;

	if (pg_exec(c, "SET statement_timeout = 0", e) != 0)
		return -1;
	/* a server whose system can't do it refuses; that is fine */
	if (pg_server_version(c) >= 140000)
		(void)pg_exec(c, "SET client_connection_check_interval = '"
		    CONNECTION_CHECK "'", &ignored);
	if (apply(c, s, e) != 0 || (s->encoding != NULL ?
	    set(c, "client_encoding", s->encoding, e) :
	    pg_exec(c, "SELECT pg_catalog.set_config('client_encoding', "
	    "pg_catalog.getdatabaseencoding(), false)", e)) != 0)
		return -1;
	(void)pg_exec(c, look_for_us, &ignored);
	return s->role != NULL ? set(c, "role", s->role, e) : 0;
}

/* Which process serves it at this moment? 0: it can't be told. */
static int
ask_backend(struct pg *c, struct err *e)
{
	PGresult *r = pg_query(c, "SELECT pg_catalog.pg_backend_pid()", e);
	uint64_t pid = 0;

	if (r != NULL && num_parse_u64(PQgetvalue(r, 0, 0), &pid) != 0)
		(void)err_set(e, ERR_LOCAL, "cannot understand the server's "
		    "process id");
	PQclear(r);
	return (int)pid;
}

/* Does a transaction of another connection get what served this one? */
static int
is_shared(struct pg *c, int first, struct pg *other, struct err *e)
{
	int theirs, again;

	if (pg_exec(other, "BEGIN", e) != 0 ||
	    (theirs = ask_backend(other, e)) == 0)
		return -1;
	if (theirs == first)	/* asking again could wait for that one */
		return 1;
	again = ask_backend(c, e);
	return again == 0 ? -1 : again != first;
}

/* A pooler makes up the numbers that it tells of processes. */
int
session_refuse_pooler(struct pg *c, const struct pg_place *place,
	struct err *e)
{
	int first = ask_backend(c, e), rc = -1;
	struct pg *other;

	if (first == 0 || first == pg_backend(c))
		return first == 0 ? -1 : 0;
	if ((other = pg_place_open(place, e)) != NULL)
		rc = is_shared(c, first, other, e);
	pg_close(other);
	if (rc == 0)
		return 0;
	if (rc > 0)
		(void)err_set(e, ERR_LOCAL, "cannot work through a pooler that "
		    "gives each transaction another connection");
	else
		(void)err_context(e, "cannot work through this pooler");
	return err_hint(e, "connect to the server itself, or to a pool of "
	    "sessions (pool_mode = session)");
}

static bool
is_for_loader(const char *name)
{
	size_t i;

	for (i = 0; i < SETTINGS; i++)
		if (settings[i].for_loader &&
		    strcmp(settings[i].name, name) == 0)
			return true;
	return false;
}

int
session_apply(struct pg *c, json_t *values, struct err *e)
{
	struct buf sql = BUF_INIT(SETTINGS_MAX);
	const char *name;
	json_t *value;
	int rc = 0;

	json_object_foreach(values, name, value) {
		if (!json_is_string(value) || !is_for_loader(name))
			continue;
		buf_reset(&sql);
		buf_puts(&sql, "SELECT pg_catalog.set_config(name, ");
		pg_put_literal(c, &sql, json_string_value(value));
		buf_puts(&sql, ", false) FROM pg_catalog.pg_settings "
		    "WHERE context = 'user' AND pg_catalog.lower(name) = "
		    "pg_catalog.lower(");
		pg_put_literal(c, &sql, name);
		buf_putc(&sql, ')');
		rc = buf_check(&sql, "a setting", e);
		if (rc != 0 || (rc = pg_exec(c, buf_text(&sql), e)) != 0)
			break;
	}
	buf_free(&sql);
	return rc;
}

json_t *
session_loader_settings(void)
{
	json_t *all = json_object();
	size_t i;

	for (i = 0; i < SETTINGS; i++)
		if (settings[i].for_loader)
			(void)json_object_set_new(all, settings[i].name,
			    json_string(settings[i].value));
	return all;
}
