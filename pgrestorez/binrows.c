/*
 * The server's COPY prints a newline or tab of a value as an escape, so each
 * of them that stands in the text ends a row or a value.
 */
#include "bin_private.h"
#include "binrows.h"

#define LENGTH 4	/* bytes before a value that tell its length */

/* What an escape stands for; 0: none that COPY prints. */
static char
unescape(char c)
{
	switch (c) {
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case 'v':
		return '\v';
	case '\\':
		return '\\';
	default:
		return '\0';
	}
}

/*
 * Resolve the escapes of a value into out, which has room for it. Returns the
 * length, or -1.
 */
static long
resolve(char *out, const char *text, size_t len)
{
	const char *end = text + len, *start = text;
	char *o = out;

	for (;;) {
		while (text < end && *text != '\\')
			text++;
		memcpy(o, start, (size_t)(text - start));
		o += text - start;
		if (text == end)
			return (long)(o - out);
		if (++text == end || (*o = unescape(*text)) == '\0')
			return -1;
		o++;
		start = ++text;
	}
}

/*
 * Is one of these eight bytes a control character below 14, or a backslash?
 * Source: Bit Twiddling Hacks, "Determine if a word has a byte less than n".
 */
static bool
may_stop(const char *text)
{
	const uint64_t ones = 0x0101010101010101;
	uint64_t x, y;

	memcpy(&x, text, sizeof(x));
	y = x ^ ones * '\\';
	return (((x - ones * 14) & ~x) | ((y - ones) & ~y)) & ones * 0x80;
}

/* Where the value ends that begins there, at a tab or the row's end. */
static const char *
find_end(const char *text, const char *end, bool *escaped)
{
	/* 1: a value ends, 2: an escape, 3: COPY never prints it as it is */
	static const char stops[256] = { ['\t'] = 1, ['\\'] = 2, ['\0'] = 3,
		['\r'] = 3 };

	*escaped = false;
	while (end - text >= 8 && !may_stop(text))
		text += 8;
	for (; text < end; text++)
		switch (stops[(unsigned char)*text]) {
		case 0:
			break;
		case 1:
			return text;
		case 2:
			*escaped = true;
			break;
		default:
			return NULL;
		}
	return end;
}

/* One value into out. Returns the bytes, its length included, or -1. */
static long
put_value(struct binrows *b, binvalue_put *put, const char *text, size_t len,
	bool escaped, char *out)
{
	long n;

	if (!escaped) {
		n = put(out + LENGTH, text, len);
	} else if (len == 2 && text[1] == 'N') {
		bin_put_u32(out, (uint32_t)-1);
		return LENGTH;
	} else {
		n = resolve(b->scratch.data, text, len);
		if (n >= 0)
			n = put(out + LENGTH, b->scratch.data, (size_t)n);
	}
	if (n < 0 || n > INT32_MAX)
		return -1;
	bin_put_u32(out, (uint32_t)n);
	return LENGTH + n;
}

/* A row without its newline. Its bytes in out, or -1. */
static long
put_row(struct binrows *b, const char *text, const char *end, char *out)
{
	const char *at;
	char *o = out;
	bool escaped;
	size_t i;
	long n;

	bin_put_u16(o, (unsigned)b->n);
	o += 2;
	for (i = 0; i < b->n; i++) {
		at = find_end(text, end, &escaped);
		/* the last value ends with the row, and no other does */
		if (at == NULL || (at == end) != (i + 1 == b->n))
			return -1;
		n = put_value(b, b->columns[i], text, (size_t)(at - text),
		    escaped, o);
		if (n < 0)
			return -1;
		o += n;
		text = at + 1;
	}
	return (long)(o - out);
}

size_t
binrows_put(struct binrows *b, const char *rows, size_t len, struct buf *out,
	size_t want)
{
	const char *text = rows, *end = rows + len, *newline;
	size_t size;
	char *room;
	long n;

	while (out->len < want && text < end &&
	    (newline = memchr(text, '\n', (size_t)(end - text))) != NULL) {
		size = (size_t)(newline - text);
		buf_reset(&b->scratch);
		room = buf_room(out, 2 + size + b->n * (LENGTH + BINVALUE_ROOM));
		if (room == NULL || buf_room(&b->scratch, size) == NULL ||
		    (n = put_row(b, text, newline, room)) < 0)
			break;
		buf_filled(out, (size_t)n);
		text = newline + 1;
	}
	return (size_t)(text - rows);
}
