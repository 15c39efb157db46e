/*
 * The sealed stream, pgdumpz(5): ordinary gzip members (RFC 1952), each with
 * one FEXTRA subfield "PZ" that tells its kind and sizes; the last one, SEAL,
 * vouches for every byte before it.
 */
#ifndef SEAL_H
#define SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "gz.h"		/* the levels */

enum seal_kind {
	SEAL_START = 1,		/* members without PZ follow, until SEAL */
	SEAL_PRE = 2,
	SEAL_DATA = 3,
	SEAL_LODATA = 4,
	SEAL_SERIAL = 5,
	SEAL_MANIFEST = 6,
	SEAL_POST = 7,
	SEAL_ARCHIVE = 8,
	SEAL_END = 9		/* the seal itself */
};

#define SEAL_VERSION 1
#define SEAL_HEADER_SIZE 36	/* gzip header with PZ, all kinds but END */
#define SEAL_START_SIZE 46	/* the whole START member */
#define SEAL_MEMBER_MIN 46	/* header, two bytes of deflate, trailer */
#define SEAL_END_SIZE 102	/* the whole SEAL member */
#define SEAL_TEXT_MAX (8u << 20)	/* of a member, unless a row is longer */
#define SEAL_RATIO_MAX 1032	/* deflate can't expand more than that */

struct seal_header {
	enum seal_kind kind;
	uint64_t member_bytes;	/* header, deflated text and trailer */
	uint64_t text_bytes;
};

/* What the SEAL says about everything before it, START included. */
struct seal_totals {
	uint64_t members;
	uint64_t stream_bytes;
	uint64_t text_bytes;
	uint8_t sha256[32];
};

/*
 * Read a member's header from n bytes at p. 1: a valid PZ header of ours; 0:
 * not one (foreign, or n too small to tell: 36 suffice). -1 and ERR_VERDICT:
 * it claims to be ours and lies (unknown version, kind or flags, impossible
 * sizes).
 */
int seal_parse_header(const uint8_t *p, size_t n, struct seal_header *h,
	struct err *e);

/*
 * May a member of this kind come now? seen remembers the kinds so far, and is
 * 0 before the first. ERR_VERDICT when it may not. For streams of our own
 * members; nothing but foreign ones may follow START.
 */
int seal_check_order(unsigned *seen, enum seal_kind kind, struct err *e);

/* What a kind is called in messages: "DATA". */
const char *seal_kind_name(enum seal_kind kind);

/* The first 36 bytes of a member. */
void seal_make_header(uint8_t out[SEAL_HEADER_SIZE],
	const struct seal_header *h);

/* The START member; it has one form, too. */
void seal_make_start(uint8_t out[SEAL_START_SIZE]);

/* The only SEAL that these totals can have. */
void seal_make_end(uint8_t out[SEAL_END_SIZE],
	const struct seal_totals *totals);

/*
 * Does an object of size bytes end with a seal that fits it, as far as its
 * last 102 bytes tell: exact form, and stream_bytes = size - 102? The SHA-256
 * is not checked. true fills totals (may be NULL).
 */
bool seal_check_tail(const uint8_t tail[SEAL_END_SIZE], uint64_t size,
	struct seal_totals *totals);

/* -- the sum of a stream ------------------------------------------------ */

/* Counts and SHA-256 so far, of which the SEAL is made in the end. */
struct seal_sum;

struct seal_sum *seal_sum_new(struct err *e);
void seal_sum_free(struct seal_sum *s);

/* Add bytes. */
int seal_sum_add(struct seal_sum *s, const void *data, size_t len,
	struct err *e);
/* Count members that end there, and their text. */
void seal_sum_count(struct seal_sum *s, uint64_t members,
	uint64_t text_bytes);

/* Bytes so far. */
uint64_t seal_sum_bytes(const struct seal_sum *s);

/* The totals with their SHA-256; then s can only be freed. */
int seal_sum_final(struct seal_sum *s, struct seal_totals *totals,
	struct err *e);

/* -- members, made and read --------------------------------------------- */

/* Compressor of one thread. level: 1 to GZ_LEVEL_MAX. */
struct seal_packer;

struct seal_packer *seal_packer_new(int level, struct err *e);
void seal_packer_free(struct seal_packer *p);

/* Compress text as one member of that kind, appended to out. */
int seal_pack(struct seal_packer *p, enum seal_kind kind, const void *text,
	size_t len, struct buf *out, struct err *e);

/* Decompressor of one thread. */
struct seal_unpacker;

struct seal_unpacker *seal_unpacker_new(struct err *e);
void seal_unpacker_free(struct seal_unpacker *u);

/*
 * Decompress one whole member, h->member_bytes long, whose header h is. Its
 * text, h->text_bytes long, belongs to u until the next call. ERR_VERDICT
 * when anything in it doesn't fit: deflate, CRC-32, ISIZE, the sizes in PZ.
 */
int seal_unpack(struct seal_unpacker *u, const struct seal_header *h,
	const void *member, const char **text, struct err *e);

/* -- writing a stream --------------------------------------------------- */

/*
 * Writes to fd (borrowed). Many threads may put members; each is written in
 * one go, and the SHA-256 runs along. After a failed write every later call
 * fails with the same error, so that no seal can follow a gap.
 */
struct seal_writer;

struct seal_writer *seal_writer_new(int fd, struct err *e);
void seal_writer_free(struct seal_writer *w);

/* Put one member, as seal_pack() made it. */
int seal_writer_put(struct seal_writer *w, const void *member, size_t len,
	struct err *e);

/* Bytes so far, for progress; never waits for a slow reader. */
uint64_t seal_writer_bytes(const struct seal_writer *w);

/* Write the SEAL, the last thing of a stream. Once, after all else held. */
int seal_writer_finish(struct seal_writer *w, struct err *e);

/* -- watching a stream pass by ------------------------------------------ */

/*
 * For whoever carries a stream and must know whether it ended with its seal:
 * hashes every byte, hops along the headers, and holds the last 102 bytes back
 * from the sum. It does not decompress; gzverify does. (So what the seal of
 * foreign members counts, but not their bytes, is taken on trust.)
 */
struct seal_watch;

enum seal_state {
	SEAL_EMPTY,	/* no byte at all */
	SEAL_FOREIGN,	/* does not begin like a sealed stream */
	SEAL_BROKEN,	/* begins like one, but does not end with its seal */
	SEAL_HELD	/* the last 102 bytes are the seal of all before */
};

struct seal_watch *seal_watch_new(struct err *e);
void seal_watch_free(struct seal_watch *w);
int seal_watch_update(struct seal_watch *w, const void *data, size_t len,
	struct err *e);

/*
 * At the end of the stream: its state, and the SHA-256 of all its bytes,
 * seal included (for receipts; sha256 may be NULL). totals (may be NULL) is
 * filled when the seal held. Returns 0, or -1 for want of memory.
 */
int seal_watch_final(struct seal_watch *w, enum seal_state *state,
	struct seal_totals *totals, uint8_t sha256[32], struct err *e);

#endif
