/* progress: part, rate and time left, at chosen times. */
#include "progress.h"
#include "tap.h"

#define MIB ((uint64_t)1 << 20)

static struct progress
begun(uint64_t total)
{
	return (struct progress){ .total = total, .start_ms = 5000,
		.last_ms = 5000 };
}

static void
test_known_total(void)
{
	struct progress p = begun(400 * MIB);
	char text[PROGRESS_TEXT];

	tap_text(progress_text(&p, text), "0 % of 400.0 MiB", "nothing yet");
	progress_update(&p, 0, 5000);
	tap_text(progress_text(&p, text), "0 % of 400.0 MiB", "no time passed");
	progress_update(&p, 100 * MIB, 7000);
	tap_text(progress_text(&p, text),
	    "25 % of 400.0 MiB, 50.0 MiB/s, 6 s left", "a quarter");
	progress_update(&p, 399 * MIB, 9000);
	tap_text(progress_text(&p, text),
	    "99 % of 400.0 MiB, 99.8 MiB/s, 0 s left",
	    "not quite all; the average of the first seconds");
	progress_update(&p, 400 * MIB, 9000);
	progress_update(&p, 400 * MIB, 10000);
	tap_text(progress_text(&p, text),
	    "100 % of 400.0 MiB, 80.0 MiB/s", "all of it");
}

static void
test_wrong_total(void)
{
	struct progress p = begun(10 * MIB);
	char text[PROGRESS_TEXT];

	progress_update(&p, 30 * MIB, 6000);
	tap_text(progress_text(&p, text), "100 % of 10.0 MiB, 30.0 MiB/s",
	    "more than there was to be");
	progress_update(&p, 20 * MIB, 7000);
	tap_ok(p.done == 30 * MIB, "nothing becomes undone");
}

static void
test_no_total(void)
{
	struct progress p = begun(0);
	char text[PROGRESS_TEXT];

	tap_text(progress_text(&p, text), "0 B", "nothing of an unknown sum");
	progress_update(&p, 3 * MIB, 8000);
	tap_text(progress_text(&p, text), "3.0 MiB, 1.0 MiB/s",
	    "something of an unknown sum");
}

/* Ten fast seconds, then a minute at a tenth of it. */
static void
test_fading(void)
{
	struct progress p = begun(10000 * MIB);
	uint64_t done = 0;
	int64_t now = 5000;

	for (; now < 15000; now += 200)
		progress_update(&p, done += 20 * MIB, now + 200);
	tap_ok(p.rate > 99 * MIB && p.rate < 101 * MIB, "fast at first");
	for (; now < 75000; now += 200)
		progress_update(&p, done += 2 * MIB, now + 200);
	tap_ok(p.rate > 9 * MIB && p.rate < 11 * MIB,
	    "what was long ago is forgotten");
	progress_update(&p, done, now + 60000);
	tap_ok(p.rate == 0, "a minute of nothing");
}

int
main(void)
{
	test_known_total();
	test_wrong_total();
	test_no_total();
	test_fading();
	return tap_done();
}
