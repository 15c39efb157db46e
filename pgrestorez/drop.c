/*
 * A database can't be dropped while somebody uses it or a subscription is in
 * it; and dropping a subscription in the usual way would take its slot from the
 * publisher.
 */
#include "drop.h"
#include "log.h"

#define FORCE_SINCE 130000	/* DROP DATABASE … WITH (FORCE) */
#define SQL_MAX 8192

/* The database may have settings of its own, restored or set meanwhile. */
static const char plain_session[] = "SET statement_timeout = 0; "
	"SET lock_timeout = 0; SET default_transaction_read_only = off; "
	"SET search_path = ''";

static int
drop_subscriptions(struct pg *leader, const char *name, struct err *e)
{
	struct pg_place *place = pg_place_new(leader, e);
	struct pg *c = NULL;
	int rc = -1;

	if (place != NULL && pg_place_move(place, name, e) == 0 &&
	    (c = pg_place_open(place, e)) != NULL &&
	    pg_exec(c, plain_session, e) == 0)
		rc = pg_exec(c, "DO $$ DECLARE s pg_catalog.name; BEGIN "
		    "FOR s IN SELECT subname FROM pg_catalog.pg_subscription "
		    "WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database "
		    "WHERE datname = pg_catalog.current_database()) LOOP "
		    "EXECUTE pg_catalog.format("
		    "'ALTER SUBSCRIPTION %I DISABLE', s); "
		    "EXECUTE pg_catalog.format("
		    "'ALTER SUBSCRIPTION %I SET (slot_name = NONE)', s); "
		    "EXECUTE pg_catalog.format('DROP SUBSCRIPTION %I', s); "
		    "END LOOP; END $$", e);
	pg_close(c);
	pg_place_free(place);
	return rc == 0 ? 0 : err_context(e, "cannot drop its subscriptions");
}

static void
terminate(struct pg *leader, const char *name)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	struct err ignored;

	buf_puts(&sql, "SELECT pg_catalog.pg_terminate_backend(pid) "
	    "FROM pg_catalog.pg_stat_activity WHERE datname = ");
	pg_put_literal(leader, &sql, name);
	(void)pg_exec(leader, buf_text(&sql), &ignored);
	buf_free(&sql);
}

/* Is a user connected to it? When that can't be told, yes. */
static bool
is_used(struct pg *leader, const char *name)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	struct err ignored;
	PGresult *r;
	bool used;

	buf_puts(&sql, "SELECT FROM pg_catalog.pg_stat_activity WHERE "
	    "backend_type = 'client backend' AND datname = ");
	pg_put_literal(leader, &sql, name);
	r = pg_query(leader, buf_text(&sql), &ignored);
	buf_free(&sql);
	used = r == NULL || PQntuples(r) > 0;
	PQclear(r);
	return used;
}

/* Its own properties may have made it a template, which can't be dropped. */
static int
unmake_template(struct pg *leader, const char *name, struct err *e)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	int rc;

	buf_puts(&sql, "ALTER DATABASE ");
	pg_put_name(leader, &sql, name);
	buf_puts(&sql, " IS_TEMPLATE false");
	rc = pg_exec(leader, buf_text(&sql), e);
	buf_free(&sql);
	return rc;
}

int
drop_database(struct pg *leader, const char *name, bool force, struct err *e)
{
	bool can_force = pg_server_version(leader) >= FORCE_SINCE;
	struct buf sql = BUF_INIT(SQL_MAX);
	int rc;

	if (force && !can_force)
		terminate(leader, name);
	buf_printf(&sql, "DROP DATABASE %s", force ? "IF EXISTS " : "");
	pg_put_name(leader, &sql, name);
	buf_puts(&sql, force && can_force ? " WITH (FORCE)" : "");
	rc = pg_exec(leader, buf_text(&sql), e);
	if (rc != 0 && pg_failed_with(leader, "42809") &&
	    unmake_template(leader, name, e) == 0)
		rc = pg_exec(leader, buf_text(&sql), e);
	if (rc != 0 && pg_failed_with(leader, "55006") &&
	    (force || !is_used(leader, name)) &&
	    drop_subscriptions(leader, name, e) == 0)
		rc = pg_exec(leader, buf_text(&sql), e);
	buf_free(&sql);
	return rc;
}

/* Not by force: a database that somebody uses is not dead. */
static void
drop_leftover(struct pg *leader, const char *name)
{
	struct err e = ERR_INIT;

	if (drop_database(leader, name, false, &e) == 0)
		log_warn("dropped the database '%s', which a run that was "
		    "killed had left", name);
	else if (!pg_failed_with(leader, "3D000"))	/* gone by now */
		log_warn("cannot drop the database '%s', which a run that "
		    "was killed had left: %s", name, e.text);
}

int
drop_leftovers(struct pg *leader, struct err *e)
{
	PGresult *r = pg_query(leader, "SELECT d.datname "
	    "FROM pg_catalog.pg_database d "
	    "WHERE d.datname ~ '^" DROP_PREFIX "[0-9a-f]{8}$' "
	    "AND pg_catalog.pg_has_role(d.datdba, 'USAGE') "
	    "AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks l "
	    "WHERE l.locktype = 'advisory' AND l.objsubid = 2 "
	    "AND l.classid = 1346720346 AND pg_catalog.lpad(pg_catalog.to_hex("
	    "l.objid::pg_catalog.int8), 8, '0') = "
	    "pg_catalog.right(d.datname::pg_catalog.text, 8))", e);
	int i;

	if (r == NULL)
		return -1;
	for (i = 0; i < PQntuples(r); i++)
		drop_leftover(leader, PQgetvalue(r, i, 0));
	PQclear(r);
	return 0;
}
