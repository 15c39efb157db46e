/*
 * The end of a database that has a temporary name, see target.h.
 */
#ifndef DROP_H
#define DROP_H

#include <stdbool.h>

#include "pg.h"

#define DROP_PREFIX "pgrestorez_"	/* eight hexadecimal digits follow */
#define DROP_LOCK_CLASS 1346720346	/* "PERZ", the high half of the lock */

/*
 * Drop it. leader is in another database of the server.
 *   force  end whoever is connected to it
 * Subscriptions in it go, too; the slots that they name at a publisher stay,
 * since they belong to the database that was dumped.
 */
int drop_database(struct pg *leader, const char *name, bool force,
	struct err *e);

/* Drop what runs that were killed have left, and say so. */
int drop_leftovers(struct pg *leader, struct err *e);

#endif
