#include "backoff.h"
#include "tap.h"

/* The ceilings of the waits of the default schedule, with the worst luck. */
static void
test_ceilings(void)
{
	static const int64_t expected[] = { 200, 400, 800, 1600, 3200, 6400,
		12800, -1 };
	struct backoff b = backoff_default();
	unsigned i;

	for (i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		tap_int(backoff_wait_ms(&b, i + 1, 0, 0, UINT32_MAX),
		    expected[i], "ceiling after attempt %u", i + 1);
	b.max_attempts = 100;
	tap_int(backoff_wait_ms(&b, 9, 0, 0, UINT32_MAX), 20000, "the cap");
	tap_int(backoff_wait_ms(&b, 99, 0, 0, UINT32_MAX), 20000,
	    "the cap, far out");
}

static void
test_jitter(void)
{
	struct backoff b = backoff_default();

	tap_int(backoff_wait_ms(&b, 3, 0, 0, 0), 0, "the best luck");
	tap_int(backoff_wait_ms(&b, 3, 0, 0, UINT32_MAX / 2), 399, "half");
	tap_int(backoff_wait_ms(&b, 3, 0, 5000, 0), 5000,
	    "not before the server wants it");
	tap_int(backoff_wait_ms(&b, 3, 0, 1, UINT32_MAX), 800,
	    "but maybe later");
}

static void
test_limits(void)
{
	struct backoff b = backoff_default();

	tap_int(backoff_wait_ms(&b, 1, 299800, 0, UINT32_MAX), 200,
	    "just within the budget");
	tap_int(backoff_wait_ms(&b, 1, 299801, 0, UINT32_MAX), -1,
	    "just not");
	tap_int(backoff_wait_ms(&b, 1, 400000, 0, 0), -1, "long over");
	tap_int(backoff_wait_ms(&b, 1, 0, 3600000, 0), -1,
	    "an hour is more than the budget");
	b.max_attempts = 1;
	tap_int(backoff_wait_ms(&b, 1, 0, 0, 0), -1, "one attempt only");
}

int
main(void)
{
	test_ceilings();
	test_jitter();
	test_limits();
	return tap_done();
}
