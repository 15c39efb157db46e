/*
 * An object as a stream: ranges fetched in parallel, handed out in order.
 * Pinned by its ETag, so that all bytes are of one object even when it is
 * replaced meanwhile.
 *
 * Memory: DOWNLOAD_RANGE for each range on its way, and one for the caller.
 */
#ifndef DOWNLOAD_H
#define DOWNLOAD_H

#include <stddef.h>

#include "err.h"
#include "s3.h"

#define DOWNLOAD_RANGE ((size_t)8 << 20)
#define DOWNLOAD_JOBS_MAX 8
#define DOWNLOAD_JOBS 4		/* a good default */

struct download;

/*
 * Look the object up and begin. name is borrowed until download_free(); jobs,
 * the ranges on their way at a time, is 1 to DOWNLOAD_JOBS_MAX, more count as
 * that. An object that isn't there is ERR_REMOTE, and so is, at the first
 * download_next(), one that is archived; the hint says what to do.
 */
struct download *download_begin(struct s3 *s3, const struct s3_name *name,
	unsigned jobs, struct err *e);

const struct s3_info *download_info(const struct download *d);

/*
 * The next bytes, valid until the next call: 1, or 0 when all info->size of
 * them have been handed out, or -1.
 */
int download_next(struct download *d, const void **data, size_t *len,
	struct err *e);

/* Waits for ranges on their way. NULL is fine. */
void download_free(struct download *d);

#endif
