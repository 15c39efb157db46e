/*
 * A stream of any length into one object: one PUT when it is small, else a
 * multipart upload whose parts are sent in parallel while the stream comes.
 * Nothing can be seen under the key before upload_commit() has succeeded.
 *
 * Memory: UPLOAD_MEMORY for parts and what sending them takes, whatever the
 * length. Parts too large for it go through temporary files without a name, two
 * at a time.
 */
#ifndef UPLOAD_H
#define UPLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "partsize.h"
#include "s3.h"

#define UPLOAD_OVERHEAD ((uint64_t)1 << 20)	/* of a part on its way */
#define UPLOAD_MEMORY (2 * (PARTSIZE_BUFFER_MAX + 2 * UPLOAD_OVERHEAD))
#define UPLOAD_JOBS 4		/* a good default */
#define UPLOAD_JOBS_MAX 8

struct upload_options {
	struct s3_name name;	/* borrowed until upload_free() */
	struct partsize_options parts;
	unsigned jobs;		/* parts on their way at a time, from 1 to
				 * UPLOAD_JOBS_MAX; fewer when memory bounds
				 * it: 3 of 16 MiB, 1 of 40 */
	bool force;		/* replace an object that is there */
	struct s3_storage storage;	/* borrowed like name */
	int source_fd;		/* -1, or a file in which all that is pushed
				 * lies from offset 0 on: large parts are sent
				 * out of it; borrowed */
};

/* What became of it. */
struct upload_receipt {
	uint64_t bytes;
	char etag[128];
	char version[128];	/* "": the bucket has no versions */
};

struct upload;

/*
 * Without force, an object that is there already is an ERR_VERDICT here, and
 * again in upload_commit() when it came in the meantime.
 */
struct upload *upload_begin(struct s3 *s3, const struct upload_options *options,
	struct err *e);

/*
 * Push: fill some of the *size bytes (at least 1) at the address returned,
 * say how many, and again. NULL when a part could not be sent or a stop was
 * asked for; -1 also when the stream does not fit into the parts. The first
 * part's bytes stay where they are until upload_space() is called for the
 * second one. One thread at a time.
 */
void *upload_space(struct upload *up, size_t *size, struct err *e);
int upload_advance(struct upload *up, size_t n, struct err *e);

/* The same for bytes that lie elsewhere. */
int upload_write(struct upload *up, const void *data, size_t len,
	struct err *e);

/*
 * Send what is left and wait for all parts, so that only the caller's verdict
 * is missing. Nothing is pushed after it.
 */
int upload_finish(struct upload *up, struct err *e);

/*
 * Make it an object, in one step. After upload_finish(). receipt is filled.
 * When this fails the object is as it was, unless the message says that it
 * can't be known, or that it is stored and not locked.
 */
int upload_commit(struct upload *up, struct upload_receipt *receipt,
	struct err *e);

/*
 * Undo what is not committed: wait for the parts on their way, abort the
 * multipart upload, with a try of its own even after a stop. -1: it is left
 * on the server; e names it.
 */
int upload_abort(struct upload *up, struct err *e);

/* Aborts unless committed or aborted. NULL is fine. */
void upload_free(struct upload *up);

#endif
