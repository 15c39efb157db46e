/*
 * What others have changed between the snapshot and now. It is asked for
 * twice: in the snapshot, and by a connection that began later.
 */
#ifndef DRIFT_H
#define DRIFT_H

#include "lock.h"
#include "tables.h"

/*
 * Storage, name and columns of tables as the connection sees them: OID, quoted
 * name, fingerprint, by OID. t NULL: all tables of users. To PQclear().
 * TRUNCATE and whatever rewrites a table don't care about snapshots: a
 * transaction that is older sees an empty table.
 */
PGresult *drift_tables(const struct tables *t, struct pg *c, struct err *e);

/*
 * Which tables of before are missing or different in after? Appends their
 * names, old ones and new ones, to offenders and returns how many; -1 on
 * failure.
 */
int drift_compare_tables(const PGresult *before, const PGresult *after,
	struct lock_names *offenders, struct err *e);

/*
 * Versions of users' objects that no lock on a table protects: sequences,
 * views, types, functions, and what belongs to tables, by class and OID. The
 * server describes them to pg_dump partly as of the snapshot, partly as they
 * are when it asks. To PQclear().
 */
PGresult *drift_objects(struct pg *c, struct err *e);

/*
 * How many of those that listed contains, by themselves or by their table
 * (NULL: of all), are missing or different in after? -1 on failure.
 */
int drift_compare_objects(const PGresult *before, const PGresult *after,
	const struct toc *listed, struct err *e);

#endif
