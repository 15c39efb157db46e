/*
 * Does a database hold what a backup's manifest says? Rows and digest of each
 * table are computed anew, in parallel, in one snapshot; sequences and large
 * objects are compared as well.
 */
#ifndef VERIFY_H
#define VERIFY_H

#include <jansson.h>

#include "options.h"

struct verify {
	uint64_t tables, rows;	/* that were read */
	json_t *differences;	/* an object for each */
	json_t *counted;	/* tables whose rows were counted only */
	char server[32];	/* its version */
};

/*
 * Compare. 0 when that could be done: v tells the result, and has to be freed.
 * Each difference is logged as it is found.
 */
int verify_run(struct verify *v, const struct options *o,
	const struct pg_place *place, const json_t *manifest, struct err *e);
void verify_free(struct verify *v);

#endif
