/*
 * What is said of a stream that was asked about: a line for people, a table
 * list, or one JSON object a line.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

#include "check.h"
#include "err.h"

struct report {
	bool verbose, list, json;
	bool titles;		/* several files: say which a list is of */
};

/*
 * Report a check of that name on stdout and, for people, on stderr. failure:
 * why the check failed, or NULL.
 */
int report_check(const struct report *r, const char *name,
	const struct check *c, const struct err *failure, struct err *e);

#endif
