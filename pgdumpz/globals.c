/*
 * What belongs to no database: roles, tablespaces, their settings. It is
 * small, so pg_dumpall's text goes into the stream as it is.
 */
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "dump.h"
#include "manifest.h"
#include "member.h"
#include "programs.h"

#define TEXT_MAX ((size_t)1 << 30)
#define LEVEL 9

static int
add_all(struct opt_list *argv, const struct opt_list *more, struct err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < more->len; i++)
		rc = opt_list_add(argv, more->items[i], e);
	return rc;
}

static int
run_dumpall(const struct options *o, const struct programs *p,
	const struct pg_place *place, struct buf *out, struct err *e)
{
	struct buf conninfo = BUF_INIT(1 << 16), password = BUF_INIT(1 << 16);
	const char *env[] = { NULL, NULL };
	struct opt_list argv = { NULL, 0 };
	struct child_spawn how = { NULL, env, -1, -1, 0 };
	int rc;

	buf_puts(&conninfo, "--dbname=");
	rc = pg_place_conninfo(place, &conninfo, e);
	pg_place_put_password(place, &password);
	env[0] = buf_text(&password);
	if (rc == 0 && (opt_list_add(&argv, p->dumpall, e) != 0 ||
	    opt_list_add(&argv, "--globals-only", e) != 0 ||
	    opt_list_add(&argv, "--no-password", e) != 0 ||
	    opt_list_add(&argv, buf_text(&conninfo), e) != 0 ||
	    (o->no_role_passwords &&
	    opt_list_add(&argv, "--no-role-passwords", e) != 0) ||
	    add_all(&argv, &o->dump, e) != 0 ||
	    add_all(&argv, &o->restore, e) != 0))
		rc = -1;
	how.argv = argv.items;
	if (rc == 0)
		rc = child_run(&how, out, e);
	opt_list_free(&argv);
	buf_free(&conninfo);
	buf_free_secret(&password);
	return rc;
}

static int
put_head(const struct programs *p, const struct pg *c,
	struct seal_writer *out, struct err *e)
{
	struct tables none = { NULL, 0 };
	struct manifest m = { .tables = &none, .encoding = "UTF8" };
	int rc;

	m.sequences = json_array();
	m.head = json_pack("{s:i, s:s, s:b, s:i, s:s}", "manifest", 1,
	    "tool", "pgdumpz " PGDUMPZ_VERSION, "globals", 1,
	    "server_num", pg_server_version(c), "pg_dump", p->version);
	rc = manifest_put(&m, out, e);
	json_decref(m.head);
	json_decref(m.sequences);
	return rc;
}

static int
put_pre(const struct buf *text, struct seal_writer *out, struct err *e)
{
	struct member m;
	const char *p = text->data, *end;
	size_t left = text->len, n;
	int rc = member_init(&m, out, LEVEL, e);

	member_begin(&m, SEAL_PRE, "", "");
	for (; rc == 0 && left > 0; p += n, left -= n) {
		end = memchr(p, '\n', left);
		n = end != NULL ? (size_t)(end - p) + 1 : left;
		rc = member_add(&m, p, n, e);
	}
	if (rc == 0)
		rc = member_end(&m, e);
	member_free(&m);
	return rc;
}

int
dump_globals(const struct options *o, struct seal_writer *out,
	struct err *e)
{
	struct programs programs = { .version = "" };
	struct buf text = BUF_INIT(TEXT_MAX);
	struct pg_place *place = NULL;
	struct pg *c = pg_open(&o->login, e);
	int rc = -1;

	if (c != NULL && (place = pg_place_new(c, e)) != NULL &&
	    session_refuse_pooler(c, place, e) == 0 &&
	    programs_find(&programs, PROGRAMS_DUMP, o->bin_dir,
	    pg_server_version(c), e) == 0 &&
	    run_dumpall(o, &programs, place, &text, e) == 0 &&
	    put_pre(&text, out, e) == 0)
		rc = put_head(&programs, c, out, e);
	pg_close(c);
	pg_place_free(place);
	programs_free(&programs);
	buf_free_secret(&text);
	return rc;
}
