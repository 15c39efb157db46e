/*
 * Patience: tries something again, with the waits of a struct backoff.
 *
 *	struct retry r = { .waits = { ... } };
 *
 *	while ((rc = attempt(&e)) != 0)
 *		if (!is_temporary() || retry_wait(&r, &e) != 0)
 *			break;
 */
#ifndef RETRY_H
#define RETRY_H

#include <stdint.h>

#include "backoff.h"
#include "err.h"

struct retry {
	struct backoff waits;
	unsigned attempts;	/* that have failed so far */
	int64_t failed_ms;	/* when the first one did */
};

/*
 * After a failed attempt, e saying why: wait, and return 0 to make another. -1
 * when there is no more trying, e unchanged; or ERR_SIGNAL, asked to stop.
 */
int retry_wait(struct retry *r, struct err *e);

#endif
