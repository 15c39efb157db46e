/*
 * Only the shortest form of a character is one, and surrogates are none: what
 * two readers would take for different texts must not pass here.
 */
#include "utf8.h"

/* Length by the first byte, 0 when none begins so; its bits go to *code. */
static size_t
begin(unsigned char c, uint32_t *code)
{
	if (c < 0x80) {
		*code = c;
		return 1;
	}
	if (c >= 0xc2 && c <= 0xdf) {
		*code = c & 0x1fu;
		return 2;
	}
	if (c >= 0xe0 && c <= 0xef) {
		*code = c & 0x0fu;
		return 3;
	}
	*code = c & 0x07u;
	return c >= 0xf0 && c <= 0xf4 ? 4 : 0;
}

size_t
utf8_decode(const char *p, size_t left, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c;
	size_t n = begin((unsigned char)p[0], &c), i;

	if (n == 0 || n > left)
		return 0;
	for (i = 1; i < n; i++) {
		if (((unsigned char)p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | ((unsigned char)p[i] & 0x3fu);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*code = c;
	return n;
}

bool
utf8_is_printable(uint32_t code)
{
	return code >= 0x20 && !(code >= 0x7f && code < 0xa0) &&
	    code != 0x200e && code != 0x200f &&
	    !(code >= 0x2028 && code <= 0x202e) &&
	    !(code >= 0x2066 && code <= 0x2069);
}
