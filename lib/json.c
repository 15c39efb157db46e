/*
 * A conversion to Unicode could not be undone by whoever compares names with
 * the bytes of the stream; one byte for one code point can.
 */
#include <string.h>

#include "buf.h"
#include "json.h"

#define NAME_BYTES (1 << 20)

json_t *
json_name(const char *name, const char *encoding)
{
	struct buf b = BUF_INIT(2 * NAME_BYTES);
	json_t *j = NULL;
	const char *p;

	if (strcmp(encoding, "UTF8") == 0 && (j = json_string(name)) != NULL)
		return j;
	for (p = name; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c >= 0x80)
			buf_putc(&b, (char)(0xc0 | c >> 6));
		buf_putc(&b, (char)(c < 0x80 ? c : 0x80 | (c & 0x3f)));
	}
	if (!b.failed)
		j = json_string(buf_text(&b));
	buf_free(&b);
	return j;
}

void
json_put_raw(struct buf *out, const json_t *name, const char *encoding)
{
	const char *p = json_string_value(name);

	if (p != NULL && strcmp(encoding, "UTF8") == 0) {
		buf_puts(out, p);
		return;
	}
	for (; p != NULL && *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if ((c & 0xe0) == 0xc0 && p[1] != '\0')
			c = (unsigned char)(c << 6 | (*++p & 0x3f));
		buf_putc(out, (char)c);
	}
}
