/*
 * How much of a plan is done, counted by many threads without a lock: in bytes
 * of relations, which are known beforehand, unlike those of the dump.
 */
#ifndef METER_H
#define METER_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* One thread's part; only that thread writes it. */
struct meter {
	_Atomic uint64_t done;	/* of its tasks, the one at hand included */
	uint64_t before, size;	/* that one's: what was done, what it has */
};

/* A task of some size begins; one that was not ended counts as not done. */
void meter_begin(struct meter *m, uint64_t size);

/* So much text of it has come; that is taken for as much of the size. */
void meter_text(struct meter *m, uint64_t bytes);

/* All of it is done. */
void meter_end(struct meter *m);

/* The sum of n of them; from any thread. */
uint64_t meter_sum(const struct meter *meters, size_t n);

#endif
