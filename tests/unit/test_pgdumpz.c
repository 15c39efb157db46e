/* The pure parts of pgdumpz: texts of pg_dump's, versions, digests, names. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "pgdumpz/manifest.h"
#include "programs.h"
#include "rowsum.h"
#include "pgdumpz/schema.h"
#include "tap.h"

static void
test_versions(void)
{
	static const struct {
		const char *text, *version;
		int major;
	} good[] = {
		{ "pg_dump (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n",
		    "15.20", 15 },
		{ "pg_dump (PostgreSQL) 9.6.24\n", "9.6.24", 9 },
		{ "pg_dump (PostgreSQL) 18beta1\n", "18beta1", 18 },
		{ "pg_dump (PostgreSQL) 17.0\r\n", "17.0", 17 },
	};
	static const char *const bad[] = { "", "pg_dump 15", "x (PostgreSQL) ",
		"pg_dump (PostgreSQL) v15\n" };
	char version[32];
	size_t i;
	int major;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		tap_int(programs_parse_version(good[i].text, version,
		    sizeof(version), &major), 0, "%s", good[i].version);
		tap_text(version, good[i].version, "version");
		tap_int(major, good[i].major, "major");
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_int(programs_parse_version(bad[i], version,
		    sizeof(version), &major), -1, "no version: '%s'", bad[i]);
}

/* Expected values: tests/scenario has the same in Python. */
static void
test_rowsum(void)
{
	struct rowsum a = { 0, 0, 0, 0 }, b = a, c = a;

	rowsum_add(&a, "", 0);
	tap_ok(a.digest == 0xe220a8397b1dcdafu, "the empty row");
	tap_int((int64_t)a.bytes, 1, "its newline counts");
	rowsum_add(&a, "1\tx", 3);
	rowsum_add(&b, "1\tx", 3);
	rowsum_add(&b, "", 0);
	tap_ok(a.digest == b.digest, "order does not matter");
	rowsum_add(&c, "1\tx", 3);
	rowsum_add(&b, "1\tx", 3);
	tap_ok(a.digest != b.digest, "repetition does");
	rowsum_merge(&a, &c);
	tap_ok(a.digest == b.digest && a.rows == 3 && a.bytes == b.bytes,
	    "merged");
}

static void
strip(const char *text, const char *expected, const char *name)
{
	struct buf b = BUF_INIT(10000);

	buf_puts(&b, text);
	schema_strip(&b);
	tap_text(buf_text(&b), expected, "%s", name);
	tap_int((int64_t)b.len, (int64_t)strlen(expected), "its length");
	buf_free(&b);
}

#define HEAD "--\n-- PostgreSQL database dump\n--\n\n"
#define TAIL "--\n-- PostgreSQL database dump complete\n--\n\n"

static void
test_strip(void)
{
	strip(HEAD "SELECT 1;\n" TAIL "\\unrestrict x\n",
	    "SELECT 1;\n\\unrestrict x\n", "header and trailer go");
	strip(HEAD "AS '" TAIL "';\n" TAIL, "AS '" TAIL "';\n",
	    "a function's body stays");
	strip("SELECT 1;\n", "SELECT 1;\n", "nothing to do");
	strip("", "", "nothing at all");
	strip(HEAD TAIL, "", "nothing between");
}

static void
test_setval(void)
{
	static const char text[] = "--\n-- Name: x; Type: SEQUENCE SET\n--\n\n"
		"SET x = 1;\n"
		"SELECT pg_catalog.setval('public.\"a''b\nc\"', -7, false);\n"
		"\n-- SELECT pg_catalog.setval('no', 1, true);\n"
		"SELECT pg_catalog.setval('s', 9223372036854775807, true);\n";
	struct buf name = BUF_INIT(1000);
	struct schema_setval v;
	const char *at = text;

	tap_int(schema_next_setval(&at, &v, &name), 1, "the first");
	tap_text(buf_text(&name), "public.\"a'b\nc\"", "its name");
	tap_ok(v.last == -7 && !v.called, "its value");
	tap_ok(memcmp(v.sql, "SELECT", 6) == 0 &&
	    memcmp(v.sql + v.len - 8, "false);\n", 8) == 0, "its text");
	buf_reset(&name);
	tap_int(schema_next_setval(&at, &v, &name), 1, "the second");
	tap_text(buf_text(&name), "s", "not one in a comment");
	tap_ok(v.last == INT64_MAX && v.called, "its value");
	tap_int(schema_next_setval(&at, &v, &name), 0, "no more");
	at = "SELECT pg_catalog.setval('s', 1, maybe);\n";
	tap_int(schema_next_setval(&at, &v, &name), -1, "not understood");
	at = "SELECT pg_catalog.setval('s";
	tap_int(schema_next_setval(&at, &v, &name), -1, "cut");
	buf_free(&name);
}

static void
name_is(const char *name, const char *encoding, const char *line)
{
	struct buf b = BUF_INIT(1000);
	struct err e = ERR_INIT;
	json_t *j = json_object();

	(void)json_object_set_new(j, "table", json_name(name, encoding));
	tap_int(manifest_put_line(j, &b, &e), 0, "a line");
	tap_text(buf_text(&b), line, "%s", encoding);
	json_decref(j);
	buf_free(&b);
}

static void
test_names(void)
{
	name_is("a\n\\! x\"", "UTF8",
	    "-- pgdumpz: {\"table\":\"a\\n\\\\! x\\\"\"}\n");
	name_is("\xc3\xbc", "UTF8", "-- pgdumpz: {\"table\":\"\\u00FC\"}\n");
	name_is("\xfc\xe4", "LATIN1",
	    "-- pgdumpz: {\"table\":\"\\u00FC\\u00E4\"}\n");
	name_is("\xc3\xbc", "EUC_JP",
	    "-- pgdumpz: {\"table\":\"\\u00C3\\u00BC\"}\n");
	name_is("\xff", "UTF8", "-- pgdumpz: {\"table\":\"\\u00FF\"}\n");
}

int
main(void)
{
	test_versions();
	test_rowsum();
	test_strip();
	test_setval();
	test_names();
	return tap_done();
}
