/*
 * A strict walk through gzip members (RFC 1952) of any make and size:
 * reserved flags, the header's CRC where there is one, CRC-32, ISIZE, and
 * bytes that are no member are all errors (ERR_VERDICT) that name the member
 * and where it begins. Input may be cut anywhere.
 */
#ifndef GZWALK_H
#define GZWALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"

struct gzwalk;

/* text() is handed the text as it comes; it may be NULL. */
struct gzwalk *gzwalk_new(void (*text)(void *ctx, const void *data,
	size_t len), void *ctx, struct err *e);
void gzwalk_free(struct gzwalk *w);

/* Begin (again) with a member, counted from 1, at this byte of the stream. */
void gzwalk_start(struct gzwalk *w, uint64_t member, uint64_t offset);

/*
 * Walk on, up to the end of a member at most. Returns how many bytes that
 * took, or -1. *ended says whether a member ended there.
 */
ssize_t gzwalk_feed(struct gzwalk *w, const void *data, size_t len,
	bool *ended, struct err *e);

/* At the end of the input: -1 and ERR_VERDICT within a member. */
int gzwalk_finish(const struct gzwalk *w, struct err *e);

/* The byte of the stream that comes next. */
uint64_t gzwalk_offset(const struct gzwalk *w);

/* Of the member that has ended last or is being read. */
uint64_t gzwalk_text_bytes(const struct gzwalk *w);
/* The first two bytes of its extra field, SI1 first; 0 without one. */
unsigned gzwalk_extra_id(const struct gzwalk *w);

#endif
