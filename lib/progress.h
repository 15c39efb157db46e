/*
 * How far a stream is, for the progress line on a terminal: the part done, the
 * rate of late, the time that is left at that rate. A struct belongs to one
 * thread at a time.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdint.h>

#define PROGRESS_TEXT 256

struct progress {
	uint64_t total;		/* bytes there will be; 0: not known */
	uint64_t done;
	uint64_t rate;		/* bytes a second; 0: not known yet */
	int64_t start_ms, last_ms;	/* of a monotonic clock */
};

/* Begin now. total is 0 when it can't be known. */
void progress_start(struct progress *p, uint64_t total);

/*
 * Show that done bytes are done, and more (NULL: nothing) behind it. Cheap
 * where there is no terminal, and then without effect; see log_due().
 * log_progress_end() takes the line away.
 */
void progress_show(struct progress *p, uint64_t done, const char *more);

/*
 * Take note of done bytes at the time now_ms: the rate is the average of all
 * that time in the first seconds, and forgets what is older after that. Pure.
 */
void progress_update(struct progress *p, uint64_t done, int64_t now_ms);

/*
 * "34 % of 1.2 GiB, 88.1 MiB/s, 9 s left", or "412.0 MiB, 88.1 MiB/s" where the
 * total is not known; out holds PROGRESS_TEXT. Returns out. Pure.
 */
const char *progress_text(const struct progress *p, char *out);

#endif
