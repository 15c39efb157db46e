/*
 * What is the name of a backup, and whose.
 */
#include <string.h>

#include "lib/bkname.h"
#include "tap.h"

#define T0 1704074400	/* 2024-01-01 02:00:00 UTC */

struct name_case {
	const char *text;
	const char *name;	/* NULL: no backup */
	int64_t time;
	bool encrypted;
};

static const struct name_case names[] = {
	{ "app_20240101_020000.sql.gz", "app", T0, false },
	{ "app_20240101_020000.sql.gz.age", "app", T0, true },
	{ "app_20240101_020000.sql.gz.gpg", "app", T0, true },
	{ "app_20240101_020000.sql.gz.enc", "app", T0, true },
	{ "backups/2024/app_20240101_020000.sql.gz", "app", T0, false },
	{ "/var/backups/app_20240101_020000.sql.gz", "app", T0, false },
	{ "app_x_20240101_020000.sql.gz", "app_x", T0, false },
	{ "app_20240101_20240101_020000.sql.gz", "app_20240101", T0, false },
	{ "app_20240101_020000_20240101_020000.sql.gz",
	  "app_20240101_020000", T0, false },
	{ "leapmailr_eu_20240101_020000.sql.gz", "leapmailr_eu", T0, false },
	{ "__20240101_020000.sql.gz", "_", T0, false },
	{ "a%20b%2Fc_20240101_020000.sql.gz", "a%20b%2Fc", T0, false },
	{ "a.b-c_20240101_020000.sql.gz", "a.b-c", T0, false },
	{ "m\xc3\xbcller_20240101_020000.sql.gz", "m\xc3\xbcller", T0,
	  false },
	{ "app.sql.gz_20240101_020000.sql.gz", "app.sql.gz", T0, false },
	{ "app_20240229_000000.sql.gz", "app", 1709164800, false },
	{ "app_20241231_235959.sql.gz", "app", 1735689599, false },
	/* none of ours */
	{ "", NULL, 0, false },
	{ "/", NULL, 0, false },
	{ "app_20240101_020000.sql.gz/", NULL, 0, false },
	{ "_20240101_020000.sql.gz", NULL, 0, false },
	{ "dir/_20240101_020000.sql.gz", NULL, 0, false },
	{ "20240101_020000.sql.gz", NULL, 0, false },
	{ "app20240101_020000.sql.gz", NULL, 0, false },
	{ "app-20240101_020000.sql.gz", NULL, 0, false },
	{ "app_20240101-020000.sql.gz", NULL, 0, false },
	{ "app_20240101T020000.sql.gz", NULL, 0, false },
	{ "app_20240101_0200.sql.gz", NULL, 0, false },
	{ "app_2024011_020000.sql.gz", NULL, 0, false },
	{ "app_ 2240101_020000.sql.gz", NULL, 0, false },
	{ "app_+2240101_020000.sql.gz", NULL, 0, false },
	{ "app_20240101_020000.sql", NULL, 0, false },
	{ "app_20240101_020000.sql.GZ", NULL, 0, false },
	{ "app_20240101_020000.dump.gz", NULL, 0, false },
	{ "app_20240101_020000.sql.gz.partial", NULL, 0, false },
	{ "app_20240101_020000.sql.gz.age.partial", NULL, 0, false },
	{ "app_20240101_020000.sql.gz.age.gpg", NULL, 0, false },
	{ "app_20240101_020000.sql.gz.zip", NULL, 0, false },
	{ "app_20240101_020000.sql.gz ", NULL, 0, false },
	{ "app_20240101_020000.sql.gz.age ", NULL, 0, false },
	{ "app_20240101_020000.sql.gz\n", NULL, 0, false },
	{ "app\n_20240101_020000.sql.gz", NULL, 0, false },
	{ "app\t_20240101_020000.sql.gz", NULL, 0, false },
	{ "x\napp_20240101_020000.sql.gz", NULL, 0, false },
	{ ".sql.gz", NULL, 0, false },
	{ ".age", NULL, 0, false },
	{ "README", NULL, 0, false },
	/* dates that do not exist */
	{ "app_20230229_000000.sql.gz", NULL, 0, false },
	{ "app_19000229_000000.sql.gz", NULL, 0, false },
	{ "app_20240431_000000.sql.gz", NULL, 0, false },
	{ "app_20241301_000000.sql.gz", NULL, 0, false },
	{ "app_20240001_000000.sql.gz", NULL, 0, false },
	{ "app_20240100_000000.sql.gz", NULL, 0, false },
	{ "app_00000101_000000.sql.gz", NULL, 0, false },
	{ "app_20240101_240000.sql.gz", NULL, 0, false },
	{ "app_20240101_006000.sql.gz", NULL, 0, false },
	{ "app_20240101_000060.sql.gz", NULL, 0, false },
};

static void
test_parse(const struct name_case *c)
{
	struct bkname b;
	bool is = bkname_parse(c->text, &b);

	if (c->name == NULL) {
		tap_ok(!is, "not a backup: %s", strlen(c->text) > 0 &&
		    strpbrk(c->text, "\n\t") == NULL ? c->text : "(control)");
		return;
	}
	tap_ok(is && b.time == c->time && b.encrypted == c->encrypted &&
	    bkname_is_of(&b, c->name), "%s is of %s", c->text, c->name);
}

static void
test_neighbours(void)
{
	static const char *const all[] = { "app", "app_x", "app_20240101",
		"leapmailr", "leapmailr_eu", "ap", "App", "" };
	const size_t n = sizeof(all) / sizeof(all[0]);
	struct buf text = BUF_INIT(1024);
	struct bkname b;
	size_t i, j;

	for (i = 0; i + 1 < n; i++) {
		buf_reset(&text);
		bkname_format(&text, all[i], T0, ".age");
		tap_ok(bkname_parse(buf_text(&text), &b), "%s parses",
		    buf_text(&text));
		for (j = 0; j < n; j++)
			if (bkname_is_of(&b, all[j]) != (i == j))
				break;
		tap_ok(j == n, "and is of '%s' only", all[i]);
	}
	buf_free(&text);
}

static void
test_encode(void)
{
	static const struct { const char *database, *name; } cases[] = {
		{ "leapmailr", "leapmailr" },
		{ "My-App_2.0", "My-App_2.0" },
		{ "a b", "a%20b" },
		{ "a/b", "a%2Fb" },
		{ "../x", "..%2Fx" },
		{ "100%", "100%25" },
		{ "m\xc3\xbcller", "m%C3%BCller" },
		{ "new\nline\x7f", "new%0Aline%7F" },
	};
	struct buf out = BUF_INIT(1024);
	struct bkname b;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&out);
		bkname_encode(&out, cases[i].database);
		tap_text(buf_text(&out), cases[i].name, "encode %zu", i);
		b.name = cases[i].name;
		b.name_len = out.len;
		tap_ok(bkname_is_of_database(&b, cases[i].database),
		    "and it is of that database");
		b.name_len--;
		tap_ok(!bkname_is_of_database(&b, cases[i].database),
		    "not so a part of it");
		b.name = "leapmailr_eu";
		b.name_len = 12;
		tap_ok(!bkname_is_of_database(&b, cases[i].database),
		    "nor a longer one");
	}
	buf_free(&out);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		test_parse(&names[i]);
	test_neighbours();
	test_encode();
	return tap_done();
}
