/*
 * What every session of a dump has set, so that rows have one text form and
 * no limit of the server's or the database's ends it half-way.
 */
#ifndef SESSION_H
#define SESSION_H

#include <jansson.h>

#include "pg.h"

struct session {
	const char *role;	/* SET ROLE, or NULL */
	bool row_security;	/* only rows that policies let through */
};

/*
 * Prepare a fresh connection: settings, encoding (that of the database, so
 * that nothing is converted), role.
 */
int session_prepare(struct pg *c, const struct session *s,
	struct err *e);

/* The settings that whoever loads the rows must have: name, value. */
json_t *session_loader_settings(void);

#endif
