/*
 * SQL text of pg_dump into psql, as it comes. The first statement that fails
 * ends it.
 */
#ifndef FEED_H
#define FEED_H

#include "options.h"
#include "programs.h"

struct feed;

/*
 * Owners and privileges are left out, and a role set before anything else, as
 * the options say. Text that would leave the database, or do anything else by a
 * command of psql's own, fails before it does (ERR_USAGE): a seal tells that a
 * text is whole, not who wrote it. From the main thread only.
 */
struct feed *feed_start(const struct programs *p, const struct pg_place *place,
	const struct options *o, struct err *e);

/* On failure the reason is psql's, if it has one; only free it then. */
int feed_put(struct feed *f, const char *text, size_t len, struct err *e);

/* No more text: wait until all of it has been run. */
int feed_end(struct feed *f, struct err *e);

/* Not ended means killed. NULL is fine. */
void feed_free(struct feed *f);

#endif
