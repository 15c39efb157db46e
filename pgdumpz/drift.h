/*
 * What others have changed between the snapshot and now. It is looked at
 * twice: in the snapshot, and by a connection that began later.
 */
#ifndef DRIFT_H
#define DRIFT_H

#include "lock.h"
#include "tables.h"

/* What others can change under a snapshot, as a connection sees it. */
struct drift_view {
	PGresult *tables;	/* storage, name and columns */
	PGresult *objects;	/* versions of what no lock on a table
				 * protects: sequences, views, types, functions;
				 * and of what belongs to tables */
};

/*
 * t NULL: all tables of users. TRUNCATE and whatever rewrites a table don't
 * care about snapshots: a transaction that is older sees an empty table. And
 * the server describes other objects to pg_dump partly as of the snapshot,
 * partly as they are when it asks.
 */
int drift_look(struct drift_view *v, const struct tables *t, struct pg *c,
	struct err *e);
void drift_free(struct drift_view *v);

/* How many are missing in the later view, or different. */
struct drift_found {
	int tables, objects;
};

/*
 * Compare two views of the same tables. Of other objects those count that
 * listed contains, by themselves or by their table (NULL: all). The names of
 * tables that have changed, old ones and new ones, go to offenders.
 */
int drift_compare(const struct drift_view *before,
	const struct drift_view *after, const struct toc *listed,
	struct lock_names *offenders, struct drift_found *found, struct err *e);

#endif
