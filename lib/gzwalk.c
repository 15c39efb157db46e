/*
 * gzip -t forgives what a backup must not be forgiven, such as padding, and
 * zlib's own reader of headers hides what it skips. So headers and trailers
 * are read here, and zlib sees the deflated part only.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "gzwalk.h"
#include "hash.h"
#include "mem.h"

#define TEXT_SIZE (128u << 10)
#define STEP_MAX (1u << 30)		/* zlib counts in unsigned int */
#define RAW_DEFLATE (-15)		/* windowBits: no zlib header */

#define FHCRC 0x02
#define FEXTRA 0x04
#define FNAME 0x08
#define FCOMMENT 0x10
#define RESERVED 0xe0

enum part { FIXED, XLEN, EXTRA, NAME, COMMENT, HCRC, DATA, TRAILER };

struct gzwalk {
	void (*text)(void *ctx, const void *data, size_t len);
	void *ctx;
	uint64_t member, begin, at;	/* at: bytes of the stream walked */
	enum part part;
	uint8_t field[10];		/* of a part of fixed size */
	size_t got;
	uint8_t flags;
	unsigned extra_id;
	size_t extra_len;
	uint32_t header_crc, crc;
	uint64_t text_bytes;
	z_stream z;
	bool open;
	uint8_t out[TEXT_SIZE];
};

struct gzwalk *
gzwalk_new(void (*text)(void *ctx, const void *data, size_t len), void *ctx,
	struct err *e)
{
	struct gzwalk *w = mem_new(1, sizeof(*w), e);

	if (w == NULL)
		return NULL;
	w->text = text;
	w->ctx = ctx;
	w->open = inflateInit2(&w->z, RAW_DEFLATE) == Z_OK;
	if (!w->open) {
		err_set(e, ERR_LOCAL, "cannot get memory to decompress");
		gzwalk_free(w);
		return NULL;
	}
	gzwalk_start(w, 1, 0);
	return w;
}

void
gzwalk_free(struct gzwalk *w)
{
	if (w == NULL)
		return;
	if (w->open)
		(void)inflateEnd(&w->z);
	free(w);
}

void
gzwalk_start(struct gzwalk *w, uint64_t member, uint64_t offset)
{
	w->member = member;
	w->begin = w->at = offset;
	w->part = FIXED;
	w->got = 0;
}

uint64_t
gzwalk_offset(const struct gzwalk *w)
{
	return w->at;
}

uint64_t
gzwalk_text_bytes(const struct gzwalk *w)
{
	return w->text_bytes;
}

unsigned
gzwalk_extra_id(const struct gzwalk *w)
{
	return w->extra_id;
}

static int
fail(const struct gzwalk *w, struct err *e, const char *what)
{
	return err_set(e, ERR_VERDICT, "member %" PRIu64
	    ", which begins at byte %" PRIu64 ", %s", w->member, w->begin,
	    what);
}

static int
fail_data(const struct gzwalk *w, struct err *e)
{
	return err_set(e, ERR_VERDICT, "member %" PRIu64
	    ", which begins at byte %" PRIu64 ", is damaged near byte %" PRIu64
	    ": %s", w->member, w->begin, w->at,
	    w->z.msg != NULL ? w->z.msg : "it cannot be decompressed");
}

/* What stands where a member should begin? */
static int
fail_magic(const struct gzwalk *w, struct err *e)
{
	if (w->member == 1) {
		err_set(e, ERR_VERDICT, "the input is not gzip");
		return err_hint(e, "pipe plain text through gzip first");
	}
	err_set(e, ERR_VERDICT, "%s at byte %" PRIu64 ", after member %" PRIu64,
	    w->field[0] == 0 ? "padding with zero bytes" : "trailing garbage",
	    w->begin, w->member - 1);
	return err_hint(e, "what precedes it is not known to be whole; "
	    "gzip -t ignores such bytes, a backup must not have them");
}

static uint32_t
get_u32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

/* Go to a part, or the first after it that the flags announce. */
static void
enter(struct gzwalk *w, enum part part)
{
	static const uint8_t flag_of[] = { 0, FEXTRA, FEXTRA, FNAME, FCOMMENT,
		FHCRC };

	while (part < DATA && (w->flags & flag_of[part]) == 0)
		part++;
	w->part = part;
	w->got = 0;
}

/* The fixed part is here: begin a member. */
static int
begin_member(struct gzwalk *w, struct err *e)
{
	const uint8_t *f = w->field;

	if (f[0] != 0x1f || f[1] != 0x8b)
		return fail_magic(w, e);
	if (f[2] != Z_DEFLATED)
		return fail(w, e, "has an unknown compression method");
	if ((f[3] & RESERVED) != 0)
		return fail(w, e, "has reserved flags set in its header");
	w->flags = f[3];
	w->extra_id = 0;
	w->crc = 0;
	w->header_crc = hash_crc32(0, f, 10);
	w->text_bytes = 0;
	(void)inflateReset(&w->z);
	enter(w, XLEN);
	return 0;
}

static int
end_field(struct gzwalk *w, struct err *e)
{
	const uint8_t *f = w->field;

	switch (w->part) {
	case FIXED:
		return begin_member(w, e);
	case XLEN:
		w->header_crc = hash_crc32(w->header_crc, f, 2);
		w->extra_len = f[0] | (size_t)f[1] << 8;
		enter(w, w->extra_len != 0 ? EXTRA : NAME);
		return 0;
	case HCRC:
		if ((f[0] | (unsigned)f[1] << 8) != (w->header_crc & 0xffff))
			return fail(w, e, "does not match its header's CRC");
		enter(w, DATA);
		return 0;
	default:
		if (get_u32(f) != w->crc)
			return fail(w, e, "does not match its CRC-32");
		if (get_u32(f + 4) != (uint32_t)w->text_bytes)
			return fail(w, e, "does not match its length");
		return 0;
	}
}

/* Gather a part of fixed size. */
static ssize_t
feed_field(struct gzwalk *w, const uint8_t *p, size_t len, bool *ended,
	struct err *e)
{
	static const uint8_t size_of[] = { 10, 2, 0, 0, 0, 2, 0,
		8 };
	size_t n = size_of[w->part] - w->got;

	if (n > len)
		n = len;
	memcpy(w->field + w->got, p, n);
	w->got += n;
	/* a single wrong byte is enough to say that this is no gzip */
	if (w->part == FIXED && w->field[0] != 0x1f)
		return fail_magic(w, e);
	if (w->got < size_of[w->part])
		return (ssize_t)n;
	*ended = w->part == TRAILER;
	return end_field(w, e) == 0 ? (ssize_t)n : -1;
}

static ssize_t
feed_extra(struct gzwalk *w, const uint8_t *p, size_t len)
{
	size_t n = w->extra_len - w->got, i;

	if (n > len)
		n = len;
	for (i = 0; i < n && w->got + i < 2; i++)
		w->extra_id = w->extra_id << 8 | p[i];
	w->header_crc = hash_crc32(w->header_crc, p, n);
	w->got += n;
	if (w->got == w->extra_len)
		enter(w, NAME);
	return (ssize_t)n;
}

/* A name or a comment, up to its NUL. */
static ssize_t
feed_string(struct gzwalk *w, const uint8_t *p, size_t len)
{
	const uint8_t *end = memchr(p, 0, len);
	size_t n = end != NULL ? (size_t)(end - p) + 1 : len;

	w->header_crc = hash_crc32(w->header_crc, p, n);
	if (end != NULL)
		enter(w, w->part == NAME ? COMMENT : HCRC);
	return (ssize_t)n;
}

static ssize_t
feed_data(struct gzwalk *w, const uint8_t *p, size_t len, struct err *e)
{
	uInt step = len < STEP_MAX ? (uInt)len : STEP_MAX;
	size_t n;
	int rc;

	w->z.next_in = (Bytef *)(uintptr_t)p;
	w->z.avail_in = step;
	do {
		w->z.next_out = w->out;
		w->z.avail_out = TEXT_SIZE;
		rc = inflate(&w->z, Z_NO_FLUSH);
		n = TEXT_SIZE - w->z.avail_out;
		w->crc = hash_crc32(w->crc, w->out, n);
		w->text_bytes += n;
		if (w->text != NULL && n != 0)
			w->text(w->ctx, w->out, n);
	} while (rc == Z_OK && w->z.avail_out == 0);
	n = step - w->z.avail_in;
	if (rc == Z_MEM_ERROR)
		return err_set(e, ERR_LOCAL,
		    "cannot get memory to decompress");
	if (rc != Z_OK && rc != Z_BUF_ERROR && rc != Z_STREAM_END) {
		w->at += n;
		return fail_data(w, e);
	}
	if (rc == Z_STREAM_END)
		enter(w, TRAILER);
	return (ssize_t)n;
}

ssize_t
gzwalk_feed(struct gzwalk *w, const void *data, size_t len, bool *ended,
	struct err *e)
{
	const uint8_t *p = data;
	size_t used = 0;
	ssize_t n;

	*ended = false;
	while (used < len && !*ended) {
		if (w->part == EXTRA)
			n = feed_extra(w, p + used, len - used);
		else if (w->part == NAME || w->part == COMMENT)
			n = feed_string(w, p + used, len - used);
		else if (w->part == DATA)
			n = feed_data(w, p + used, len - used, e);
		else
			n = feed_field(w, p + used, len - used, ended, e);
		if (n < 0)
			return -1;
		used += (size_t)n;
		w->at += (uint64_t)n;
	}
	if (*ended)
		gzwalk_start(w, w->member + 1, w->at);
	return (ssize_t)used;
}

int
gzwalk_finish(const struct gzwalk *w, struct err *e)
{
	if (w->part == FIXED && w->got == 0)
		return 0;
	return err_set(e, ERR_VERDICT, "member %" PRIu64
	    ", which begins at byte %" PRIu64 ", is cut off at byte %" PRIu64,
	    w->member, w->begin, w->at);
}
