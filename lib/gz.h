/*
 * Deflate (RFC 1951): whole blocks in memory, by libdeflate where it is there
 * and else by zlib.
 */
#ifndef GZ_H
#define GZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

/*
 * The default: measured on SQL dumps in blocks of 1 MiB, libdeflate's level 5
 * makes 12 % less to 1 % more output than gzip -6 in less than half of its
 * time; zlib's makes as much to 2 % more in two thirds of it.
 */
#ifdef HAVE_LIBDEFLATE
#define GZ_LEVEL_MAX 12
#else
#define GZ_LEVEL_MAX 9
#endif
#define GZ_LEVEL_DEFAULT 5

/* Raw deflate, each for one thread at a time. */
struct gz_deflater;
struct gz_inflater;

/* level: 1 to GZ_LEVEL_MAX, else ERR_USAGE. */
struct gz_deflater *gz_deflater_new(int level, struct err *e);
void gz_deflater_free(struct gz_deflater *d);

/* The most that len bytes of text can take. */
size_t gz_deflate_bound(struct gz_deflater *d, size_t len);

/* Deflate text into out of at least that size; the length, or 0 on failure. */
size_t gz_deflate(struct gz_deflater *d, const void *text, size_t len,
	void *out, size_t out_size);

struct gz_inflater *gz_inflater_new(struct err *e);
void gz_inflater_free(struct gz_inflater *i);

/*
 * Do all len bytes of data inflate to exactly text_len bytes? Those are in
 * text then.
 */
bool gz_inflate(struct gz_inflater *i, const void *data, size_t len,
	void *text, size_t text_len);

#endif
