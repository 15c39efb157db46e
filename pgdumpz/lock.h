/*
 * ACCESS SHARE locks, and what to compare to see that nothing happened to a
 * table before it had one. TRUNCATE and whatever rewrites a table don't care
 * about snapshots: a transaction that is older sees an empty table.
 */
#ifndef LOCK_H
#define LOCK_H

#include "tables.h"

/* Names of tables to be locked first, each with a newline; all quoted. */
struct lock_names {
	char **items;
	size_t len;
};

int lock_names_add(struct lock_names *names, const char *sql, struct err *e);
void lock_names_free(struct lock_names *names);

/*
 * Lock tables by name in the connection's transaction, and make sure that
 * these are the ones with their OIDs. 0: done; 1: in somebody's way, or
 * renamed: the transaction has failed, offenders has the names; -1: error.
 */
int lock_tables(const struct tables *t, struct pg *c,
	struct lock_names *offenders, struct err *e);

/* Lock them before the snapshot is taken. 0, 1: one is gone, -1: error. */
int lock_first(const struct lock_names *names, struct pg *c, const char *wait,
	struct err *e);

/*
 * Storage, name and columns of tables as the connection sees them: OID, quoted
 * name, fingerprint, by OID. t NULL: all tables of users. To PQclear().
 */
PGresult *lock_fingerprints(const struct tables *t, struct pg *c,
	struct err *e);

/*
 * Which tables of before are missing or different in after? Appends their
 * names to offenders and returns how many, -1 on failure.
 */
int lock_compare(const PGresult *before, const PGresult *after,
	struct lock_names *offenders, struct err *e);

#endif
