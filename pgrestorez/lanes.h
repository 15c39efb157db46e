/*
 * The connections that texts of DATA, LODATA and SERIAL are loaded over, and
 * which text takes which. A table stays on one of them where that pays.
 */
#ifndef LANES_H
#define LANES_H

#include <stdbool.h>
#include <stddef.h>

#include "check.h"
#include "pg.h"
#include "session.h"

/*
 * Up to so many connections share two processors, and one table's COPY with
 * what feeds it has enough of these: each table goes over one connection, so
 * that its rows can be frozen. More share each large table instead.
 */
#define LANES_FREEZE_MAX 3

struct lanes;

/* n of them. is_new: nobody else uses the database. NULL on failure. */
struct lanes *lanes_open(const struct pg_place *place, size_t n,
	const struct session *session, bool is_new, struct err *e);
void lanes_close(struct lanes *l);	/* NULL is fine */

/*
 * Load a text, on up to n threads at once; the pieces of a large one while no
 * other is being loaded.
 */
int lanes_put(struct lanes *l, const struct check_text *t, struct err *e);

/* Until then nothing is sure to be loaded. */
int lanes_finish(struct lanes *l, struct err *e);

#endif
