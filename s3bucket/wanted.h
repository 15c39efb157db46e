/*
 * What a bucket of backups should be like: the setup guide's, as options say.
 */
#ifndef WANTED_H
#define WANTED_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "opt.h"
#include "uri.h"

#define WANTED_OPT_COUNT 10

struct wanted {
	struct uri where;
	char *prefix;		/* of the backups: "", or ends with a slash */
	uint64_t archive_days;	/* after these, to archive_class; 0: never */
	const char *archive_class;
	uint64_t expire_days;	/* after these, deleted; 0: never */
	uint64_t noncurrent_days;	/* so are versions, after the deletion */
	uint64_t abort_days;	/* so are parts of uploads that never ended */
	const char *sse;	/* AES256 or aws:kms */
	const char *kms_key;	/* or NULL */
	uint64_t retention_days;	/* that s3prune keeps; 0: not known */
	bool object_lock;
	bool dry_run;		/* say what would be set */
};

#define WANTED_INIT { .archive_days = 30, .archive_class = "GLACIER", \
	.expire_days = 365, .noncurrent_days = 30, .abort_days = 7, \
	.sse = "AES256" }

/* Append the options to a table, as s3opt_append() does. */
void wanted_append_options(struct opt *opts, struct wanted *to);

/*
 * Find the place (text NULL: S3_BUCKET alone) and RETENTION_DAYS. ERR_USAGE for
 * what doesn't go together, such as objects that expire before they are
 * archived.
 */
int wanted_settle(struct wanted *w, const char *text, struct err *e);

/* ERR_USAGE when backups would expire while retention wants them. */
int wanted_check_retention(const struct wanted *w, struct err *e);
void wanted_free(struct wanted *w);

#endif
