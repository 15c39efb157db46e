/*
 * How many entries of an archive's table of contents are there? As the text of
 * pg_restore tells, and as a list does: the two must agree before the one is
 * restored in place of the other.
 */
#ifndef ENTRIES_H
#define ENTRIES_H

#include <stddef.h>

#include "err.h"

struct entries;

struct entries *entries_new(struct err *e);
void entries_free(struct entries *n);	/* NULL is fine */

/* The next piece of the text. */
int entries_put(struct entries *n, const char *text, size_t len,
	struct err *e);

/* Those whose head, a comment, has come so far. */
size_t entries_count(const struct entries *n);

/*
 * How many lines of `pg_restore --list` begin with a number that is a line of
 * ids; each counts once. Pure, but for memory.
 */
int entries_match(const char *ids, const char *list, size_t *count,
	struct err *e);

#endif
