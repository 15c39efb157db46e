/*
 * What upload.c and upload_part.c share.
 */
#ifndef UPLOAD_PRIVATE_H
#define UPLOAD_PRIVATE_H

#include <stdatomic.h>

#include "hash.h"
#include "thr.h"
#include "upload.h"

#define UPLOAD_SLOTS_MAX (UPLOAD_JOBS_MAX + 1)
/* What is seen at a time of a part that is not in memory. */
#define UPLOAD_WINDOW ((size_t)1 << 20)
#define UPLOAD_ID_BYTES 16

/* A part being filled or on its way: a slot of the ring. */
struct part {
	struct upload *up;
	unsigned number;
	uint64_t size;		/* when full */
	uint64_t filled;
	char *data;		/* its bytes, or a window on them */
	bool in_memory;
	int temp_fd;		/* where its bytes are if not in memory and
				 * not in source_fd; -1: none yet */
	struct hash *hash;	/* of a part that is not in memory */
	uint8_t digest[HASH_SIZE_MAX];	/* by checksum */
	struct s3_body body;
	char etag[128];
	int rc;
	struct err e;
};

struct upload {
	struct s3 *s3;
	struct upload_options options;
	struct partsize plan;
	struct s3_meta meta;
	char id[2 * UPLOAD_ID_BYTES + 1];
	struct s3_multipart *mp;	/* NULL: everything is in one part */
	enum hash_kind checksum;	/* s3_checksum() */
	uint8_t digest[HASH_SIZE_MAX];	/* of the parts collected, if a CRC */
	struct thr_pipe *pipe;

	char *region;		/* UPLOAD_MEMORY, touched only as needed */
	struct part slots[UPLOAD_SLOTS_MAX];
	unsigned slot_count;	/* in use, all for parts of slot_size */
	uint64_t slot_size;
	struct part *filling;	/* NULL: none */
	char beyond[1];		/* for what does not fit into the parts */
	unsigned begun, collected;	/* parts so far */
	char (*etags)[128];

	uint64_t bytes;
	atomic_bool failed;	/* a part has, or the upload is given up */
	struct err error;	/* why, once the part is collected */
	bool finished, ended;
};

/* Start filling the next part; waits for a free slot. */
int upload_begin_part(struct upload *up, struct err *e);

/* Are all parts that there may be begun? */
bool upload_is_full(const struct upload *up);

/* Note n bytes more at the part's data; without a part there is one too many. */
int upload_fill_part(struct upload *up, size_t n, struct err *e);

/* Where the bytes of a filled part are. */
int upload_set_body(struct part *p, struct err *e);

/* Send the part being filled; the first one begins the multipart upload. */
int upload_submit_part(struct upload *up, struct err *e);

/* Wait for all parts on their way. */
void upload_collect_all(struct upload *up);

#endif
