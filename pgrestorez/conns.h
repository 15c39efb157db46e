/*
 * Connections that many threads wait on. A signal that asks us to stop breaks
 * them off, since nothing else could end such a wait.
 */
#ifndef CONNS_H
#define CONNS_H

#include "pg.h"
#include "session.h"

struct conns;

/* Open n of them at that place, prepared. NULL on failure. */
struct conns *conns_open(const struct pg_place *place, size_t n,
	const struct session *session, struct err *e);
void conns_close(struct conns *c);	/* NULL is fine */

struct pg *conns_get(const struct conns *c, size_t i);	/* borrowed */

#endif
