/*
 * The options that say how the server is to keep an object, as the headers
 * that ask for it.
 */
#ifndef STORAGE_H
#define STORAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "opt.h"
#include "s3.h"

#define STORAGE_OPT_COUNT 11

struct storage_options {
	const char *storage_class, *sse, *kms_key, *content_type;
	const char *lock_mode, *lock_until;
	uint64_t lock_days;
	bool bucket_key, legal_hold;
	struct opt_list tags, metadata;		/* "KEY=VALUE" */
};

/* Append them to a table, as s3opt_append() does. */
void storage_append_options(struct opt *opts, struct storage_options *to);
void storage_free_options(struct storage_options *o);

struct storage {
	struct s3_storage asked;	/* borrows from this and the options */
	struct s3_header headers[S3_STORAGE_MAX];
	struct opt_list texts;		/* that were made for them */
};

/*
 * Make the headers; now, UTC seconds, is what days of a lock count from.
 * ERR_USAGE for what S3 would refuse: a lock without its mode or its end, or
 * one that has ended; tags or metadata that don't fit their limits.
 */
int storage_make(struct storage *s, const struct storage_options *o,
	int64_t now, struct err *e);
void storage_free(struct storage *s);

#endif
