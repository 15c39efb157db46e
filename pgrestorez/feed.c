/*
 * psql knows quotes and COPY data; what it is given is the text of pg_dump, as a
 * user would give it. Its own commands are kept from it twice, since restricted
 * it still runs what stands in `…` behind \unrestrict, and old ones can't be.
 */
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "feed.h"
#include "mem.h"
#include "os.h"
#include "restrict.h"
#include "sqltext.h"

#define ROLE_MAX 1024

struct feed {
	struct child *psql;
	int to;			/* its standard input */
	struct sqltext *filter;
	bool no_owner, no_acl;
};

/* A role's name as psql's text has it. */
static void
put_role(struct buf *out, const char *role)
{
	buf_puts(out, "SET ROLE \"");
	for (; *role != '\0'; role++) {
		if (*role == '"')
			buf_putc(out, '"');
		buf_putc(out, *role);
	}
	buf_puts(out, "\";\n");
}

static int
start_psql(struct feed *f, const struct programs *p,
	const struct pg_place *place, struct err *e)
{
	struct buf conninfo = BUF_INIT(1 << 16), password = BUF_INIT(1 << 16);
	const char *argv[] = { p->psql, "-X", "-q", "-w", "-v",
		"ON_ERROR_STOP=1", "-o", os_null_device, "-d", NULL, NULL };
	const char *env[] = { NULL, "PGCLIENTENCODING", "PGDATABASE", NULL };
	struct child_spawn how = { .argv = argv, .env = env, .in = -1,
		.out = -1 };
	struct err ignored;
	int rc = pg_place_conninfo(place, &conninfo, e);

	argv[9] = buf_text(&conninfo);
	pg_place_put_password(place, &password);
	env[0] = buf_text(&password);
	if (rc == 0 && (rc = os_pipe(&how.in, &f->to, e)) == 0 &&
	    (f->psql = child_start(&how, e)) == NULL)
		rc = -1;
	(void)os_close(how.in, &ignored);
	buf_free(&conninfo);
	buf_free_secret(&password);
	return rc;
}

static int
wait_psql(struct feed *f, struct err *e)
{
	struct child *psql = f->psql;
	struct err ignored;

	f->psql = NULL;
	(void)os_close(f->to, &ignored);
	f->to = -1;
	return psql != NULL ? child_finish(psql, e) : -1;
}

/* A text that was written to be run elsewhere. */
static int
refuse(const char *statement, size_t len, struct err *e)
{
	const char *end = memchr(statement, '\n', len);
	char safe[64];

	if (end != NULL)
		len = (size_t)(end - statement);
	err_escape(safe, sizeof(safe), statement, len);
	(void)err_set(e, ERR_USAGE, "the backup would leave the database that "
	    "it is restored into: '%s'", safe);
	return err_hint(e, "if it was dumped with --create, restore it by "
	    "psql -X -v ON_ERROR_STOP=1 -d postgres");
}

static enum sqltext_verdict
judge(void *ctx, const char *statement, size_t len, struct err *e)
{
	const struct feed *f = ctx;

	if (restrict_is_one(statement, len))
		return SQLTEXT_DROP;	/* there is one of ours */
	if (*statement == '\\' ||
	    sqltext_begins(statement, len, "CREATE DATABASE ") ||
	    sqltext_begins(statement, len, "DROP DATABASE ")) {
		(void)refuse(statement, len, e);
		return SQLTEXT_REFUSE;
	}
	return (f->no_owner && sqltext_is_owner(statement, len)) ||
	    (f->no_acl && sqltext_is_acl(statement, len)) ?
	    SQLTEXT_DROP : SQLTEXT_KEEP;
}

static int
put_raw(void *ctx, const char *text, size_t len, struct err *e)
{
	struct feed *f = ctx;
	struct err own = ERR_INIT;

	if (os_write(f->to, text, len, e) == 0)
		return 0;
	/* it has ended before its text did, and says why */
	if (e->kind != ERR_SIGNAL && wait_psql(f, &own) != 0)
		*e = own;
	return -1;
}

/* -- before the text ---------------------------------------------------- */

static int
begin(struct feed *f, const struct programs *p, const char *role,
	struct err *e)
{
	struct buf sql = BUF_INIT(ROLE_MAX);
	int rc = restrict_put(&sql, p->psql, e);

	/* by which the filter begins; a role or database can have it off */
	buf_puts(&sql, "SET standard_conforming_strings = on;\n");
	if (role != NULL)
		put_role(&sql, role);
	if (rc == 0)
		rc = buf_check(&sql, "the name of a role", e);
	if (rc == 0)
		rc = put_raw(f, sql.data, sql.len, e);
	buf_free(&sql);
	return rc;
}

struct feed *
feed_start(const struct programs *p, const struct pg_place *place,
	const struct options *o, struct err *e)
{
	struct feed *f = mem_new(1, sizeof(*f), e);
	const struct sqltext_hooks hooks = { f, judge, put_raw };

	if (f == NULL)
		return NULL;
	f->to = -1;
	f->no_owner = o->no_owner;
	f->no_acl = o->no_acl;
	if ((f->filter = sqltext_new(&hooks, e)) != NULL &&
	    start_psql(f, p, place, e) == 0 &&
	    begin(f, p, o->role, e) == 0)
		return f;
	feed_free(f);
	return NULL;
}

int
feed_put(struct feed *f, const char *text, size_t len, struct err *e)
{
	return sqltext_feed(f->filter, text, len, e);
}

int
feed_end(struct feed *f, struct err *e)
{
	if (sqltext_end(f->filter, e) != 0)
		return -1;
	return wait_psql(f, e);
}

void
feed_free(struct feed *f)
{
	struct err ignored;

	if (f == NULL)
		return;
	(void)os_close(f->to, &ignored);
	child_stop(f->psql);
	sqltext_free(f->filter);
	free(f);
}
