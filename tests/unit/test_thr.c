/* thr: results in order, never more than depth jobs inside. */
#include <stdatomic.h>
#include <stdio.h>

#include "os.h"
#include "tap.h"
#include "thr.h"

#define JOBS 2000
#define DEPTH 7

struct job {
	unsigned in, out;
};

static atomic_uint inside, most;

static void
work(void *arg, unsigned worker)
{
	struct job *j = arg;
	unsigned now = ++inside, seen = most;
	struct err e;

	while (now > seen && !atomic_compare_exchange_weak(&most, &seen, now))
		;
	if (j->in % 97 == 0)	/* stragglers must not change the order */
		(void)os_sleep_ms(2, &e);
	j->out = j->in * 2 + (worker > 2 ? 1 : 0);
	inside--;
}

int
main(void)
{
	static struct job jobs[JOBS];
	struct err e = ERR_INIT;
	struct thr_pipe *p = thr_pipe_new(3, DEPTH, work, &e);
	unsigned put = 0, taken = 0, wrong = 0;
	struct job *j;

	tap_ok(p != NULL, "new");
	tap_ok(thr_pipe_take(p) == NULL, "empty at first");
	while (taken < JOBS) {
		while (put < JOBS && !thr_pipe_full(p)) {
			jobs[put].in = put;
			thr_pipe_put(p, &jobs[put++]);
		}
		j = thr_pipe_take(p);
		if (j != &jobs[taken] || j->out != taken * 2)
			wrong++;
		taken++;
	}
	tap_int(wrong, 0, "%d results in order, workers 0 to 2", JOBS);
	tap_ok(thr_pipe_empty(p), "empty at the end");
	tap_ok(most >= 1 && most <= 3, "at most three at work");
	thr_pipe_free(p);
	thr_pipe_free(NULL);
	p = thr_pipe_new(2, 2, work, &e);
	thr_pipe_free(p);
	tap_ok(true, "freed without a job");
	return tap_done();
}
