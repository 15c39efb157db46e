/*
 * What to do about a failure of a restore.
 */
#ifndef HINT_H
#define HINT_H

#include "err.h"

/*
 * Put a hint, if there is none yet, where the words of psql, pg_restore or the
 * server are known.
 */
void hint_put(struct err *e);

#endif
