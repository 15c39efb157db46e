/*
 * Carries out tasks on one connection: rows and large objects become members
 * of the stream.
 */
#ifndef COPY_H
#define COPY_H

#include "meter.h"
#include "plan.h"
#include "seal.h"

struct copier;

struct copier_setup {
	struct pg *conn;	/* prepared; borrowed */
	const char *snapshot;	/* NULL: the connection is the leader itself */
	struct seal_writer *out;
	int level;
	struct meter *meter;	/* borrowed */
};

struct copier *copier_new(const struct copier_setup *setup, struct err *e);
void copier_free(struct copier *c);	/* NULL is fine */

/*
 * Carry out a task in a transaction of its own (the leader: within its own).
 * Each table's rows, bytes, digest and time are added to sums[], as many as
 * task->ntables, or one for large objects (where rows counts pages).
 * 0: done; 1: a lock is contended, or was waited for until pg_cancel(), and
 * nothing was written of table *done and what follows; -1: error.
 */
int copier_run(struct copier *c, const struct task *task, struct rowsum *sums,
	size_t *done, struct err *e);

#endif
