/* The pure parts of pgrestorez: texts of pg_dump's, whole and in pieces. */
#include <string.h>

#include "buf.h"
#include "pgrestorez/entries.h"
#include "pgrestorez/copyhead.h"
#include "pgrestorez/properties.h"
#include "pgrestorez/sqltext.h"
#include "tests/unit/tap.h"

/* -- statements ---------------------------------------------------------- */

struct seen {
	struct buf statements, kept;
};

static enum sqltext_verdict
judge(void *ctx, const char *statement, size_t len, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	buf_putc(&s->statements, '<');
	buf_put(&s->statements, statement, len);
	buf_putc(&s->statements, '>');
	if (sqltext_begins(statement, len, "\\bad"))
		return SQLTEXT_REFUSE;
	return sqltext_is_owner(statement, len) ||
	    sqltext_is_acl(statement, len) ? SQLTEXT_DROP : SQLTEXT_KEEP;
}

static int
keep(void *ctx, const char *text, size_t len, struct err *e)
{
	(void)e;
	buf_put(&((struct seen *)ctx)->kept, text, len);
	return 0;
}

/* In steps of so many bytes; the statements come to be in seen. */
static void
split(struct seen *seen, const char *text, size_t step)
{
	struct sqltext_hooks hooks = { seen, judge, keep };
	struct err e = ERR_INIT;
	struct sqltext *s = sqltext_new(&hooks, &e);
	size_t len = strlen(text), at, n;

	buf_reset(&seen->statements);
	buf_reset(&seen->kept);
	for (at = 0; at < len; at += n) {
		n = len - at < step ? len - at : step;
		(void)sqltext_feed(s, text + at, n, &e);
	}
	(void)sqltext_end(s, &e);
	sqltext_free(s);
}

static void
test_split(void)
{
	static const struct {
		const char *text, *statements, *kept, *name;
	} cases[] = {
		{ "-- a; b\nSELECT 1;\n\nSELECT 2;\n",
		    "<SELECT 1;><SELECT 2;>", NULL, "comments" },
		{ "SELECT ';', 'it''s;', \"a;\"\";\";x;", "<SELECT ';', "
		    "'it''s;', \"a;\"\";\";><x;>", NULL, "quotes" },
		{ "SELECT E'a\\';', e'\\\\';y;", "<SELECT E'a\\';', "
		    "e'\\\\';><y;>", NULL, "escapes" },
		{ "SELECT E'it''s\\';';y;", "<SELECT E'it''s\\';';><y;>", NULL,
		    "escapes behind a doubled quote" },
		{ "SELECT '\\';y;", "<SELECT '\\';><y;>", NULL,
		    "a backslash that is none" },
		{ "SET standard_conforming_strings = off;SELECT '\\';';y;",
		    "<SET standard_conforming_strings = off;>"
		    "<SELECT '\\';';><y;>", NULL, "old strings" },
		{ "CREATE FUNCTION f() AS $_$ a; $$;$$ $x$ $_$;z;",
		    "<CREATE FUNCTION f() AS $_$ a; $$;$$ $x$ $_$;><z;>", NULL,
		    "dollar quotes" },
		{ "RETURN $1;z;", "<RETURN $1;><z;>", NULL, "a parameter" },
		{ "SELECT 1 -- it's;\n;z;", "<SELECT 1 -- it's;\n;><z;>", NULL,
		    "a comment in a statement" },
		{ "COPY t (a) FROM stdin;\n1;'\n\\\\.x\n\\.\nSELECT 1;",
		    "<COPY t (a) FROM stdin;><SELECT 1;>", NULL, "data" },
		{ "COPY t (a) FROM stdin;\r\n1\r\n\\.\r\nSELECT 1;",
		    "<COPY t (a) FROM stdin;><SELECT 1;>", NULL, "CRLF" },
		{ "COPY t (a) FROM stdin;\n\\.\nSELECT 1;",
		    "<COPY t (a) FROM stdin;><SELECT 1;>", NULL, "no data" },
		{ "\\restrict x;y\nSELECT 1;", "<\\restrict x;y\n><SELECT 1;>",
		    NULL, "a meta-command" },
		{ "a;\nALTER TABLE \"x;\" OWNER TO \"it's\";\nb;\n",
		    "<a;><ALTER TABLE \"x;\" OWNER TO \"it's\";><b;>",
		    "a;\n\nb;\n", "an owner" },
		{ "GRANT ALL ON a TO b;REVOKE x;ALTER DEFAULT PRIVILEGES x;",
		    "<GRANT ALL ON a TO b;><REVOKE x;>"
		    "<ALTER DEFAULT PRIVILEGES x;>", "", "privileges" },
		{ "SELECT 'GRANT x;", "", NULL, "an open end" },
	};
	struct seen seen = { BUF_INIT(10000), BUF_INIT(10000) };
	const char *kept;
	size_t i, step;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (step = 1; step < 1000; step *= 30) {
			kept = cases[i].kept;
			split(&seen, cases[i].text, step);
			tap_text(buf_text(&seen.statements),
			    cases[i].statements, "%s", cases[i].name);
			tap_text(buf_text(&seen.kept),
			    kept != NULL ? kept : cases[i].text,
			    "%s: what is kept", cases[i].name);
		}
	buf_free(&seen.statements);
	buf_free(&seen.kept);
}

/* Is that text refused? */
static bool
is_refused(const char *text)
{
	struct seen seen = { BUF_INIT(10000), BUF_INIT(10000) };
	struct sqltext_hooks hooks = { &seen, judge, keep };
	struct err e = ERR_INIT;
	struct sqltext *s = sqltext_new(&hooks, &e);
	int rc = sqltext_feed(s, text, strlen(text), &e);

	if (rc == 0)
		rc = sqltext_end(s, &e);
	sqltext_free(s);
	buf_free(&seen.statements);
	buf_free(&seen.kept);
	return rc != 0;
}

static void
test_command(void)
{
	tap_ok(is_refused("\\bad\n"), "a command between statements");
	tap_ok(is_refused("SELECT 1 \\bad\n;"), "one in a statement");
	tap_ok(is_refused("SELECT $\\bad"), "where a tag might have begun");
	tap_ok(is_refused("SELECT 1 \\other\n \\bad"), "a second one");
	tap_ok(!is_refused("SELECT '\\bad', \"\\bad\", $$\\bad$$; -- \\bad\n"
	    "COPY t (a) FROM stdin;\n\\bad\n\\.\n"), "but not in quotes, "
	    "comments and data");
	tap_ok(is_refused("SELECT 1;\n\\bad"), "in a line that has no end");
}

/* Each hides a command from a simpler lexer, and psql would run it. */
static void
test_hidden(void)
{
	static const struct {
		const char *text, *name;
	} cases[] = {
		{ "-\\bad\n", "behind a minus" },
		{ "/*'*/\n\\bad\n'", "behind a comment with a quote" },
		{ "/* /* */ ' */\\bad\n'", "behind a nested one" },
		{ "SELECT 1 /*'*/\n\\bad\n'", "in a statement, too" },
		{ "-- a\r\\bad\n", "behind a carriage return" },
		{ "SELECT 1 -- a\r\\bad\n", "there in a statement" },
		{ "set standard_conforming_strings = off;", "old strings" },
		{ "SET standard_conforming_strings=off;", "without a space" },
		{ "SELECT set_config('Standard_Conforming_Strings', 'off', "
		    "false);", "by a function" },
		{ "BEGIN; SET standard_conforming_strings = off; ROLLBACK;",
		    "and back" },
		{ "SELECT a$$b$ \\bad\n$b$;", "a dollar in a name" },
		{ "SELECT $1$ \\bad\n$1$;", "a parameter" },
		{ "SELECT 1$$'$$ \\bad\n'", "a number before dollars" },
		{ "SELECT $e'\\''\\bad\n'", "a tag that is none" },
		{ "SELECT 1E'\\' \\bad\n'", "a number or an escape" },
		{ "SELECT 1.E'\\' \\bad\n'", "the same with a point" },
		{ "SELECT E'a'\n'\\' ' \\bad\n'", "a string that goes on" },
		{ "SELECT U&'\\' \\bad\n'", "one of U&" },
		{ "copy t from stdin;\n'\n\\.\n\\bad\n'", "a small copy" },
		{ "COPY t FROM STDIN;\n'\n\\.\n\\bad\n'", "STDIN" },
		{ "COPY t FROM stdin; \\bad\n\\.\n", "the line of COPY" },
		{ "COPY t FROM stdin;\n\\.\n\\bad\n", "behind data" },
		{ "CREATE RULE r AS ON INSERT TO t DO (SELECT 1;\n"
		    "COPY t FROM stdin;\n\\bad\n", "COPY in a rule" },
		{ "CREATE FUNCTION f() BEGIN ATOMIC SELECT 1;\n"
		    "COPY t FROM stdin;\n\\bad\n", "COPY in a function" },
		{ "SELECT '\\unrestrict `bad`';", "in backquotes" },
		{ "-- \\unrestrict x `bad`\n", "in a comment" },
		{ "\xef" "E'\\' \\bad\n'", "half a mark" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		tap_ok(is_refused(cases[i].text), "hidden: %s", cases[i].name);
}

/* What pg_dump writes is not refused. */
static void
test_honest(void)
{
	static const char *const cases[] = {
		"\xef\xbb\xbf--\n-- PostgreSQL database dump\n--\n",
		"\\restrict a1\nSELECT 1;\n\\unrestrict a1\n",
		"SET standard_conforming_strings = on;\nSELECT '\\';y;",
		"SET standard_conforming_strings = off;SELECT 'a\\\\''';y;",
		"CREATE FUNCTION f() RETURNS integer LANGUAGE sql\n"
		    " BEGIN ATOMIC\n SELECT CASE WHEN a THEN E'\\\\' ELSE 'b' "
		    "END;\nSELECT 2;\nEND;\nCOPY t (a) FROM stdin;\n\\bad\n"
		    "\\.\n",
		"CREATE RULE r AS ON INSERT TO t DO ( SELECT 1;\n SELECT 2;\n"
		    ");\nCOPY t (a) FROM stdin;\n\\.x\n\\bad\n\\.\r\n",
		"COPY t (a) WITH OIDS FROM stdin;\n1\n\\.\n",
		"SELECT (1 - -2) / 3 * '1'::text || E'\\\\d' || 'x\\';",
		"COMMENT ON TABLE t IS 'standard_conforming_strings = off';",
		"CREATE FUNCTION f() SET standard_conforming_strings TO 'off' "
		    "AS $_$\\bad$_$;",
		"ALTER TABLE t ADD CHECK (a ~ E'\\\\d{1,3}'::text AND b = '\\');",
		"SELECT 1E5, 1.5, x1.y$2, $1, E'a' - 'b', U&'\\0041';",
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		tap_ok(!is_refused(cases[i]), "honest: %zu", i);
}

/* -- entries -------------------------------------------------------------- */

static size_t
count(const char *text, size_t step)
{
	struct err e = ERR_INIT;
	struct entries *n = entries_new(&e);
	size_t len = strlen(text), at, size;

	for (at = 0; at < len; at += size) {
		size = len - at < step ? len - at : step;
		(void)entries_put(n, text + at, size, &e);
	}
	at = entries_count(n);
	entries_free(n);
	return at;
}

static size_t
match(const char *ids, const char *list)
{
	struct err e = ERR_INIT;
	size_t n = 99;

	return entries_match(ids, list, &n, &e) == 0 ? n : 99;
}

static void
test_entries(void)
{
	static const char text[] = "--\n-- Name: a; Type: INDEX\n--\n\nCREATE "
		"INDEX a;\n\n--\n-- Name: b; Type: COMMENT\n--\n\nCOMMENT x IS "
		"'\n-- Name: c;\n';-- Name: d\n -- Name: e\n-- Dumped by\n"
		"-- Name: f; Type: INDEX\n";
	size_t step;

	for (step = 1; step < 1000; step *= 30)
		tap_int((long)count(text, step), 3, "entries in a text");
	tap_int((long)count("", 1), 0, "none in none");
	tap_int((long)match("7\n31\n5\n", ";\n; x\n31; 2 INDEX\n5; 1\n"
	    "8; 2 7; 3\n"), 2, "entries in two lists");
	tap_int((long)match("7\n7\n0\n-1\n", "7; 1 2\n;0\n9; 7\n"), 1,
	    "each once");
	tap_int((long)match("", "7; 1 2\n"), 0, "none in an empty list");
}

static bool
is_owner(const char *text)
{
	return sqltext_is_owner(text, strlen(text));
}

static void
test_owner(void)
{
	tap_ok(is_owner("ALTER TABLE t OWNER TO me;"), "an owner");
	tap_ok(is_owner("ALTER TABLE t OWNER TO \"a \"\"b\"\";\";"),
	    "a quoted one");
	tap_ok(is_owner("ALTER FUNCTION f(a text) OWNER TO me;"),
	    "of a function");
	tap_ok(is_owner("SET SESSION AUTHORIZATION 'me';"), "or a session");
	tap_ok(!is_owner("ALTER TABLE t ADD CHECK (a <> ' OWNER TO me');"),
	    "a check is none");
	tap_ok(!is_owner("COMMENT ON TABLE t IS ' OWNER TO me';"),
	    "nor a comment");
	tap_ok(!is_owner("ALTER TABLE t OWNER TO me, x;"), "nor two");
}

/* -- the database's own -------------------------------------------------- */

static const char *
rename_in(const char *statement, const char *quoted, struct buf *out)
{
	buf_reset(out);
	return properties_rename(statement, strlen(statement), quoted, "tmp",
	    out) ? buf_text(out) : "";
}

static void
test_rename(void)
{
	struct buf b = BUF_INIT(1000);

	tap_text(rename_in("ALTER DATABASE a SET x TO 'a';", "a", &b),
	    "ALTER DATABASE tmp SET x TO 'a';", "a setting");
	tap_text(rename_in("ALTER DATABASE \"a b\" OWNER TO x;", "\"a b\"", &b),
	    "ALTER DATABASE tmp OWNER TO x;", "a quoted name");
	tap_text(rename_in("GRANT CONNECT ON DATABASE a TO x;", "a", &b),
	    "GRANT CONNECT ON DATABASE tmp TO x;", "a privilege");
	tap_text(rename_in("ALTER ROLE r IN DATABASE a SET x TO 'y';", "a", &b),
	    "ALTER ROLE r IN DATABASE tmp SET x TO 'y';", "of a role");
	tap_text(rename_in("ALTER DATABASE ab SET x TO 'y';", "a", &b), "",
	    "another database");
	tap_text(rename_in("CREATE DATABASE a WITH x;", "a", &b), "",
	    "its creation");
	tap_text(rename_in("SET search_path = '';", "a", &b), "",
	    "something else");
	buf_free(&b);
}

/* -- rows ------------------------------------------------------------------ */

static long
scan(const char *text)
{
	struct copyhead h;

	return copyhead_scan(&h, text, strlen(text));
}

static void
split_head(const char *text, const char *table, const char *columns)
{
	struct buf b = BUF_INIT(1000);
	struct copyhead h;

	tap_int(copyhead_scan(&h, text, strlen(text)), (long)strlen(text),
	    "a head of %s", table);
	buf_put(&b, h.table, h.table_len);
	tap_text(buf_text(&b), table, "its table");
	buf_reset(&b);
	buf_put(&b, h.columns, h.columns_len);
	tap_text(buf_text(&b), columns, "its columns");
	buf_free(&b);
}

static void
test_head(void)
{
	tap_int(scan("COPY t (a) FROM stdin;\n1\n\\.\n"), 23, "a head");
	tap_int(scan("COPY t FROM stdin;\n"), 19, "without columns");
	tap_int(scan("COPY \"t;\n\"\"\" (\"a FROM stdin;\n\") FROM stdin;\n"),
	    44, "with odd names");
	tap_int(scan("COPY t (a) FROM std"), 0, "not all there");
	tap_int(scan("COPY t (a) FROM stdin;"), 0, "without its line end");
	tap_int(scan("COPY t (a) FROM stdin; x\n"), -1, "with more");
	tap_int(scan("COPY t (a) FROM PROGRAM 'x';\n"), -1, "of a program");
	tap_int(scan("DROP TABLE t;\n"), -1, "another statement");
	tap_int(scan("COP"), 0, "too short to tell");
	split_head("COPY public.t (a, b) FROM stdin;\n", "public.t", "a, b");
	split_head("COPY t (a) FROM stdin;\n", "t", "a");
	split_head("COPY t FROM stdin;\n", "t", "");
	split_head("COPY \"a (b) \".\"; \"\" (\" (\"c) \", \"(\") FROM stdin;\n",
	    "\"a (b) \".\"; \"\" (\"", "\"c) \", \"(\"");
}

int
main(void)
{
	test_split();
	test_command();
	test_hidden();
	test_honest();
	test_entries();
	test_owner();
	test_rename();
	test_head();
	return tap_done();
}
