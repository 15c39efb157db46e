/*
 * Connections that work on the tasks of a plan, beside the leader, which
 * holds the snapshot and the locks.
 */
#ifndef POOL_H
#define POOL_H

#include "options.h"
#include "plan.h"
#include "seal.h"
#include "snapshot.h"

struct pool_setup {
	const struct options *options;
	const struct pg_place *place;
	struct snapshot *snapshot;
	const struct plan *plan;
	struct seal_writer *out;
};

/*
 * Carry out all tasks. The sums go to the tables and to *lobs. The first
 * failure of anyone breaks all connections off and is returned.
 */
int pool_run(const struct pool_setup *setup, struct rowsum *lobs,
	struct err *e);

#endif
