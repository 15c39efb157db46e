/*
 * Of which types are the columns that a COPY fills, and how is each of them
 * sent in binary form?
 */
#ifndef COLUMNS_H
#define COLUMNS_H

#include "binvalue.h"
#include "pg.h"

#define COLUMNS_MAX 1600	/* of a table, MaxHeapAttributeNumber */

/*
 * Ask the server, by the statement of copyhead.h. Returns how many columns are
 * in put, or 0: one is of a type whose binary form is not known, or the server
 * doesn't tell, and why will show when the COPY begins.
 */
size_t columns_ask(struct pg *c, const char *copy,
	binvalue_put *put[COLUMNS_MAX]);

#endif
