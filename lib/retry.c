/*
 * Where the pure waits of backoff meet the clock, random numbers and sleep.
 */
#include "os.h"
#include "retry.h"

int
retry_wait(struct retry *r, struct err *e)
{
	int64_t now = os_monotonic_ms(), wait;
	uint32_t random = 0;
	struct err ignored;

	if (r->attempts++ == 0)
		r->failed_ms = now;
	if (os_random(&random, sizeof(random), &ignored) != 0)
		random = UINT32_MAX;
	wait = backoff_wait_ms(&r->waits, r->attempts, now - r->failed_ms, 0,
	    random);
	return wait < 0 ? -1 : os_sleep_ms(wait, e);
}
