/*
 * Loads texts of DATA, LODATA and SERIAL members on a connection of its own.
 * One COPY is kept open over successive members of a table.
 */
#ifndef LOADER_H
#define LOADER_H

#include <stdbool.h>

#include "check.h"
#include "pg.h"

struct loader;

struct loader *loader_new(struct pg *conn /* borrowed */, bool may_freeze,
	struct err *e);
void loader_free(struct loader *l);	/* NULL is fine */

/*
 * Load a text, or a piece of one that is large. Once it has failed, it fails
 * for the same reason each time.
 */
int loader_put(struct loader *l, const struct check_text *t, struct err *e);

bool loader_freezes(const struct loader *l);	/* as copyin_freezes() */

/* End the COPY that is open. Until then nothing is sure to be loaded. */
int loader_finish(struct loader *l, struct err *e);

#endif
