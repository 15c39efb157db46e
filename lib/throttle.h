/*
 * A limit on how fast bytes go, together, on all threads that use it.
 */
#ifndef THROTTLE_H
#define THROTTLE_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define THROTTLE_MIN 16384	/* bytes per second; less looks like a stall */

struct throttle;

/* bytes_per_second is at least THROTTLE_MIN. NULL on failure. */
struct throttle *throttle_new(uint64_t bytes_per_second, struct err *e);
void throttle_free(struct throttle *t);

/*
 * Wait until more bytes may go, and say how many of the n wanted (at least 1)
 * that are. 0 and ERR_SIGNAL when asked to stop.
 */
size_t throttle_take(struct throttle *t, size_t n, struct err *e);

#endif
