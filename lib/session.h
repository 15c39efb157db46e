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
	const char *encoding;	/* of what is sent; NULL: the database's */
	bool row_security;	/* only rows that policies let through */
	bool loads;		/* rows are written, not read */
	bool quotes_all;	/* the server's quote_ident() quotes any name */
};

/*
 * Prepare a fresh connection: settings, encoding (that of the database, if no
 * other is named, so that nothing is converted), role; and the server notices
 * when we are lost. Whether a commit waits for the disk stays as the database
 * has it: a new one is told not to while it is filled, since its renaming does,
 * and comes after all others.
 */
int session_prepare(struct pg *c, const struct session *s,
	struct err *e);

/*
 * Set what of session_loader_settings() such an object holds, which may come
 * from anybody: other names are not set, nor those that the server doesn't know.
 */
int session_apply(struct pg *c, json_t *values, struct err *e);

/*
 * Make sure that the connection stays one session of one server: a pooler that
 * gives each transaction another one loses what session_prepare() has set, and
 * gives it to others. place: where it has come to.
 */
int session_refuse_pooler(struct pg *c, const struct pg_place *place,
	struct err *e);

/* The settings that whoever loads the rows must have: name, value. */
json_t *session_loader_settings(void);

#endif
