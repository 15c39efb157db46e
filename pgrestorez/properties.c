/*
 * pg_restore writes them for the name that was dumped, and it can't be told
 * another one.
 */
#include <string.h>

#include "log.h"
#include "properties.h"
#include "sqltext.h"

#define SQL_MAX ((size_t)1 << 20)

struct applier {
	struct target *target;
	char *forms[2];		/* the old name, unquoted and quoted */
};

bool
properties_rename(const char *statement, size_t len, const char *quoted,
	const char *to, struct buf *out)
{
	static const char *const kinds[] = { "ALTER DATABASE ",
		"COMMENT ON DATABASE ", "GRANT ", "REVOKE ", "ALTER ROLE ",
		"SECURITY LABEL " };
	static const char word[] = "DATABASE ";
	size_t n = strlen(word), old = strlen(quoted), i;
	bool known = false;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		known |= sqltext_begins(statement, len, kinds[i]);
	for (i = 0; known && i + n + old < len; i++) {
		if (memcmp(statement + i, word, n) != 0 ||
		    memcmp(statement + i + n, quoted, old) != 0 ||
		    statement[i + n + old] != ' ')
			continue;
		buf_put(out, statement, i + n);
		buf_puts(out, to);
		buf_put(out, statement + i + n + old, len - i - n - old);
		return true;
	}
	return false;
}

/* Who wants no owners or no privileges may have other roles than there were. */
static int
run(const struct target *t, const struct buf *sql, struct err *e)
{
	bool may_miss = (t->options->no_owner || t->options->no_acl) &&
	    sqltext_begins(sql->data, sql->len, "ALTER ROLE ");

	if (pg_exec(t->leader, buf_text(sql), e) == 0)
		return 0;
	if (!may_miss || !pg_failed_with(t->leader, "42704"))
		return -1;
	log_warn("a setting of the database for a role is left out: %s",
	    e->text);
	return 0;
}

static enum sqltext_verdict
judge(void *ctx, const char *statement, size_t len, struct err *e)
{
	const struct applier *a = ctx;
	struct buf sql = BUF_INIT(SQL_MAX);
	const char *to = a->target->temp;
	int rc = 0;

	if (properties_rename(statement, len, a->forms[0], to, &sql) ||
	    properties_rename(statement, len, a->forms[1], to, &sql))
		rc = buf_check(&sql, "a property of the database", e);
	if (rc == 0 && sql.len > 0)
		rc = run(a->target, &sql, e);
	if (rc != 0)
		(void)err_context(e, "cannot set a property of the database");
	buf_free(&sql);
	return rc == 0 ? SQLTEXT_DROP : SQLTEXT_REFUSE;
}

static int
let_go(void *ctx, const char *text, size_t len, struct err *e)
{
	(void)ctx;
	(void)text;
	(void)len;
	(void)e;
	return 0;
}

int
properties_apply(struct target *t, const char *name, const struct buf *text,
	struct err *e)
{
	struct buf plain = BUF_INIT(TARGET_NAME), quoted = BUF_INIT(1024);
	struct applier a = { .target = t };
	const struct sqltext_hooks hooks = { &a, judge, let_go };
	struct sqltext *s = sqltext_new(&hooks, e);
	int rc = -1;

	buf_puts(&plain, name);
	pg_put_name(t->leader, &quoted, name);
	a.forms[0] = plain.data;
	a.forms[1] = quoted.data;
	if (s != NULL && buf_check(&plain, "a name", e) == 0 &&
	    buf_check(&quoted, "a name", e) == 0)
		rc = sqltext_feed(s, buf_text(text), text->len, e);
	sqltext_free(s);
	buf_free(&plain);
	buf_free(&quoted);
	return rc;
}
