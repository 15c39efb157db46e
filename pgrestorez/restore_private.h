/*
 * Shared by what restores the one and the other make of backup.
 */
#ifndef RESTORE_PRIVATE_H
#define RESTORE_PRIVATE_H

#include <jansson.h>

#include "check.h"
#include "feed.h"
#include "foreign.h"
#include "lanes.h"
#include "post.h"
#include "target.h"

#define STDIN 0

struct restore {
	const struct options *options;
	struct target target;
	struct programs programs;
	struct check check;		/* of the input */
	struct buf head;		/* its first bytes */
	struct foreign foreign;
	struct feed *feed;		/* of PRE, or of all of a text */
	struct lanes *lanes;		/* of the rows */
	struct post post;
	json_t *pre;			/* PRE's second line; NULL: none */
	bool has_begun;			/* the database is made */
	json_t *manifest;		/* when it was wanted */
	int64_t took_ms[2];		/* to restore, to verify */
};

/* Read and check the input, by the hooks that have been set. */
int restore_read(struct restore *r, struct err *e);

/* All of a sealed stream but the properties of the database itself. */
int sealed_restore(struct restore *r, struct err *e);
void sealed_free(struct restore *r);

/* The text of pg_dump, gzipped or not. */
int plain_restore(struct restore *r, struct err *e);

#endif
