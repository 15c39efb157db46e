/*
 * From a source into S3, and the verdict between: may these bytes become an
 * object?
 */
#ifndef PUT_H
#define PUT_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "s3.h"
#include "source.h"
#include "upload.h"

struct put {
	struct s3 *s3;
	struct source *source;
	struct upload_options upload;
	const char *filter;	/* a command for the shell, or NULL */
	bool unsealed;		/* what a pipe brings need not be sealed */
};

struct put_receipt {
	struct upload_receipt upload;
	uint8_t sha256[32];	/* of the bytes that were stored */
};

/*
 * Store the source, or nothing. ERR_VERDICT when it is refused: a pipe whose
 * stream is not sealed or is empty, anything that begins like a sealed stream
 * and does not end with its seal, a key that is taken. A multipart upload that
 * could not be aborted is reported as a warning.
 */
int put_run(const struct put *p, struct put_receipt *receipt, struct err *e);

#endif
