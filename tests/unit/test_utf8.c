/* utf8: well-formed characters, and no others. */
#include <string.h>

#include "tap.h"
#include "utf8.h"

static const struct {
	const char *bytes;
	size_t len;
	uint32_t code;
} cases[] = {
	{ "a", 1, 'a' },
	{ "\x7f", 1, 0x7f },
	{ "\xc2\x80", 2, 0x80 },
	{ "\xc3\xbc", 2, 0xfc },
	{ "\xdf\xbf", 2, 0x7ff },
	{ "\xe0\xa0\x80", 3, 0x800 },
	{ "\xed\x9f\xbf", 3, 0xd7ff },
	{ "\xee\x80\x80", 3, 0xe000 },
	{ "\xef\xbf\xbf", 3, 0xffff },
	{ "\xf0\x90\x80\x80", 4, 0x10000 },
	{ "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
	/* not one */
	{ "\x80", 0, 0 },
	{ "\xbf", 0, 0 },
	{ "\xc0\xaf", 0, 0 },		/* "/" in two bytes */
	{ "\xc1\xbf", 0, 0 },
	{ "\xc3", 0, 0 },
	{ "\xc3(", 0, 0 },
	{ "\xe0\x9f\xbf", 0, 0 },
	{ "\xe2\x82", 0, 0 },
	{ "\xed\xa0\x80", 0, 0 },	/* a surrogate */
	{ "\xf0\x8f\xbf\xbf", 0, 0 },
	{ "\xf4\x90\x80\x80", 0, 0 },
	{ "\xf5\x80\x80\x80", 0, 0 },
	{ "\xff", 0, 0 },
};

int
main(void)
{
	static const uint32_t hidden[] = { 0, 9, 10, 13, 27, 0x7f, 0x80, 0x85,
		0x9f, 0x200e, 0x200f, 0x2028, 0x2029, 0x202e, 0x2066, 0x2069 };
	static const uint32_t shown[] = { ' ', '~', 0xa0, 0xfc, 0x2026, 0x2030,
		0x20ac, 0x1f600 };
	uint32_t code;
	size_t i, n;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		code = 0;
		n = utf8_decode(cases[i].bytes, strlen(cases[i].bytes), &code);
		tap_int((int64_t)n, (int64_t)cases[i].len, "case %zu: length",
		    i);
		if (cases[i].len > 0)
			tap_int(code, cases[i].code, "case %zu: code", i);
	}
	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		tap_ok(!utf8_is_printable(hidden[i]), "U+%04X is not printable",
		    (unsigned)hidden[i]);
	for (i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		tap_ok(utf8_is_printable(shown[i]), "U+%04X is printable",
		    (unsigned)shown[i]);
	return tap_done();
}
