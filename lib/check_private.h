/*
 * Shared by the files of check: the two ways to check a stream.
 */
#ifndef CHECK_PRIVATE_H
#define CHECK_PRIVATE_H

#include <sys/types.h>

#include "check.h"
#include "progress.h"

/* Bytes that come, the first ones looked at already. */
struct input {
	const char *name;
	int fd;
	const uint8_t *head;		/* of the caller */
	size_t head_len;
	uint8_t first[SEAL_HEADER_SIZE];
	size_t first_len;
	uint64_t bytes;			/* read so far */
	struct progress progress;
};

int check_sealed(struct check *c, struct input *in, struct err *e);
/* announced: the stream began with START. */
int check_foreign(struct check *c, struct input *in, bool announced,
	struct err *e);

/* Up to size bytes, fewer only at the end; -1 on failure. */
ssize_t check_read(struct input *in, void *out, size_t size, struct err *e);

/* Hand bytes of the stream on to whoever wants them. */
int check_pass(const struct check *c, const void *data, size_t len,
	struct err *e);

/*
 * The end of a sealed stream: is this 102 bytes long member the only seal
 * that fits the sum? Then it is handed out.
 */
int check_seal(struct check *c, struct seal_sum *sum, const uint8_t *seal,
	struct err *e);

void check_progress(struct input *in);

#endif
