/*
 * The clock that backups are named by, against S3's.
 */
#include <string.h>

#include "s3put/access.h"
#include "tap.h"

#define NOON 1735732800

static void
test_clock(int64_t here, int64_t there, const char *wanted, const char *what)
{
	struct err e = ERR_INIT;
	int rc = access_check_clock(here, there, &e);

	tap_ok(rc == (wanted == NULL ? 0 : -1), "%s", what);
	if (wanted == NULL)
		return;
	tap_ok(e.kind == ERR_VERDICT, "%s: a verdict", what);
	tap_ok(strstr(e.text, wanted) != NULL, "%s: '%s' says '%s'", what,
	    e.text, wanted);
	tap_ok(strstr(e.hint, "NTP") != NULL, "%s: a hint", what);
}

int
main(void)
{
	test_clock(NOON, NOON, NULL, "the same time");
	test_clock(NOON, NOON + ACCESS_SKEW, NULL, "as late as it may be");
	test_clock(NOON + ACCESS_SKEW, NOON, NULL, "as early");
	test_clock(NOON, NOON + ACCESS_SKEW + 1, "behind S3's", "too late");
	test_clock(NOON + ACCESS_SKEW + 1, NOON, "ahead of S3's", "too early");
	test_clock(0, NOON, "behind", "a clock without a battery");
	test_clock(NOON, 0, NULL, "a server that tells no time");
	return tap_done();
}
