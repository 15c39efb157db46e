/*
 * What is stored where, in one line for people and programs: URI, bytes, ETag,
 * version, SHA-256, with a tab between. A version that there is none of is "-".
 * Bytes of a key that would end the line or a field are escaped.
 */
#ifndef RECEIPT_H
#define RECEIPT_H

#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "uri.h"

#define RECEIPT_MAX 16384

struct receipt {
	const struct uri *where;
	uint64_t bytes;
	const char *etag, *version;	/* version: "" without one */
	const uint8_t *sha256;		/* of all the bytes */
};

/* Append the line; out holds up to RECEIPT_MAX. */
int receipt_put(struct buf *out, const struct receipt *r, struct err *e);

#endif
