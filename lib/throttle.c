/*
 * Each taker reserves the time that its bytes need and sleeps until its turn
 * comes: no bursts, and no time that was not used is made up for.
 */
#include <pthread.h>
#include <stdlib.h>

#include "mem.h"
#include "os.h"
#include "throttle.h"

#define STEPS_PER_SECOND 20

struct throttle {
	pthread_mutex_t lock;
	uint64_t rate;
	int64_t free_us;	/* from then on, the line is free */
};

struct throttle *
throttle_new(uint64_t bytes_per_second, struct err *e)
{
	struct throttle *t = mem_new(1, sizeof(*t), e);

	if (t == NULL)
		return NULL;
	t->rate = bytes_per_second;
	(void)pthread_mutex_init(&t->lock, NULL);
	return t;
}

void
throttle_free(struct throttle *t)
{
	if (t == NULL)
		return;
	(void)pthread_mutex_destroy(&t->lock);
	free(t);
}

size_t
throttle_take(struct throttle *t, size_t n, struct err *e)
{
	size_t most = (size_t)(t->rate / STEPS_PER_SECOND);
	int64_t now_us = os_monotonic_ms() * 1000, turn_us;

	if (n > most)
		n = most;
	(void)pthread_mutex_lock(&t->lock);
	turn_us = t->free_us > now_us ? t->free_us : now_us;
	t->free_us = turn_us + (int64_t)(n * 1000000 / t->rate);
	(void)pthread_mutex_unlock(&t->lock);
	if (turn_us > now_us && os_sleep_ms((turn_us - now_us) / 1000, e) != 0)
		return 0;
	return n;
}
