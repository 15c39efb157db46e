/*
 * The options of `step run`, which are also those that `step --help` shows.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "opt.h"

struct options {
	const char *in, *file, *out, *err, *add_err, *note;
	bool keep, shell;
	int64_t seconds;
	struct opt_list set;		/* VARIABLE=TEMPLATE */
};

int options_take(struct options *o, int argc, char **argv,
	struct opt_result *result, struct err *e);

#endif
