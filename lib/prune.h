/*
 * Delete what the policy does not keep: plan first, then do. Whatever fails
 * before the plan is complete deletes nothing.
 */
#ifndef PRUNE_H
#define PRUNE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalog.h"
#include "err.h"
#include "opt.h"
#include "retain.h"
#include "s3.h"

#define PRUNE_LEFTOVER_AGE (7 * 86400)	/* older ones are nobody's any more */

struct prune_options {
	struct retain_policy policy;
	const char *name;	/* only of this database; for whoever fills
				 * the catalog */
	bool dry_run;		/* plan and say, do nothing */
	bool full_names;	/* say URIs or paths, not file names */
	bool versions;		/* S3: delete all versions, for good */
	bool bypass_governance;	/* of object lock, with versions */
	int64_t now;		/* the clock, UTC seconds */
	int out;		/* descriptor that decisions are written to */
};

#define PRUNE_OPTIONS_INIT { .policy = RETAIN_POLICY_INIT, .out = 1 }

#define PRUNE_OPT_COUNT 8

/* Append the options of both prunes to a table, as s3opt_append() does. */
void prune_append_options(struct opt *opts, struct prune_options *to);

/* ERR_USAGE: no rule, one out of range, or an empty name. */
int prune_check_options(const struct prune_options *options, struct err *e);

struct prune_counts {
	size_t kept, deleted, failed;
	size_t unsealed, ahead;		/* of the kept: not counted */
};

/*
 * Read the seals back, apply the policy to each NAME of each folder by itself,
 * delete, and clear the leftovers that are old enough and not locked. A line
 * for each decision goes to options->out after it is done, in the catalog's
 * order: "keep|delete|error TAB name TAB reason", names escaped; with
 * dry_run they are the same but for errors.
 *
 * Nothing is deleted that was not seen to be whole, unless it is encrypted or
 * archived: so every candidate is looked at, not only the keepers. What is
 * gone when it is looked at is passed over.
 *
 *   s3      NULL: the catalog is of files
 *   counts  filled in also on failure
 * -1 when something could not be deleted, or the plan failed.
 */
int prune_run(struct catalog *catalog, struct s3 *s3,
	const struct prune_options *options, struct prune_counts *counts,
	struct err *e);

/*
 * After a success, warn of what was kept but not counted, and of a place ("-"
 * is none) without any backup; for main, through log.
 */
void prune_warn(const struct prune_counts *counts, const char *where);

#endif
