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
