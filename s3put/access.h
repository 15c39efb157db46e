/*
 * Could an object be stored? Asked before the work whose result it would be.
 */
#ifndef ACCESS_H
#define ACCESS_H

#include <stdint.h>

#include "err.h"
#include "s3.h"

#define ACCESS_SKEW 900		/* seconds that S3's clock and ours may differ */

/*
 * Begin a multipart upload and take it back, so that nothing is stored.
 * ERR_REMOTE when that is refused; ERR_VERDICT when the server's clock and
 * ours differ by more than ACCESS_SKEW, since backups are named by the clock.
 */
int access_check(struct s3 *s3, const struct s3_name *name,
	const struct s3_storage *storage, struct err *e);

/* The verdict on two clocks in UTC seconds; there 0: unknown. Pure. */
int access_check_clock(int64_t here, int64_t there, struct err *e);

#endif
