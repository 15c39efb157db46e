/*
 * Names of databases and words of servers end up in the log; whatever they
 * hold, a line stays one line and each pair of it what its writer meant.
 */
#include <string.h>

#include "logline.h"
#include "utf8.h"

bool
logline_is_key(const char *text, size_t len)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz_";
	static const char more[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
	size_t i;

	if (len == 0 || memchr(first, text[0], sizeof(first) - 1) == NULL)
		return false;
	for (i = 1; i < len; i++)
		if (memchr(more, text[i], sizeof(more) - 1) == NULL)
			return false;
	return true;
}

static bool
is_bare(const char *value)
{
	size_t len = strlen(value);

	return len > 0 && len <= LOGLINE_VALUE_MAX && strspn(value,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	    "._:/@+%,-") == len;
}

/* One character of a string, n bytes at p. */
static void
put_char(struct buf *out, uint32_t code, const char *p, size_t n)
{
	static const char named[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *found = code < 0x80 && code != 0 ?
	    strchr(named, (int)code) : NULL;

	if (found != NULL) {
		buf_putc(out, '\\');
		buf_putc(out, letters[found - named]);
	} else if (n > 0 && utf8_is_printable(code)) {
		buf_put(out, p, n);
	} else {
		buf_printf(out, "\\u%04x", (unsigned)code);
	}
}

void
logline_put_quoted(struct buf *out, const char *value, size_t max)
{
	size_t len = strlen(value), i = 0, n;
	uint32_t code;

	buf_putc(out, '"');
	while (i < len) {
		n = utf8_decode(value + i, len - i, &code);
		if (i + (n > 0 ? n : 1) > max) {
			buf_puts(out, "\xe2\x80\xa6");
			break;
		}
		put_char(out, n > 0 ? code : UTF8_REPLACEMENT, value + i, n);
		i += n > 0 ? n : 1;
	}
	buf_putc(out, '"');
}

void
logline_put_value(struct buf *out, const char *value)
{
	if (is_bare(value))
		buf_puts(out, value);
	else
		logline_put_quoted(out, value, LOGLINE_VALUE_MAX);
}

void
logline_put(struct buf *out, const char *key, const char *value)
{
	if (out->len > 0)
		buf_putc(out, ' ');
	buf_puts(out, key);
	buf_putc(out, '=');
	logline_put_value(out, value);
}
