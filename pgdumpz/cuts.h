/*
 * Where to cut a table that has few pages and much TOAST: between rows, which
 * ranges of pages alone could not tell apart.
 */
#ifndef CUTS_H
#define CUTS_H

#include "tables.h"

/*
 * Find cuts, for as many ranges as the plan wants, in the tables that have
 * fewer pages than that. They must be measured, and locked; the server reads
 * the pages of these tables once, and no TOAST.
 */
int cuts_load(struct tables *t, struct pg *c, struct err *e);

#endif
