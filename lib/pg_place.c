/*
 * An exported snapshot lives in one server, and a connection string may mean
 * many: a list of hosts, or a name with several addresses. So what a connection
 * has come to is written down, value by value.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "pg.h"
#include "pg_private.h"

struct pg_place {
	char **keys, **values;	/* NULL at their ends */
	char *password;		/* borrowed from values */
};

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
	return pg_open_params((const char *const *)p->keys,
	    (const char *const *)p->values, false, e);
}

int
pg_place_move(struct pg_place *p, const char *database, struct err *e)
{
	char *name = mem_dup(database, e);
	size_t i;

	if (name == NULL)
		return -1;
	for (i = 0; p->keys[i] != NULL; i++)
		if (strcmp(p->keys[i], "dbname") == 0) {
			mem_free_secret(p->values[i]);
			p->values[i] = name;
			return 0;
		}
	free(name);
	return err_set(e, ERR_LOCAL, "the connection tells no database");
}

static bool
is_secret(const char *key)
{
	return strstr(key, "password") != NULL ||
	    strstr(key, "secret") != NULL || strncmp(key, "scram_", 6) == 0;
}

/* What we have set ourselves, and a program of PostgreSQL 11 doesn't know. */
static bool
is_too_new(const char *key, const char *value)
{
	return strcmp(key, "tcp_user_timeout") == 0 &&
	    strcmp(value, PG_USER_TIMEOUT) == 0;
}

int
pg_place_conninfo(const struct pg_place *p, struct buf *out, struct err *e)
{
	const char *v;
	size_t i;

	for (i = 0; p->keys[i] != NULL; i++) {
		if (is_secret(p->keys[i]) || is_too_new(p->keys[i],
		    p->values[i]))
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

void
pg_place_put_password(const struct pg_place *p, struct buf *out)
{
	buf_puts(out, "PGPASSWORD");
	if (p->password != NULL)
		buf_printf(out, "=%s", p->password);
}
