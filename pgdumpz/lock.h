/*
 * ACCESS SHARE locks of the leader, and who is in their way.
 */
#ifndef LOCK_H
#define LOCK_H

#include "tables.h"

/* Quoted and qualified names of tables that are to be locked first. */
struct lock_names {
	char **items;
	size_t len;
};

int lock_names_add(struct lock_names *names, const char *sql, struct err *e);
void lock_names_free(struct lock_names *names);

/*
 * Begin the leader's transaction with these tables locked, those of them that
 * are there and may be read, before it has its snapshot; wait is the longest
 * to wait for a lock, or NULL. From then on the connection waits only some
 * seconds for one, until lock_patiently(): whoever is in its way may wait for
 * pg_dump, and pg_dump for us. 0: done; 1: one is gone by now; -1: error.
 */
int lock_first(const struct lock_names *names, struct pg *c, const char *wait,
	struct err *e);
int lock_patiently(struct pg *c, struct err *e);

/*
 * What queries read in between stays locked no longer than that: who wants a
 * catalog for himself (VACUUM FULL) would wait for the leader to the end, and
 * all the others behind him.
 */
int lock_aside(struct pg *c, struct err *e);
int lock_forget(struct pg *c, struct err *e);

/* Has a query failed because of what others are doing at this moment? */
bool lock_is_passing(const struct pg *c);

/*
 * Lock tables by name in the connection's transaction, and make sure that
 * these are the ones with their OIDs. 0: done; 1: in somebody's way, or
 * renamed: the transaction has failed, offenders has the names; -1: error.
 */
int lock_tables(const struct tables *t, struct pg *c,
	struct lock_names *offenders, struct err *e);

/*
 * Which of these backends ("1,2") wait for somebody who waits for a lock of
 * the connection? A row of each, to PQclear().
 */
PGresult *lock_stuck(struct pg *c, const char *backends, struct err *e);

/*
 * Which tables does somebody else want, or have, for himself? Appends their
 * names to offenders and returns how many, -1 on failure.
 */
int lock_wanted(struct pg *c, struct lock_names *offenders, struct err *e);

#endif
