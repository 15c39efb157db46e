/*
 * What proves that a backup was restored, as KEY=VALUE lines: out of what s3get
 * and pgrestorez have told.
 */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include <stddef.h>

#include "buf.h"

/* Append "KEY=VALUE\n", unless the value is empty. */
void evidence_put(struct buf *out, const char *key, const char *value);

/*
 * Of a line of s3get --receipt: bytes, etag, version and sha256. Of nothing
 * else than a whole line, none of them.
 */
void evidence_put_receipt(struct buf *out, const char *receipt);

/*
 * Of what pgrestorez --verify --json has printed: versions, what was compared,
 * how many points differ, and how long it took. Of nothing, none of them.
 */
void evidence_put_facts(struct buf *out, const char *json, size_t len);

#endif
