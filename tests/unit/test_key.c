/*
 * Keys of s3put: made of a database's name, and refused.
 */
#include <string.h>

#include "s3put/key.h"
#include "tap.h"

#define NOW 1735956000	/* 2025-01-04T02:00:00Z */

static void
test_make(void)
{
	static const struct {
		const char *name, *suffix;
		const char *key;	/* NULL: refused */
	} cases[] = {
		{ "leapmailr", NULL, "leapmailr_20250104_020000.sql.gz" },
		{ "app", ".age", "app_20250104_020000.sql.gz.age" },
		{ "app", ".gpg", "app_20250104_020000.sql.gz.gpg" },
		{ "app", ".enc", "app_20250104_020000.sql.gz.enc" },
		{ "app", ".zip", NULL },
		{ "app", "age", NULL },
		{ "app", "", NULL },
		{ "", NULL, NULL },
		{ "my db", NULL, "my%20db_20250104_020000.sql.gz" },
		{ "a/b", NULL, "a%2Fb_20250104_020000.sql.gz" },
		{ "app_20240101", NULL,
		    "app_20240101_20250104_020000.sql.gz" },
		{ "gr\xc3\xbc\xc3\x9f", NULL,
		    "gr%C3%BC%C3%9F_20250104_020000.sql.gz" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b = BUF_INIT(1024);
		struct err e = ERR_INIT;
		int rc = key_make(&b, cases[i].name, NOW, cases[i].suffix, &e);

		if (cases[i].key == NULL)
			tap_ok(rc != 0 && e.kind == ERR_USAGE,
			    "refused: '%s' '%s'", cases[i].name,
			    cases[i].suffix != NULL ? cases[i].suffix : "-");
		else
			tap_text(rc == 0 ? buf_text(&b) : e.text,
			    cases[i].key, "made of '%s'", cases[i].name);
		buf_free(&b);
	}
}

static void
test_check(void)
{
	static const struct {
		const char *key;
		bool filtered, good;
	} cases[] = {
		{ "a.sql.gz", false, true },
		{ "dir/a b+%\xc3\xbc", false, true },
		{ "", false, false },
		{ "dir/", false, false },
		{ "a\tb", false, true },
		{ "a\nb", false, true },
		{ "a\x7f", false, true },
		{ "app_20250104_020000.sql.gz", false, true },
		{ "app_20250104_020000.sql.gz", true, false },
		{ "x/app_20250104_020000.sql.gz", true, false },
		{ "app_20250104_020000.sql.gz.age", true, true },
		{ "app_20250104_020000.sql.gz.age", false, true },
		{ "anything", true, true },
	};
	struct err e = ERR_INIT;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		tap_ok((key_check(cases[i].key, cases[i].filtered, &e) == 0) ==
		    cases[i].good, "%s: '%s'%s",
		    cases[i].good ? "good" : "refused", cases[i].key,
		    cases[i].filtered ? " with a filter" : "");
}

int
main(void)
{
	test_make();
	test_check();
	return tap_done();
}
