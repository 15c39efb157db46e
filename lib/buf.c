/*
 * A growing buffer with a ceiling, so that no remote side decides how much
 * memory we use.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "mem.h"

void
buf_init(struct buf *b, size_t max_bytes)
{
	memset(b, 0, sizeof(*b));
	b->max = max_bytes;
}

void
buf_free(struct buf *b)
{
	free(b->data);
	buf_init(b, b->max);
}

void
buf_free_secret(struct buf *b)
{
	if (b->data != NULL)
		mem_wipe(b->data, b->cap);
	buf_free(b);
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

void *
buf_room(struct buf *b, size_t len)
{
	size_t need, cap;
	char *data;

	if (b->failed)
		return NULL;
	if (len > b->max || b->len > b->max - len) {
		b->failed = true;
		return NULL;
	}
	need = b->len + len + 1;
	if (need > b->cap) {
		cap = b->cap < 64 ? 64 : b->cap;
		while (cap < need)
			cap = cap + cap / 2;
		if (cap > b->max + 1)
			cap = b->max + 1;
		if ((data = realloc(b->data, cap)) == NULL) {
			b->failed = true;
			return NULL;
		}
		b->data = data;
		b->cap = cap;
	}
	return b->data + b->len;
}

void
buf_filled(struct buf *b, size_t n)
{
	if (n == 0)
		return;
	b->len += n;
	b->data[b->len] = '\0';
}

void
buf_put(struct buf *b, const void *data, size_t len)
{
	void *room;

	if (len == 0 || (room = buf_room(b, len)) == NULL)
		return;
	memcpy(room, data, len);
	buf_filled(b, len);
}

void
buf_puts(struct buf *b, const char *text)
{
	buf_put(b, text, strlen(text));
}

void
buf_putc(struct buf *b, char c)
{
	buf_put(b, &c, 1);
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	va_list ap;
	char *room;
	int n;

	va_start(ap, format);
	n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (n < 0) {
		b->failed = true;
		return;
	}
	if ((room = buf_room(b, (size_t)n)) == NULL)
		return;
	va_start(ap, format);
	(void)vsnprintf(room, (size_t)n + 1, format, ap);
	va_end(ap);
	buf_filled(b, (size_t)n);
}

void
buf_drop(struct buf *b, size_t n)
{
	if (n == 0)
		return;
	b->len -= n;
	memmove(b->data, b->data + n, b->len);
	b->data[b->len] = '\0';
}

int
buf_check(const struct buf *b, const char *what, struct err *e)
{
	if (!b->failed)
		return 0;
	return err_set(e, ERR_LOCAL,
	    "%s needs more memory than there is or than the limit of %zu bytes",
	    what, b->max);
}

const char *
buf_text(const struct buf *b)
{
	return b->data != NULL ? b->data : "";
}
