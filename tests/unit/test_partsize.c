/*
 * The schedule of part sizes: a table of plans, and uploads of up to 5 TiB
 * counted through part by part.
 */
#include <string.h>

#include "lib/partsize.h"
#include "tap.h"

#define MIB ((uint64_t)1 << 20)
#define GIB ((uint64_t)1 << 30)
#define TIB ((uint64_t)1 << 40)

struct walk {
	unsigned parts;
	uint64_t largest;
	uint64_t last;
	bool fits;
};

/* Send so many bytes by a plan. */
static struct walk
walk(const struct partsize *plan, uint64_t bytes)
{
	struct walk w = { 0, 0, 0, true };
	uint64_t size;

	while (bytes > 0) {
		if ((size = partsize_of(plan, w.parts + 1)) == 0) {
			w.fits = false;
			return w;
		}
		w.last = size < bytes ? size : bytes;
		bytes -= w.last;
		if (size > w.largest)
			w.largest = size;
		w.parts++;
	}
	return w;
}

static void
test_plans(void)
{
	static const struct {
		const char *name;
		struct partsize_options options;
		uint64_t send;		/* bytes that come */
		bool planned, fits;
		unsigned parts;
		uint64_t largest;
	} cases[] = {
		{ "one byte", { 0, 0, 0 }, 1, true, true, 1, 8 * MIB },
		{ "one part", { 0, 0, 0 }, 8 * MIB, true, true, 1, 8 * MIB },
		{ "one part and a byte", { 0, 0, 0 }, 8 * MIB + 1, true, true,
		    2, 8 * MIB },
		{ "the last small part", { 0, 0, 0 }, 8000 * MIB, true, true,
		    1000, 8 * MIB },
		{ "the first middling one", { 0, 0, 0 }, 8000 * MIB + 1, true,
		    true, 1001, 16 * MIB },
		{ "all middling ones", { 0, 0, 0 }, 40000 * MIB, true, true,
		    3000, 16 * MIB },
		{ "265 GiB through memory", { 0, 0, 0 }, 265 * GIB, true,
		    true, 8784, 40 * MIB },
		{ "the first through a file", { 0, 0, 0 }, 272000 * MIB + 1,
		    true, true, 8801, 512 * MIB },
		{ "1 TiB unannounced", { 0, 0, 0 }, TIB, true, true, 9102,
		    5 * GIB },
		{ "5 TiB unannounced", { 0, 0, 0 }, 5 * TIB, true, true, 9921,
		    5 * GIB },
		{ "6 TiB unannounced", { 0, 0, 0 }, 6 * TIB, true, false,
		    10000, 5 * GIB },
		{ "expected 1 GiB", { 0, 0, GIB }, GIB, true, true, 128,
		    8 * MIB },
		{ "expected 300 GiB", { 0, 0, 300 * GIB }, 300 * GIB, true,
		    true, 8778, 35 * MIB },
		{ "expected 300 GiB, came 310", { 0, 0, 300 * GIB },
		    310 * GIB, true, true, 9001, 5 * GIB },
		{ "expected 5 TiB", { 0, 0, 5 * TIB }, 5 * TIB, true, true,
		    8993, 583 * MIB },
		{ "expected 48 TiB", { 0, 0, 48 * TIB }, 48 * TIB, true, true,
		    9831, 5 * GIB },
		{ "expected 49 TiB", { 0, 0, 49 * TIB }, 0, false, true, 0,
		    0 },
		{ "equal parts", { 16 * MIB, 0, 0 }, 100 * GIB, true, true,
		    6400, 16 * MIB },
		{ "equal parts, all of them", { 5 * MIB, 0, 0 }, 50000 * MIB,
		    true, true, 10000, 5 * MIB },
		{ "equal parts, a byte more", { 5 * MIB, 0, 0 },
		    50000 * MIB + 1, true, false, 10000, 5 * MIB },
		{ "equal parts, known not to fit", { 5 * MIB, 0,
		    50000 * MIB + 1 }, 0, false, true, 0, 0 },
		{ "equal parts, just fitting", { 5 * MIB, 0, 50000 * MIB },
		    50000 * MIB, true, true, 10000, 5 * MIB },
		{ "1,000 parts", { 0, 1000, 0 }, 26 * GIB, true, true, 866,
		    40 * MIB },
		{ "1,000 parts, 500 GiB", { 0, 1000, 0 }, 500 * GIB, true,
		    true, 990, 5 * GIB },
		{ "1,000 parts, 1 TiB announced", { 0, 1000, TIB }, TIB, true,
		    true, 900, 1166 * MIB },
		{ "10 parts", { 0, 10, 0 }, 50 * MIB, true, true, 4,
		    40 * MIB },
		{ "1 part", { 0, 1, 0 }, GIB, true, true, 1, 5 * GIB },
		{ "1 part announced", { 0, 1, GIB }, GIB, true, true, 1,
		    1025 * MIB },
		{ "1 part, too much", { 0, 1, 6 * GIB }, 0, false, true, 0,
		    0 },
		{ "parts too small for S3", { 5 * MIB - 1, 0, 0 }, 0, false,
		    true, 0, 0 },
		{ "parts too large for S3", { 5 * GIB + 1, 0, 0 }, 0, false,
		    true, 0, 0 },
		{ "too many parts for S3", { 0, 10001, 0 }, 0, false, true, 0,
		    0 },
	};
	struct err e = ERR_INIT;
	struct partsize plan;
	struct walk w;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!tap_ok((partsize_plan(&plan, &cases[i].options, &e) ==
		    0) == cases[i].planned, "%s: plan", cases[i].name) ||
		    !cases[i].planned)
			continue;
		w = walk(&plan, cases[i].send);
		tap_ok(w.fits == cases[i].fits, "%s: fits", cases[i].name);
		tap_int(w.parts, cases[i].parts, "%s: parts", cases[i].name);
		tap_int((int64_t)w.largest, (int64_t)cases[i].largest,
		    "%s: largest part", cases[i].name);
	}
}

/* What must hold of every plan, whatever the number of parts. */
static void
test_laws(void)
{
	static const uint64_t expected[] = { 0, 1, MIB, GIB, 70 * GIB,
		353 * GIB, TIB, 4 * TIB, 5 * TIB };
	struct partsize_options o = { 0, 0, 0 };
	struct err e = ERR_INIT;
	struct partsize plan;
	bool grows = true, in_range = true, sums = true;
	uint64_t sum, size, before;
	unsigned max, n;
	size_t i;

	for (max = 1; max <= PARTSIZE_COUNT_MAX; max += max < 50 ? 1 : 199)
		for (i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
			o.max_parts = max;
			o.expected_bytes = expected[i];
			if (partsize_plan(&plan, &o, &e) != 0)
				continue;
			sum = before = 0;
			for (n = 1; (size = partsize_of(&plan, n)) != 0; n++) {
				grows = grows && size >= before;
				in_range = in_range && size >= PARTSIZE_MIN &&
				    size <= PARTSIZE_MAX;
				before = size;
				sum += size;
			}
			sums = sums && sum == plan.capacity && n == max + 1 &&
			    sum >= expected[i];
		}
	tap_ok(grows, "parts never shrink");
	tap_ok(in_range, "every part is of a size that S3 takes");
	tap_ok(sums, "a plan has all parts, and room for what is expected");
	tap_int((int64_t)partsize_of(&plan, 0), 0, "there is no part 0");
}

static void
test_messages(void)
{
	struct partsize_options o = { 5 * MIB, 0, 100 * GIB };
	struct err e = ERR_INIT;
	struct partsize plan;

	partsize_plan(&plan, &o, &e);
	tap_int(e.kind, ERR_USAGE, "what can't fit is a usage error");
	tap_text(e.text, "cannot fit 100.0 GiB into 10000 parts: 48.8 GiB is "
	    "the most", "it says what the most is");
	tap_ok(strstr(e.hint, "--part-size") != NULL, "and what to do");
}

int
main(void)
{
	test_plans();
	test_laws();
	test_messages();
	return tap_done();
}
