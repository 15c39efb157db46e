/* What keeps psql from commands of its own. */
#include <string.h>

#include "restrict.h"
#include "tests/unit/tap.h"

static void
test_versions(void)
{
	static const char *const can[] = { "13.22", "14.19", "15.14", "15.20",
		"16.10", "17.6", "18.0", "18.1", "19devel", "20.1" };
	static const char *const cannot[] = { "9.6.24", "12.22", "13.21",
		"14.18", "15.13", "15beta1", "16.9", "17.5", "18beta1", "" };
	size_t i;

	for (i = 0; i < sizeof(can) / sizeof(can[0]); i++)
		tap_ok(restrict_is_known(can[i]), "%s can", can[i]);
	for (i = 0; i < sizeof(cannot) / sizeof(cannot[0]); i++)
		tap_ok(!restrict_is_known(cannot[i]), "'%s' can't", cannot[i]);
}

static void
test_commands(void)
{
	static const char *const good[] = { "\\restrict a1B2\n",
		"\\unrestrict k", "\\restrict k \r\n", "\\restrict " };
	static const char *const bad[] = { "", "\\restric", "\\restrict",
		"\\restrict `id`\n", "\\unrestrict k \\! id\n",
		"\\unrestrict :k", " \\restrict k\n", "\\restrict k\nSELECT 1;",
		"\\RESTRICT k" };
	static const char nul[] = "\\restrict k\0`id`";
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		tap_ok(restrict_is_one(good[i], strlen(good[i])), "one: %s",
		    good[i] + 1);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_ok(!restrict_is_one(bad[i], strlen(bad[i])), "none: %zu", i);
	tap_ok(!restrict_is_one(nul, sizeof(nul) - 1), "none: a byte 0");
}

int
main(void)
{
	test_versions();
	test_commands();
	return tap_done();
}
