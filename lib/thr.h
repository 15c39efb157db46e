/*
 * Threads for work whose results are wanted in order.
 */
#ifndef THR_H
#define THR_H

#include <stdbool.h>

#include "err.h"

/*
 * A pipe of jobs: one thread puts jobs in and takes them out in the same
 * order, others work on them. Memory is bounded by depth, the jobs that are
 * in it at most.
 */
struct thr_pipe;

/*
 * work(job, worker) is called on one of the threads, worker being its number
 * from 0. It stores its result and its error in the job.
 */
struct thr_pipe *thr_pipe_new(unsigned threads, unsigned depth,
	void (*work)(void *job, unsigned worker), struct err *e);

bool thr_pipe_full(const struct thr_pipe *p);	/* take one before a put */
bool thr_pipe_empty(const struct thr_pipe *p);
void thr_pipe_put(struct thr_pipe *p, void *job);	/* never when full */
void *thr_pipe_take(struct thr_pipe *p);	/* waits; NULL when empty */

/* Ends the threads; jobs not taken must be taken first. NULL is fine. */
void thr_pipe_free(struct thr_pipe *p);

#endif
