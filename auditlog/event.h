/*
 * One event, one line of the log.
 */
#ifndef EVENT_H
#define EVENT_H

#include <stdint.h>

#include "buf.h"
#include "pairs.h"

struct event {
	int64_t now;		/* UTC seconds */
	const char *run;	/* NULL or "": written as - */
	const char *name;	/* a-z, digits, _ and dots: "dump.done" */
};

/*
 * Append the line with its newline: time, level, run, event, and the pairs in
 * their order, of which level (info, warn, error; default info) goes to the
 * front. ERR_USAGE on a wrong level or name. Pure.
 */
int event_put(struct buf *out, const struct event *event,
	const struct pairs *pairs, struct err *e);

#endif
