/*
 * A line of text is shorter or longer than its tuple, so within a task this is
 * a guess, which the task's end puts right.
 */
#include "meter.h"

static void
set_done(struct meter *m, uint64_t done)
{
	atomic_store_explicit(&m->done, done, memory_order_relaxed);
}

void
meter_begin(struct meter *m, uint64_t size)
{
	set_done(m, m->before);
	m->size = size;
}

void
meter_text(struct meter *m, uint64_t bytes)
{
	set_done(m, m->before + (bytes < m->size ? bytes : m->size));
}

void
meter_end(struct meter *m)
{
	m->before += m->size;
	set_done(m, m->before);
}

uint64_t
meter_sum(const struct meter *meters, size_t n)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += atomic_load_explicit(&meters[i].done,
		    memory_order_relaxed);
	return sum;
}
