/*
 * psql knows quotes, COPY data and \restrict; what it is given is the text of
 * pg_dump, as a user would give it.
 */
#include <stdlib.h>

#include "child.h"
#include "feed.h"
#include "mem.h"
#include "os.h"

#define ROLE_MAX 1024

struct feed {
	struct child *psql;
	int to;			/* its standard input */
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
		"ON_ERROR_STOP=1", "-o", "/dev/null", "-d", NULL, NULL };
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

struct feed *
feed_start(const struct programs *p, const struct pg_place *place,
	const char *role, struct err *e)
{
	struct feed *f = mem_new(1, sizeof(*f), e);
	struct buf sql = BUF_INIT(ROLE_MAX);
	int rc;

	if (f == NULL)
		return NULL;
	f->to = -1;
	rc = start_psql(f, p, place, e);
	if (rc == 0 && role != NULL) {
		put_role(&sql, role);
		rc = buf_check(&sql, "the name of a role", e);
		if (rc == 0)
			rc = feed_put(f, sql.data, sql.len, e);
	}
	buf_free(&sql);
	if (rc == 0)
		return f;
	feed_free(f);
	return NULL;
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

int
feed_put(struct feed *f, const char *text, size_t len, struct err *e)
{
	struct err own = ERR_INIT;

	if (os_write(f->to, text, len, e) == 0)
		return 0;
	/* it has ended before its text did, and says why */
	if (e->kind != ERR_SIGNAL && wait_psql(f, &own) != 0)
		*e = own;
	return -1;
}

int
feed_end(struct feed *f, struct err *e)
{
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
	free(f);
}
