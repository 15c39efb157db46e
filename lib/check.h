/*
 * The check of one stream, of either make: sealed by pgdumpz, or any gzip.
 * Whoever wants the bytes or the texts gets them on the way.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "seal.h"

enum check_make {
	CHECK_SEALED,		/* members of pgdumpz, and their seal */
	CHECK_WRAPPED,		/* START, the gzip of others, and a seal */
	CHECK_DUMP,		/* unsealed gzip of a whole pg_dump text */
	CHECK_OTHER		/* unsealed gzip of anything else */
};

/* Text out of a stream. A member's comes in one piece unless it is large. */
struct check_text {
	enum seal_kind kind;	/* 0: foreign */
	const char *data;	/* borrowed until the call ends */
	size_t len;
	bool ends;		/* the member ends with it */
};

/*
 * What is done with a stream while it is checked; each may be NULL, and fails
 * the check by returning -1. The texts come before all of the stream is
 * known to be good.
 */
struct check_hooks {
	void *ctx;
	/* The stream itself, in order: what was found good, its seal last. */
	int (*bytes)(void *ctx, const void *data, size_t len, struct err *e);
	/*
	 * A kind comes for the first time, and all before it is done. On the
	 * caller's thread; not for foreign members.
	 */
	int (*begin)(void *ctx, enum seal_kind kind, struct err *e);
	/*
	 * The texts of the kinds whose bits (1 << kind) are in `ordered`, and
	 * that of foreign members: in order, one at a time, on one thread.
	 */
	unsigned ordered;
	int (*text)(void *ctx, const struct check_text *t, struct err *e);
	/* Of the kinds in `loose`: as they come, on many threads at once. */
	unsigned loose;
	int (*load)(void *ctx, const struct check_text *t, struct err *e);
};

struct check {
	const char *name;		/* of the input, for messages */
	unsigned jobs;			/* threads to use */
	struct check_hooks hooks;
	bool want_manifest;
	const void *head;		/* bytes that were read already */
	size_t head_len;

	/* results; filled as far as the check got */
	enum check_make make;
	bool sealed;			/* what went out, or was read, is */
	uint64_t members;		/* of the input, its SEAL included */
	uint64_t bytes;			/* of the input */
	uint64_t text_bytes;
	uint8_t sha256[32];		/* as the seal has it, when sealed */
	struct buf manifest;		/* text of the MANIFEST members */
};

/*
 * Check the head and what fd gives until its end, and hand it on as it is checked; the last
 * bytes that make it a whole stream only when everything before them held. A
 * whole pg_dump text in gzip goes out sealed. ERR_VERDICT says what is wrong
 * and where.
 */
int check_stream(struct check *c, int fd, struct err *e);

/* To be freed after every check. */
void check_free(struct check *c);

#endif
