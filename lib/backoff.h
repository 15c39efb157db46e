/*
 * When to try again: exponential waits with full jitter, so that many clients
 * of a server that stumbled don't come back in step. Pure: the clock and the
 * random number are arguments.
 */
#ifndef BACKOFF_H
#define BACKOFF_H

#include <stdint.h>

struct backoff {
	unsigned max_attempts;	/* the first one included */
	int64_t base_ms;	/* ceiling of the first wait; doubles */
	int64_t cap_ms;		/* ceiling of every wait */
	int64_t budget_ms;	/* no attempt begins later than this */
};

/*
 * 8 attempts, waits up to 0.2, 0.4 … 12.8 s, all within five minutes of the
 * first failure.
 */
struct backoff backoff_default(void);

/*
 * How long to wait after a failed attempt, or -1 to give up.
 *   attempts	made so far, at least 1
 *   elapsed_ms	since the first one failed: one that moved data for long,
 *		and broke, is worth another
 *   at_least_ms what the server asked for (Retry-After), 0 for nothing; more
 *		than the budget has left means giving up
 *   random	any 32 random bits
 */
int64_t backoff_wait_ms(const struct backoff *b, unsigned attempts,
	int64_t elapsed_ms, int64_t at_least_ms, uint32_t random);

#endif
