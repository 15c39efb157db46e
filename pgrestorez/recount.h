/*
 * Reads tables on many connections and sums up their rows.
 */
#ifndef RECOUNT_H
#define RECOUNT_H

#include "conns.h"
#include "expect.h"

/*
 * Fill in what each table has: got, or missing. All in one snapshot, on the
 * first n of the connections.
 */
int recount(struct expect *x, const struct conns *conns, size_t n,
	const char *snapshot, struct err *e);

/* Run one COPY … TO STDOUT and add its rows to sum. */
int recount_rows(struct pg *c, const char *sql, struct rowsum *sum,
	struct err *e);

#endif
