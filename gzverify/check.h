/*
 * The check of one stream, of either make: sealed by pgdumpz, or any gzip.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "buf.h"
#include "err.h"
#include "seal.h"

struct output;

/* Bytes that come, the first ones looked at already. */
struct input {
	const char *name;
	int fd;
	uint8_t first[SEAL_HEADER_SIZE];
	size_t first_len;
	uint64_t bytes;			/* read so far */
};

enum check_make {
	CHECK_SEALED,		/* members of pgdumpz, and their seal */
	CHECK_WRAPPED,		/* START, the gzip of others, and a seal */
	CHECK_DUMP,		/* unsealed gzip of a whole pg_dump text */
	CHECK_OTHER		/* unsealed gzip of anything else */
};

struct check {
	const char *name;		/* of the input, for messages */
	unsigned jobs;			/* threads to use */
	struct output *out;		/* NULL: check only */
	bool want_manifest;

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
 * Check what fd gives until its end, and pass it on to c->out as it is
 * checked; the last bytes that make it a whole stream only when everything
 * before them held. A whole pg_dump text in gzip goes out sealed. ERR_VERDICT
 * says what is wrong and where.
 */
int check_stream(struct check *c, int fd, struct err *e);

/* To be freed after every check. */
void check_free(struct check *c);

/* -- the two ways, called by check_stream() ----------------------------- */

int check_sealed(struct check *c, struct input *in, struct err *e);
/* announced: the stream began with START. */
int check_foreign(struct check *c, struct input *in, bool announced,
	struct err *e);

/* Up to size bytes, fewer only at the end; -1 on failure. */
ssize_t check_read(struct input *in, void *out, size_t size, struct err *e);

/*
 * The end of a sealed stream: is this 102 bytes long member the only seal
 * that fits the sum? Then it is handed out.
 */
int check_seal(struct check *c, struct seal_sum *sum, const uint8_t *seal,
	struct err *e);

void check_progress(const struct input *in);

#endif
