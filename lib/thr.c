/*
 * Jobs go round a ring of depth slots: put by one thread, worked on by any,
 * taken in order. Three counters that only grow say where each stands.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "mem.h"
#include "thr.h"

struct slot {
	void *job;
	bool done;
};

struct worker {
	struct thr_pipe *pipe;
	unsigned number;
	pthread_t thread;
};

struct thr_pipe {
	void (*work)(void *job, unsigned worker);
	pthread_mutex_t lock;
	pthread_cond_t has_work, has_result;
	uint64_t put, started, taken;	/* jobs so far */
	bool end;
	unsigned depth, running;
	struct slot *slots;
	struct worker *workers;
};

static void *
run(void *arg)
{
	struct worker *w = arg;
	struct thr_pipe *p = w->pipe;
	struct slot *s;

	(void)pthread_mutex_lock(&p->lock);
	for (;;) {
		while (p->started == p->put && !p->end)
			(void)pthread_cond_wait(&p->has_work, &p->lock);
		if (p->started == p->put)
			break;
		s = &p->slots[p->started++ % p->depth];
		(void)pthread_mutex_unlock(&p->lock);
		p->work(s->job, w->number);
		(void)pthread_mutex_lock(&p->lock);
		s->done = true;
		(void)pthread_cond_signal(&p->has_result);
	}
	(void)pthread_mutex_unlock(&p->lock);
	return NULL;
}

struct thr_pipe *
thr_pipe_new(unsigned threads, unsigned depth,
	void (*work)(void *job, unsigned worker), struct err *e)
{
	struct thr_pipe *p = mem_new(1, sizeof(*p), e);
	struct worker *w;

	if (p == NULL)
		return NULL;
	p->work = work;
	p->depth = depth;
	(void)pthread_mutex_init(&p->lock, NULL);
	(void)pthread_cond_init(&p->has_work, NULL);
	(void)pthread_cond_init(&p->has_result, NULL);
	p->slots = mem_new(depth, sizeof(*p->slots), e);
	p->workers = mem_new(threads, sizeof(*p->workers), e);
	if (p->slots == NULL || p->workers == NULL)
		goto fail;
	for (; p->running < threads; p->running++) {
		w = &p->workers[p->running];
		w->pipe = p;
		w->number = p->running;
		if (pthread_create(&w->thread, NULL, run, w) != 0) {
			err_set(e, ERR_LOCAL, "cannot start a thread");
			goto fail;
		}
	}
	return p;
fail:
	thr_pipe_free(p);
	return NULL;
}

/* put and taken move only on the thread that owns the pipe. */
bool
thr_pipe_full(const struct thr_pipe *p)
{
	return p->put - p->taken == p->depth;
}

bool
thr_pipe_empty(const struct thr_pipe *p)
{
	return p->put == p->taken;
}

void
thr_pipe_put(struct thr_pipe *p, void *job)
{
	struct slot *s = &p->slots[p->put % p->depth];

	(void)pthread_mutex_lock(&p->lock);
	s->job = job;
	s->done = false;
	p->put++;
	(void)pthread_cond_signal(&p->has_work);
	(void)pthread_mutex_unlock(&p->lock);
}

void *
thr_pipe_take(struct thr_pipe *p)
{
	struct slot *s = &p->slots[p->taken % p->depth];

	if (thr_pipe_empty(p))
		return NULL;
	(void)pthread_mutex_lock(&p->lock);
	while (!s->done)
		(void)pthread_cond_wait(&p->has_result, &p->lock);
	p->taken++;
	(void)pthread_mutex_unlock(&p->lock);
	return s->job;
}

void
thr_pipe_free(struct thr_pipe *p)
{
	if (p == NULL)
		return;
	(void)pthread_mutex_lock(&p->lock);
	p->end = true;
	(void)pthread_cond_broadcast(&p->has_work);
	(void)pthread_mutex_unlock(&p->lock);
	while (p->running > 0)
		(void)pthread_join(p->workers[--p->running].thread, NULL);
	(void)pthread_cond_destroy(&p->has_result);
	(void)pthread_cond_destroy(&p->has_work);
	(void)pthread_mutex_destroy(&p->lock);
	free(p->slots);
	free(p->workers);
	free(p);
}
