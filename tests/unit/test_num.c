/* num: whole text or nothing. */
#include "num.h"
#include "tap.h"

static const struct {
	const char *text;
	uint64_t bytes;
	int rc;
} sizes[] = {
	{ "0", 0, 0 }, { "17", 17, 0 }, { "8M", 8 << 20, 0 },
	{ "8MiB", 8 << 20, 0 }, { "1K", 1024, 0 }, { "1KB", 1024, 0 },
	{ "5G", (uint64_t)5 << 30, 0 }, { "12B", 12, 0 },
	{ "16777215T", (uint64_t)16777215 << 40, 0 },
	{ "16777216T", 0, -1 }, { "", 0, -1 }, { "M", 0, -1 },
	{ "-1", 0, -1 }, { " 1", 0, -1 }, { "1 ", 0, -1 }, { "1.5M", 0, -1 },
	{ "8m", 0, -1 }, { "8MM", 0, -1 }, { "0x10", 0, -1 },
	{ "18446744073709551615", UINT64_MAX, 0 },
	{ "18446744073709551616", 0, -1 },
};

static const struct {
	const char *text;
	int64_t seconds;
	int rc;
} durations[] = {
	{ "90s", 90, 0 }, { "26h", 26 * 3600, 0 }, { "2d", 172800, 0 },
	{ "1w", 604800, 0 }, { "5m", 300, 0 }, { "0", 0, 0 },
	{ "5", 0, -1 }, { "h", 0, -1 }, { "1hh", 0, -1 }, { "-1h", 0, -1 },
	{ "99999999999h", 0, -1 }, { "", 0, -1 },
};

int
main(void)
{
	char text[NUM_TEXT];
	uint64_t bytes;
	int64_t seconds;
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		bytes = 0;
		tap_int(num_parse_size(sizes[i].text, &bytes), sizes[i].rc,
		    "size '%s'", sizes[i].text);
		tap_ok(bytes == sizes[i].bytes, "value of '%s'",
		    sizes[i].text);
	}
	for (i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
		seconds = 0;
		tap_int(num_parse_duration(durations[i].text, &seconds),
		    durations[i].rc, "duration '%s'", durations[i].text);
		tap_int(seconds, durations[i].seconds, "value of '%s'",
		    durations[i].text);
	}
	tap_text(num_format_size(text, 1023), "1023 B", "1023 bytes");
	tap_text(num_format_size(text, 1536), "1.5 KiB", "1536 bytes");
	tap_text(num_format_size(text, (uint64_t)3 << 40), "3.0 TiB", "3 TiB");
	tap_text(num_format_duration(text, 59), "59 s", "59 s");
	tap_text(num_format_duration(text, 303), "5 min 3 s", "303 s");
	tap_text(num_format_duration(text, -7200), "2 h", "-2 h");
	tap_text(num_format_duration(text, 93600), "1 d 2 h", "26 h");
	return tap_done();
}
