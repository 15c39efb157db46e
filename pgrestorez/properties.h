/*
 * The properties of a database itself: settings, owner, comment, privileges.
 */
#ifndef PROPERTIES_H
#define PROPERTIES_H

#include "buf.h"
#include "target.h"

/*
 * Run those statements of pg_restore's text that are about the database of that
 * name, as if they were about the target. Without owners or privileges, a
 * setting for a role that there isn't is left out, with a warning.
 */
int properties_apply(struct target *t, const char *name,
	const struct buf *text, struct err *e);

/*
 * Append the statement with another name for the database; quoted is how SQL
 * writes the old one. false: it is not such a statement. Pure.
 */
bool properties_rename(const char *statement, size_t len, const char *quoted,
	const char *to, struct buf *out);

#endif
