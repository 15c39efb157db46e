/*
 * Error texts carry names and messages from servers, files and users. They
 * are made harmless here, once, so that no terminal or log is ever driven by
 * what a remote side wrote.
 */
#include <stdio.h>
#include <string.h>

#include "err.h"

/* Length of the well-formed UTF-8 sequence at p (RFC 3629), 0 if none. */
static size_t
utf8_len(const unsigned char *p, size_t left)
{
	size_t n, i;

	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		n = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		n = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		n = 4;
	else
		return 0;
	if (n > left)
		return 0;
	for (i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

static int
is_printable(const unsigned char *p, size_t len)
{
	if (len == 1)
		return p[0] >= 0x20 && p[0] != 0x7f;
	/* C1 control characters, U+0080 to U+009F */
	return len != 0 && !(p[0] == 0xc2 && p[1] < 0xa0);
}

void
err_escape(char *out, size_t size, const char *in, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *p = (const unsigned char *)in;
	size_t used = 0, i = 0, n;

	while (i < len) {
		n = utf8_len(p + i, len - i);
		if (is_printable(p + i, n)) {
			if (used + n >= size)
				break;
			memcpy(out + used, p + i, n);
			used += n;
			i += n;
			continue;
		}
		if (used + 4 >= size)
			break;
		out[used++] = '\\';
		out[used++] = 'x';
		out[used++] = hex[p[i] >> 4];
		out[used++] = hex[p[i] & 15];
		i++;
	}
	out[used] = '\0';
}

static void put_line(char *out, size_t size, const char *format, va_list ap)
	ERR_PRINTF(3, 0);

/* Format into out, escaped. */
static void
put_line(char *out, size_t size, const char *format, va_list ap)
{
	char raw[1024];
	int n = vsnprintf(raw, sizeof(raw), format, ap);

	if (n < 0)
		n = 0;
	if ((size_t)n >= sizeof(raw))
		n = sizeof(raw) - 1;
	/* a trailing newline is how libraries end their messages */
	while (n > 0 && (raw[n - 1] == '\n' || raw[n - 1] == '\r'))
		n--;
	err_escape(out, size, raw, (size_t)n);
}

int
err_setv(struct err *e, enum err_kind kind, const char *format, va_list ap)
{
	e->kind = kind;
	e->hint[0] = '\0';
	put_line(e->text, sizeof(e->text), format, ap);
	return -1;
}

int
err_set(struct err *e, enum err_kind kind, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	err_setv(e, kind, format, ap);
	va_end(ap);
	return -1;
}

int
err_context(struct err *e, const char *format, ...)
{
	char old[sizeof(e->text)];
	va_list ap;
	size_t len;

	memcpy(old, e->text, sizeof(old));
	va_start(ap, format);
	put_line(e->text, sizeof(e->text), format, ap);
	va_end(ap);
	len = strlen(e->text);
	(void)snprintf(e->text + len, sizeof(e->text) - len, ": %s", old);
	return -1;
}

int
err_hint(struct err *e, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	put_line(e->hint, sizeof(e->hint), format, ap);
	va_end(ap);
	return -1;
}
