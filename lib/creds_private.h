/*
 * Providers of credentials, each a file of its own, tried in turn by creds.c.
 */
#ifndef CREDS_PRIVATE_H
#define CREDS_PRIVATE_H

#include "creds.h"

/* 1: found, and out filled. 0: it has none. -1: it should have, but failed. */
int creds_from_environment(const struct creds_source *s, struct creds *out,
	struct err *e);
int creds_from_profile(const struct creds_source *s, struct creds *out,
	struct err *e);

/* Copy two keys and a token (NULL or "": none), as 1, or -1. */
int creds_fill(struct creds *out, const char *access_key,
	const char *secret_key, const char *token, struct err *e);

#endif
