/*
 * AWS Signature Version 4 in the Authorization header, as S3 wants it: the
 * path is encoded once and never normalised. Pure: time, credentials and
 * region are arguments. Source: "Signature Calculations for the Authorization
 * Header", Amazon S3 API Reference.
 */
#ifndef SIGV4_H
#define SIGV4_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"

#define SIGV4_PAIRS_MAX 64	/* headers, or query parameters */

/* SHA-256 of nothing, and the word for a body whose hash is not signed. */
#define SIGV4_EMPTY_SHA256 \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define SIGV4_UNSIGNED "UNSIGNED-PAYLOAD"

/* A header or a query parameter; borrowed, not encoded. */
struct sigv4_pair {
	const char *name;
	const char *value;
};

struct sigv4_key {
	const char *access_key;
	const char *secret_key;
	const char *region;
	const char *service;
};

/* What is signed is what must be sent, byte for byte. */
struct sigv4_request {
	const char *method;
	const char *path;	/* encoded: uri_encode() */
	const char *query;	/* encoded and in order: sigv4_query() */
	const struct sigv4_pair *headers;	/* any order and case; host
						 * and x-amz-date among them */
	size_t header_count;
	const char *payload_sha256;	/* hex, or SIGV4_UNSIGNED */
};

/*
 * Append a query string in canonical form: encoded, sorted, "name=" where
 * there is no value. It is what goes into the URL too.
 */
int sigv4_query(struct buf *out, const struct sigv4_pair *params,
	size_t count, struct err *e);

/*
 * Append the canonical request and ";"-joined names of the signed headers:
 * all that are given. Values are trimmed and their runs of blanks joined.
 */
int sigv4_canonical(const struct sigv4_request *r, struct buf *out,
	struct buf *signed_names, struct err *e);

/* Append the value of the Authorization header. now: UTC seconds. */
int sigv4_sign(const struct sigv4_request *r, const struct sigv4_key *key,
	int64_t now, struct buf *out, struct err *e);

#endif
