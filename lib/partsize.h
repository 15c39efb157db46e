/*
 * How large the parts of a multipart upload are, so that a stream of unknown
 * length fits into S3's 10,000 parts without needing much memory when it is
 * short. Pure.
 *
 * Limits of S3 (Amazon S3 User Guide, "Multipart upload limits"): 10,000
 * parts of 5 MiB to 5 GiB, the last one may be smaller.
 */
#ifndef PARTSIZE_H
#define PARTSIZE_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"

#define PARTSIZE_MIN ((uint64_t)5 << 20)
#define PARTSIZE_MAX ((uint64_t)5 << 30)
#define PARTSIZE_COUNT_MAX 10000u
/* Parts above it don't go through memory. */
#define PARTSIZE_BUFFER_MAX ((uint64_t)40 << 20)
#define PARTSIZE_STEPS 6

/* What a user may say; 0 means: not said. */
struct partsize_options {
	uint64_t part_bytes;		/* every part but the last */
	uint64_t max_parts;		/* of the store; else 10,000 */
	uint64_t expected_bytes;	/* of the whole, about */
};

struct partsize {
	struct {
		unsigned last;		/* the last part of this size */
		uint64_t bytes;
	} steps[PARTSIZE_STEPS];
	unsigned count;			/* steps in use */
	uint64_t capacity;		/* of all parts together */
};

/*
 * Make a plan. Nothing said: 1,000 × 8 MiB, 2,000 × 16, 5,800 × 40 (266 GiB),
 * then 100 × 512 MiB, 100 × 2 GiB, 1,000 × 5 GiB: 5 TiB and more. Fewer parts:
 * the same in proportion. expected_bytes: equal parts, of which that size
 * needs nine tenths; the rest is for estimates that were too low. ERR_USAGE
 * when an option is out of S3's range or expected_bytes can't fit.
 */
int partsize_plan(struct partsize *plan, const struct partsize_options *options,
	struct err *e);

/* Size of a part, numbered from 1; 0: there is no such part. */
uint64_t partsize_of(const struct partsize *plan, unsigned number);

#endif
