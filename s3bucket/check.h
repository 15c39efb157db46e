/*
 * The commands that look at a bucket, and set things on it.
 */
#ifndef CHECK_H
#define CHECK_H

#include "err.h"
#include "s3.h"
#include "wanted.h"

/* Subresources; check.c says what each is for. */
extern const struct s3_config bucket_versioning, bucket_encryption,
	bucket_public_access, bucket_lifecycle, bucket_object_lock;

/*
 * Print what is as it should be and what isn't, and store and delete a probe.
 * ERR_VERDICT when there are gaps.
 */
int bucket_check(struct s3 *s3, const struct wanted *w, struct err *e);

/*
 * Make the bucket unless it is there; ERR_VERDICT when it is and has no object
 * lock, which was asked for and can't be added by us.
 */
int bucket_create(struct s3 *s3, const struct wanted *w, struct err *e);

/*
 * Set what check would call a gap. What the store doesn't know is said, and
 * nothing else is harmed; the rest is set all the same.
 */
int bucket_apply(struct s3 *s3, const struct wanted *w, struct err *e);

/*
 * Can a backup be stored there, read and deleted? 0; 1: not tried, since the
 * bucket would lock it; -1. Leaves nothing behind, or *left is set.
 */
int bucket_probe(struct s3 *s3, const struct wanted *w, bool *left,
	struct err *e);

/* Print the IAM policy that the tools need. */
int bucket_print_policy(const struct wanted *w, const char *region,
	bool write_only, struct err *e);

#endif
