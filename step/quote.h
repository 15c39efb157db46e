/*
 * Values in the quotes of others. Pure.
 */
#ifndef QUOTE_H
#define QUOTE_H

#include "buf.h"

/*
 * Append dbname='NAME' as libpq reads it: a name that looks like a URI or like
 * a conninfo string is still a name.
 */
void quote_put_dbname(struct buf *out, const char *name);

/*
 * Append "\set NAME 'VALUE'\n" as psql reads it. Its arguments would go
 * through the code page of Windows, which lacks most characters.
 */
void quote_put_set(struct buf *out, const char *name, const char *value);

#endif
