/*
 * The grammar of the log, logfmt with the quoting of JSON:
 *
 *	line	= pair { " " pair }
 *	pair	= key "=" value
 *	key	= [a-z_] { [a-z0-9_] }
 *	value	= bare | quoted
 *	bare	= one or more of A-Z a-z 0-9 . _ : / @ + % , -
 *	quoted	= a string of JSON
 *
 * A quoted value is UTF-8 in one line, without control characters. A byte that
 * is no UTF-8 becomes \ufffd; a value longer than LOGLINE_VALUE_MAX bytes is cut
 * and ends with "…".
 */
#ifndef LOGLINE_H
#define LOGLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

#define LOGLINE_VALUE_MAX 4096

bool logline_is_key(const char *text, size_t len);

/* Append a value, bare where it can be. */
void logline_put_value(struct buf *out, const char *value);

/* Append it as a string of JSON in any case, cut when longer than max bytes. */
void logline_put_quoted(struct buf *out, const char *value, size_t max);

/* Append "key=value", and a blank before it unless out is empty. */
void logline_put(struct buf *out, const char *key, const char *value);

#endif
