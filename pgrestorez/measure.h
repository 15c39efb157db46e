/*
 * Facts about tables that decide how they are read, and how compared.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include "expect.h"

/*
 * What a root is expected to hold: besides the partitions that were loaded
 * through it those that were not, since it is read with all of them.
 */
int measure_roots(struct expect *x, struct pg *c, struct err *e);

/* Which can be read in ranges: their blocks are filled in. */
int measure_blocks(struct expect *x, struct pg *c, struct err *e);

/*
 * Which hold values that a server of version from printed otherwise than this
 * one does: they are marked as vague.
 */
int measure_types(struct expect *x, struct pg *c, int from, struct err *e);

#endif
