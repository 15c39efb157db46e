/*
 * Rows from COPY's text form into its binary form, which costs the server half
 * as much to read. Pure.
 *
 * Source: "COPY", section "Binary Format" of PostgreSQL's documentation.
 */
#ifndef BINROWS_H
#define BINROWS_H

#include <stddef.h>

#include "binvalue.h"
#include "buf.h"

/* What stands before the rows, and behind them. */
#define BINROWS_HEAD "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"
#define BINROWS_HEAD_LEN 19
#define BINROWS_END "\377\377"
#define BINROWS_END_LEN 2

struct binrows {
	binvalue_put **columns;		/* borrowed */
	size_t n;			/* of them, 1 to 1600 */
	struct buf scratch;		/* a value with its escapes resolved */
};

/*
 * Append to out the rows of a text of whole rows, until out holds want bytes.
 * Returns how much of the text they were. Less than want in out, and less than
 * len returned: the next row has something that can't be told for sure, or
 * needs more memory than out may have; out holds nothing of it, but may have to
 * be reset to hold more.
 */
size_t binrows_put(struct binrows *b, const char *rows, size_t len,
	struct buf *out, size_t want);

#endif
