/*
 * Blocks go through deflate and back; every damage to a member is found.
 */
#include <stdlib.h>
#include <string.h>

#include "gz.h"
#include "gzwalk.h"
#include "hash.h"
#include "tests/unit/tap.h"

#define TEXT_SIZE 100000

/* Text that compresses well here and not at all there. */
static void
make_text(char *text, size_t len)
{
	uint32_t x = 1;
	size_t i;

	for (i = 0; i < len; i++) {
		x = x * 1664525 + 1013904223;
		text[i] = i % 20000 < 10000 ? "abcd\n"[i % 5] :
		    (char)(x >> 24);
	}
}

static void
test_level(int level, const char *text, size_t len)
{
	struct err e = ERR_INIT;
	struct gz_deflater *d = gz_deflater_new(level, &e);
	struct gz_inflater *i = gz_inflater_new(&e);
	size_t bound = gz_deflate_bound(d, len), n;
	char *out = malloc(bound + 1), *back = malloc(len + 2);

	n = gz_deflate(d, text, len, out, bound);
	tap_ok(n != 0 && n <= bound, "level %d: %zu bytes within the bound",
	    level, len);
	tap_ok(gz_inflate(i, out, n, back, len) &&
	    memcmp(back, text, len) == 0, "level %d: and back", level);
	tap_ok(!gz_inflate(i, out, n, back, len + 1), "a byte too few");
	tap_ok(len == 0 || !gz_inflate(i, out, n, back, len - 1),
	    "a byte too many");
	tap_ok(!gz_inflate(i, out, n - 1, back, len), "cut input");
	out[n] = 0;
	tap_ok(!gz_inflate(i, out, n + 1, back, len), "trailing input");
	tap_ok(gz_inflate(i, out, n, back, len), "still usable after those");
	free(out);
	free(back);
	gz_deflater_free(d);
	gz_inflater_free(i);
}

static void
test_blocks(void)
{
	static char text[TEXT_SIZE];
	struct err e = ERR_INIT;

	make_text(text, sizeof(text));
	test_level(1, text, sizeof(text));
	test_level(GZ_LEVEL_DEFAULT, text, sizeof(text));
	test_level(GZ_LEVEL_MAX, text, sizeof(text));
	test_level(GZ_LEVEL_DEFAULT, text, 0);
	test_level(GZ_LEVEL_DEFAULT, text, 1);
	tap_ok(gz_deflater_new(0, &e) == NULL && e.kind == ERR_USAGE,
	    "there is no level 0");
	tap_ok(gz_deflater_new(GZ_LEVEL_MAX + 1, &e) == NULL,
	    "nor one above the highest");
	gz_deflater_free(NULL);
	gz_inflater_free(NULL);
}

/* -- the walk ----------------------------------------------------------- */

/* "hello\n", with all that a header may have; its CRC is put in by the test. */
static const uint8_t rich[] = {
	0x1f, 0x8b, 8, 0x1f, 1, 2, 3, 4, 2, 3,
	6, 0, 'A', 'p', 2, 0, 'x', 'y', 'n', 'a', 'm', 'e', 0, 'c', 0, 0, 0,
	0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xe7, 0x02, 0x00,
	0x20, 0x30, 0x3a, 0x36, 6, 0, 0, 0,
};
#define RICH_HCRC 25
#define RICH_DATA 27

static uint8_t two[2 * sizeof(rich)];

static void
make_two(void)
{
	uint32_t crc;

	memcpy(two, rich, sizeof(rich));
	crc = hash_crc32(0, two, RICH_HCRC);
	two[RICH_HCRC] = (uint8_t)crc;
	two[RICH_HCRC + 1] = (uint8_t)(crc >> 8);
	memcpy(two + sizeof(rich), two, sizeof(rich));
}

struct seen {
	char text[64];
	size_t len;
	unsigned members;
};

static void
see(void *ctx, const void *data, size_t len)
{
	struct seen *s = ctx;

	if (s->len + len > sizeof(s->text))
		return;
	memcpy(s->text + s->len, data, len);
	s->len += len;
}

/* Walk through all of it in steps; 0, or -1 and e. */
static int
walk(const uint8_t *data, size_t len, size_t step, struct seen *s,
	struct err *e)
{
	struct gzwalk *w = gzwalk_new(see, s, e);
	size_t at = 0, n;
	bool ended;
	ssize_t used;
	int rc = 0;

	memset(s, 0, sizeof(*s));
	while (rc == 0 && at < len) {
		n = len - at < step ? len - at : step;
		if ((used = gzwalk_feed(w, data + at, n, &ended, e)) < 0)
			rc = -1;
		else
			at += (size_t)used;
		if (ended)
			s->members++;
	}
	if (rc == 0)
		rc = gzwalk_finish(w, e);
	gzwalk_free(w);
	return rc;
}

static void
test_steps(void)
{
	struct err e = ERR_INIT;
	struct seen s;
	size_t step, bad = 0;

	for (step = 1; step <= sizeof(two); step++)
		if (walk(two, sizeof(two), step, &s, &e) != 0 ||
		    s.members != 2 || s.len != 12 ||
		    memcmp(s.text, "hello\nhello\n", 12) != 0)
			bad++;
	tap_int((int64_t)bad, 0, "two members, cut anywhere");
}

static void
test_cuts(void)
{
	struct err e = ERR_INIT;
	struct seen s;
	size_t len, bad = 0;

	for (len = 1; len < sizeof(two); len++) {
		if (len == sizeof(rich))
			continue;
		if (walk(two, len, 7, &s, &e) == 0 || e.kind != ERR_VERDICT)
			bad++;
	}
	tap_int((int64_t)bad, 0, "each truncation within a member is seen");
	tap_ok(strstr(e.text, "member 2, which begins at byte 43") != NULL,
	    "with its place: %s", e.text);
}

/* With a header CRC, every bit of this member counts. */
static void
test_flips(void)
{
	uint8_t bad[sizeof(two)];
	struct err e = ERR_INIT;
	struct seen s;
	size_t bit, missed = 0;

	for (bit = 0; bit < 8 * sizeof(rich); bit++) {
		memcpy(bad, two, sizeof(two));
		bad[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		if (walk(bad, sizeof(bad), 11, &s, &e) == 0 &&
		    bit / 8 != RICH_DATA + 7) {
			missed++;
			tap_note("bit %zu of byte %zu", bit % 8, bit / 8);
		}
	}
	tap_int((int64_t)missed, 0, "each flipped bit is seen, but padding");
}

static void
test_garbage(void)
{
	uint8_t data[sizeof(two) + 20];
	struct err e = ERR_INIT;
	struct seen s;

	memset(data, 0, sizeof(data));
	memcpy(data, two, sizeof(two));
	tap_ok(walk(data, sizeof(data), 1000, &s, &e) != 0 &&
	    strstr(e.text, "padding with zero bytes at byte 86, after member 2")
	    != NULL, "padding: %s", e.text);
	data[sizeof(two)] = '\n';
	tap_ok(walk(data, sizeof(two) + 1, 1000, &s, &e) != 0 &&
	    strstr(e.text, "trailing garbage at byte 86") != NULL,
	    "one byte of garbage: %s", e.text);
	tap_ok(walk((const uint8_t *)"SELECT 1;\n", 10, 1000, &s, &e) != 0 &&
	    e.hint[0] != '\0', "plain text: %s", e.text);
}

int
main(void)
{
	test_blocks();
	make_two();
	test_steps();
	test_cuts();
	test_flips();
	test_garbage();
	return tap_done();
}
