/*
 * Bytes that grow up to a ceiling. A failed append is remembered, so that a
 * row of appends needs one check at its end.
 */
#ifndef BUF_H
#define BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct buf {
	char *data;	/* NULL or len bytes and a NUL behind them */
	size_t len;
	size_t cap;
	size_t max;	/* ceiling of len */
	bool failed;
};

#define BUF_INIT(max_bytes) { NULL, 0, 0, (max_bytes), false }

void buf_init(struct buf *b, size_t max_bytes);
void buf_free(struct buf *b);
void buf_free_secret(struct buf *b);	/* wiped first */

/* Empty it, keep the memory, forget a failure. */
void buf_reset(struct buf *b);

void buf_put(struct buf *b, const void *data, size_t len);
void buf_puts(struct buf *b, const char *text);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) ERR_PRINTF(2, 3);

/* Room for len more bytes at data + len, NULL on failure. */
void *buf_room(struct buf *b, size_t len);
/* Say that n bytes of that room are filled. */
void buf_filled(struct buf *b, size_t n);

/* Drop the first n bytes. */
void buf_drop(struct buf *b, size_t n);

/* 0, or -1 and "WHAT needs more memory …" when an append failed. */
int buf_check(const struct buf *b, const char *what, struct err *e);

/* The text, "" when empty; borrowed. */
const char *buf_text(const struct buf *b);

#endif
