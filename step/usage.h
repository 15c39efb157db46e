/*
 * What is wrong with the options of a restore, and what they mean.
 */
#ifndef USAGE_H
#define USAGE_H

#include "err.h"
#include "opt.h"

/*
 * Check the variables OPT_... that the options of restore-db have become; add
 * OPT_MODE (restore, list or drill), OPT_ONLY (local or remote) and OPT_LIMIT
 * (--before as a date in a name), and to withconf the options for such a run.
 * ERR_USAGE when they don't fit together. Pure.
 */
int usage_check_restore(struct opt_list *env, struct opt_list *withconf,
	struct err *e);

#endif
