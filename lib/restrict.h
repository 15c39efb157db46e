/*
 * psql's \restrict KEY: from there on psql takes no commands of its own (\!, \copy)
 * but \unrestrict with that key. pg_dump's text has had them since August 2025.
 */
#ifndef RESTRICT_H
#define RESTRICT_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "err.h"

/*
 * Append one with a new random key, as a line; nothing when psql, a program's
 * path, is too old to know it.
 */
int restrict_put(struct buf *out, const char *psql, struct err *e);

/* Does a psql of that version ("15.14") know it? Pure. */
bool restrict_is_known(const char *version);

/*
 * Is the command \restrict or \unrestrict with a key, as pg_dump writes them, and
 * nothing else? psql would run what stands in `…` behind them, and another
 * command in the same line. Pure.
 */
bool restrict_is_one(const char *command, size_t len);

#endif
