/*
 * Full jitter: a wait is uniform between nothing and the ceiling, which
 * spreads clients best (AWS Architecture Blog, "Exponential Backoff And
 * Jitter").
 */
#include "backoff.h"

struct backoff
backoff_default(void)
{
	struct backoff b = { .max_attempts = 8, .base_ms = 200,
		.cap_ms = 20000, .budget_ms = 300000 };

	return b;
}

static int64_t
ceiling(const struct backoff *b, unsigned attempts)
{
	int64_t c = b->base_ms;

	while (--attempts > 0 && c < b->cap_ms)
		c *= 2;
	return c < b->cap_ms ? c : b->cap_ms;
}

int64_t
backoff_wait_ms(const struct backoff *b, unsigned attempts,
	int64_t elapsed_ms, int64_t at_least_ms, uint32_t random)
{
	int64_t wait;

	if (attempts >= b->max_attempts)
		return -1;
	wait = ceiling(b, attempts) * (int64_t)random / UINT32_MAX;
	if (wait < at_least_ms)
		wait = at_least_ms;
	return wait > b->budget_ms - elapsed_ms ? -1 : wait;
}
