/*
 * pg_locks shows the locks of all databases, so it doesn't matter through
 * which one the runs of a server are connected.
 */
#include <string.h>

#include "drop.h"
#include "hash.h"
#include "log.h"
#include "os.h"
#include "session.h"
#include "target.h"

#define NAME_BYTES 63		/* longer names are cut by the server */
#define SQL_MAX 8192
#define RENAME_TRIES 20
#define RENAME_WAIT_MS 500

const char *
target_now(const struct target *t)
{
	return t->created ? t->temp : t->name;
}

/* -- opening ------------------------------------------------------------ */

static int
name_target(struct target *t, struct err *e)
{
	struct buf name = BUF_INIT(TARGET_NAME - 1);
	int rc = pg_login_name(&t->options->login, &name, e);

	if (rc == 0 && name.len == 0) {
		(void)err_set(e, ERR_USAGE, "no database is named");
		rc = err_hint(e, "say which with -d NAME");
	}
	if (rc == 0 && name.len > NAME_BYTES)
		rc = err_set(e, ERR_USAGE, "the name '%s' is longer than the "
		    "server's limit of %d bytes", buf_text(&name), NAME_BYTES);
	if (rc == 0)
		memcpy(t->name, name.data, name.len + 1);
	buf_free(&name);
	return rc;
}

/* As createdb does: by the database postgres, else template1. */
static struct pg *
open_beside(const struct options *o, struct err *e)
{
	struct pg_login login = o->login;
	struct err ignored;
	struct pg *c;

	login.other = "postgres";
	if ((c = pg_open(&login, e)) != NULL)
		return c;
	login.other = "template1";
	return pg_open(&login, &ignored);
}

static int
look(struct target *t, struct err *e)
{
	bool wanted = t->options->force || t->options->verify_only;
	struct buf sql = BUF_INIT(SQL_MAX);
	PGresult *r;

	buf_puts(&sql, "SELECT FROM pg_catalog.pg_database WHERE datname = ");
	pg_put_literal(t->leader, &sql, t->name);
	r = pg_query(t->leader, buf_text(&sql), e);
	buf_free(&sql);
	if (r == NULL)
		return -1;
	t->exists = PQntuples(r) > 0;
	PQclear(r);
	if (t->exists == wanted)
		return 0;
	if (wanted)
		return err_set(e, ERR_LOCAL, "database \"%s\" does not exist",
		    t->name);
	(void)err_set(e, ERR_VERDICT, "the database '%s' exists already",
	    t->name);
	return err_hint(e, "restore under another name, rename or drop that "
	    "one, or use --force to restore into it");
}

/*
 * The number that initdb gives to a cluster, into id: two servers of one address
 * differ in it. "" when it can't be told.
 */
static void
ask_system(struct pg *c, char *id, size_t size)
{
	struct err ignored;
	PGresult *r = pg_query(c, "SELECT system_identifier FROM "
	    "pg_catalog.pg_control_system()", &ignored);

	(void)snprintf(id, size, "%s", r != NULL ? PQgetvalue(r, 0, 0) : "");
	PQclear(r);
}

int
target_open(struct target *t, const struct options *o, struct err *e)
{
	const struct session plain = { .loads = true };

	memset(t, 0, sizeof(*t));
	t->options = o;
	if ((!o->scratch && name_target(t, e) != 0) ||
	    (t->leader = open_beside(o, e)) == NULL ||
	    session_prepare(t->leader, &plain, e) != 0 ||
	    pg_exec(t->leader, "SET synchronous_commit = on", e) != 0 ||
	    (!o->scratch && look(t, e) != 0) ||
	    (t->home = pg_place_new(t->leader, e)) == NULL ||
	    (t->place = pg_place_new(t->leader, e)) == NULL ||
	    session_refuse_pooler(t->leader, t->place, e) != 0 ||
	    (!o->scratch && pg_place_move(t->place, t->name, e) != 0))
		return -1;
	ask_system(t->leader, t->system, sizeof(t->system));
	if (o->force)
		log_warn("restoring into the existing database '%s'; if that "
		    "fails, it stays half-filled", t->name);
	return o->verify_only ? 0 : drop_leftovers(t->leader, e);
}

/* -- making it ---------------------------------------------------------- */

static int
take_temp_name(struct target *t, struct err *e)
{
	uint8_t random[4];
	char hex[2 * sizeof(random) + 1], sql[128];

	if (os_random(random, sizeof(random), e) != 0)
		return -1;
	(void)snprintf(t->temp, sizeof(t->temp), DROP_PREFIX "%s",
	    hash_hex(hex, random, sizeof(random)));
	(void)snprintf(sql, sizeof(sql), "SELECT pg_catalog.pg_advisory_lock("
	    "%d, x'%s'::pg_catalog.int4)", DROP_LOCK_CLASS, hex);
	return pg_exec(t->leader, sql, e);
}

static void
put_clause(struct target *t, struct buf *sql, const char *key,
	const char *value)
{
	if (value == NULL)
		return;
	buf_printf(sql, " %s ", key);
	pg_put_literal(t->leader, sql, value);
}

static void
put_locale(struct target *t, struct buf *sql, const struct target_locale *how)
{
	int version = pg_server_version(t->leader);
	const char *provider = how->provider != NULL ? how->provider : "c";

	put_clause(t, sql, "ENCODING", how->encoding);
	put_clause(t, sql, "LC_COLLATE", how->collate);
	put_clause(t, sql, "LC_CTYPE", how->ctype);
	if (version < 150000 || how->collate == NULL)
		return;
	if (*provider == 'i') {
		buf_puts(sql, " LOCALE_PROVIDER icu");
		put_clause(t, sql, "ICU_LOCALE", how->locale);
		if (version >= 160000)
			put_clause(t, sql, "ICU_RULES", how->rules);
	} else if (*provider == 'b' && version >= 170000) {
		buf_puts(sql, " LOCALE_PROVIDER builtin");
		put_clause(t, sql, "BUILTIN_LOCALE", how->locale);
	} else {
		buf_puts(sql, " LOCALE_PROVIDER libc");
	}
}

/* Whoever works in it is ended when we are killed, and waits for no disk. */
static int
mark(struct target *t, struct err *e)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	struct err ignored;
	int rc;

	buf_printf(&sql, "ALTER DATABASE %s SET synchronous_commit = off; "
	    "COMMENT ON DATABASE %s IS ", t->temp, t->temp);
	pg_put_literal(t->leader, &sql, "a restore by pgrestorez that has not "
	    "ended");
	rc = pg_exec(t->leader, buf_text(&sql), e);
	buf_reset(&sql);
	buf_printf(&sql, "ALTER DATABASE %s SET "
	    "client_connection_check_interval = '2s'", t->temp);
	/* before version 14, and on systems that can't: not so soon */
	(void)pg_exec(t->leader, buf_text(&sql), &ignored);
	buf_free(&sql);
	return rc;
}

int
target_unmark(struct target *t, struct err *e)
{
	char sql[256];

	if (!t->created)
		return 0;
	(void)snprintf(sql, sizeof(sql), "ALTER DATABASE %s RESET ALL; "
	    "COMMENT ON DATABASE %s IS NULL", t->temp, t->temp);
	return pg_exec(t->leader, sql, e);
}

static int
fail_create(struct target *t, struct err *e)
{
	if (pg_failed_with(t->leader, "42501"))
		err_hint(e, "the role needs the right to create databases: "
		    "ALTER ROLE … CREATEDB");
	else if (strstr(e->text, "locale") != NULL)
		err_hint(e, "install that locale on the server; or create "
		    "the database as you like, and use --force");
	return err_context(e, "cannot create a database");
}

int
target_create(struct target *t, const struct target_locale *how,
	struct err *e)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	int rc;

	if (t->exists)
		return 0;
	if (take_temp_name(t, e) != 0)
		return -1;
	buf_printf(&sql, "CREATE DATABASE %s TEMPLATE template0", t->temp);
	if (t->options->role != NULL) {
		buf_puts(&sql, " OWNER ");
		pg_put_name(t->leader, &sql, t->options->role);
	}
	put_locale(t, &sql, how);
	rc = buf_check(&sql, "a query", e);
	if (rc == 0 && pg_exec(t->leader, buf_text(&sql), e) != 0)
		rc = fail_create(t, e);
	buf_free(&sql);
	if (rc != 0)
		return -1;
	t->created = true;
	return mark(t, e) == 0 ? pg_place_move(t->place, t->temp, e) : -1;
}

/* -- the end ------------------------------------------------------------ */

int
target_commit(struct target *t, struct err *e)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	int tries = RENAME_TRIES, rc;

	if (!t->created)
		return 0;
	buf_printf(&sql, "ALTER DATABASE %s RENAME TO ", t->temp);
	pg_put_name(t->leader, &sql, t->name);
	rc = buf_check(&sql, "a query", e);
	while (rc == 0 && (rc = pg_exec(t->leader, buf_text(&sql), e)) != 0) {
		/* a monitor may be looking in for a moment */
		if (--tries == 0 || !pg_failed_with(t->leader, "55006") ||
		    os_sleep_ms(RENAME_WAIT_MS, e) != 0)
			break;
		rc = 0;
	}
	buf_free(&sql);
	if (rc != 0)
		return err_context(e, "cannot name the database '%s'",
		    t->name);
	t->created = false;
	return pg_place_move(t->place, t->name, e);
}

/*
 * The leader has been idle for long; its connection may be no more. A list of
 * hosts, or an address that has moved, could lead to another server, where the
 * database is missing and all would seem to be well.
 */
static int
reopen(struct target *t, struct err *e)
{
	char system[sizeof(t->system)];
	struct err ignored;

	if (t->leader != NULL && pg_exec(t->leader, "SELECT", &ignored) == 0)
		return 0;
	pg_close(t->leader);
	if ((t->leader = pg_place_open(t->home, e)) == NULL)
		return -1;
	ask_system(t->leader, system, sizeof(system));
	return strcmp(system, t->system) == 0 ? 0 : err_set(e, ERR_LOCAL,
	    "another server answers now where the first one was");
}

static int
drop(struct target *t, struct err *e)
{
	if (reopen(t, e) != 0)
		return -1;
	return drop_database(t->leader, t->temp, true, e);
}

int
target_discard(struct target *t, struct err *e)
{
	if (drop(t, e) != 0)
		return err_context(e, "cannot drop the database '%s' again",
		    t->temp);
	t->created = false;
	return 0;
}

void
target_close(struct target *t)
{
	struct err e = ERR_INIT;

	if (t->created && drop(t, &e) != 0)
		log_warn("cannot drop the half-restored database '%s': %s",
		    t->temp, e.text);
	pg_close(t->leader);
	pg_place_free(t->home);
	pg_place_free(t->place);
	memset(t, 0, sizeof(*t));
}
