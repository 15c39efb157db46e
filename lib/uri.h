/*
 * s3:// URIs, keys and percent-encoding.
 */
#ifndef URI_H
#define URI_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "err.h"

/* Where something is in S3: two terminated texts to free with uri_free(). */
struct uri {
	char *bucket;
	char *key;		/* or prefix; no leading slash of ours; may be "" */
};

/*
 * Resolve what a user wrote: "s3://bucket/key" is absolute; anything else is
 * relative to base (the value of S3_BUCKET, "s3://bucket/prefix" or a bare
 * "bucket/prefix"; NULL or "": an error that says so). Key bytes are taken
 * as they are. ERR_USAGE on a bad bucket name, or a key above 1,024 bytes.
 */
int uri_resolve(struct uri *out, const char *text, const char *base,
	struct err *e);
void uri_free(struct uri *u);

/* Append "s3://bucket/key". */
void uri_print(struct buf *out, const char *bucket, const char *key);

/*
 * Append text percent-encoded but for unreserved characters (RFC 3986) and,
 * when keep_slash, "/". Upper-case hex, as SigV4 wants it.
 */
void uri_encode(struct buf *out, const char *text, size_t len,
	bool keep_slash);

/* Decode %HH in place ("+" stays); -1 on a bad escape or a zero byte. */
int uri_decode(char *text);

#endif
