/*
 * The work of a dump in pieces for many connections, from the large ones, and
 * those of large tables, to the small ones. Pure.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tables.h"

#define PLAN_BATCH 50	/* tables of a task at most */
#define PLAN_RANGE ((uint64_t)32 << 20)	/* of a table, about: bytes */
#define PLAN_LARGE (2 * PLAN_RANGE)	/* a task that can't be split */
#define PLAN_RANGES_SINCE 140000	/* servers with TID range scans */

/* What one short transaction copies: tables, part of one, or large objects. */
struct task {
	struct table *const *tables;	/* ntables of them; none: objects */
	size_t ntables;
	bool is_range;			/* of one table */
	uint64_t first, end;		/* as in struct copysql */
	uint32_t lo_first, lo_last;	/* OIDs */
	uint64_t size;			/* bytes, for order and progress */
};

struct plan {
	struct task *tasks;
	size_t len;
	struct table **order;		/* what the tasks point into */
	uint64_t size;			/* of all of them */
};

/* A group of large objects with neighbouring OIDs. */
struct plan_lobs {
	uint32_t first, last;
	uint64_t count;
	uint64_t size;			/* bytes: a guess */
};

struct plan_input {
	const struct tables *tables;
	const struct plan_lobs *lobs;
	size_t nlobs;
	bool can_range;		/* the server reads ctid ranges fast */
};

/* How many ranges a table should have, if it can be split so; at least 1. */
size_t plan_ranges(const struct table *t);

/*
 * Tables are split into ranges of some 32 MiB where the server can do it,
 * small ones are put together, up to PLAN_BATCH or 4 MiB. Each table gets to
 * know how many tasks it has.
 */
int plan_make(struct plan *p, const struct plan_input *in, struct err *e);
void plan_free(struct plan *p);

#endif
