/* utc: checked day by day against the C library, and at its edges. */
#include <time.h>

#include "tap.h"
#include "utc.h"

/* Every day from 1900 to 2199 as the C library has it. */
static void
check_days(void)
{
	int64_t s, back, bad = 0;
	struct utc t;
	struct tm tm;
	time_t when;

	for (s = -2208988800; s < 7258118400; s += 86400 - 7) {
		when = (time_t)s;
		if (gmtime_r(&when, &tm) == NULL) {
			bad += s >= 0;	/* Windows knows nothing before */
			continue;
		}
		t = utc_split(s);
		if (t.year != tm.tm_year + 1900 || t.month != tm.tm_mon + 1 ||
		    t.day != tm.tm_mday || t.hour != tm.tm_hour ||
		    t.minute != tm.tm_min || t.second != tm.tm_sec ||
		    utc_weekday(s) != (tm.tm_wday + 6) % 7 ||
		    utc_join(&t, &back) != 0 || back != s)
			bad++;
	}
	tap_int(bad, 0, "300 years agree with gmtime_r");
}

static const struct {
	const char *name;
	int year, week;
} weeks[] = {
	{ "20250101_000000", 2025, 1 }, { "20241230_000000", 2025, 1 },
	{ "20241229_235959", 2024, 52 }, { "20210103_120000", 2020, 53 },
	{ "20210104_000000", 2021, 1 }, { "20270101_000000", 2026, 53 },
	{ "20160101_000000", 2015, 53 }, { "20200229_000000", 2020, 9 },
};

static const char *const not_names[] = {
	"20250229_000000", "20240230_000000", "20251301_000000",
	"20250001_000000", "20250100_000000", "20250101_240000",
	"20250101_006000", "20250101_000060", "00000101_000000",
	"2025010_1000000", "20250101-000000", "2025", "",
};

int
main(void)
{
	char text[UTC_TEXT];
	int64_t s = 0;
	int year, week;
	size_t i;

	check_days();
	for (i = 0; i < sizeof(weeks) / sizeof(weeks[0]); i++) {
		tap_int(utc_parse_name(weeks[i].name, &s), 0, "parse %s",
		    weeks[i].name);
		tap_text(utc_format_name(text, s), weeks[i].name, "and back");
		utc_iso_week(s, &year, &week);
		tap_int(year * 100 + week, weeks[i].year * 100 + weeks[i].week,
		    "ISO week of %s", weeks[i].name);
	}
	for (i = 0; i < sizeof(not_names) / sizeof(not_names[0]); i++)
		tap_int(utc_parse_name(not_names[i], &s), -1, "'%s' is none",
		    not_names[i]);
	tap_int(utc_parse_iso("2025-01-04T02:00:00.123Z", &s), 0, "ISO");
	tap_text(utc_format_iso(text, s), "2025-01-04T02:00:00Z", "and back");
	tap_text(utc_format_amz(text, s), "20250104T020000Z", "SigV4 form");
	tap_int(utc_parse_iso("2025-01-04T02:00:00", &s), -1, "ISO, no Z");
	tap_int(utc_parse_iso("2025-01-04T02:00:00Zx", &s), -1, "ISO, more");
	tap_int(utc_parse_iso("2025-01-04T04:30:00+02:30", &s), 0, "an offset");
	tap_text(utc_format_iso(text, s), "2025-01-04T02:00:00Z", "is taken off");
	tap_int(utc_parse_iso("2025-01-03T21:00:00-05:00", &s), 0, "to the west");
	tap_text(utc_format_iso(text, s), "2025-01-04T02:00:00Z", "added");
	tap_int(utc_parse_iso("2025-01-04T02:00:00UTC", &s), 0, "UTC");
	tap_int(utc_parse_iso("2025-01-04T02:00:00+0230", &s), -1, "no colon");
	tap_int(utc_parse_iso("2025-01-04T02:00:00+24:00", &s), -1,
	    "an offset of a day");
	tap_int(utc_parse_iso("2025-01-04T02:00:00+02:30x", &s), -1,
	    "more behind the offset");
	tap_int(utc_parse_http("Sun, 06 Nov 1994 08:49:37 GMT", &s), 0,
	    "the date of RFC 9110");
	tap_int(s, 784111777, "its value");
	tap_int(utc_parse_http("Sun, 06 Nov 1994 08:49:37 CET", &s), -1,
	    "not GMT");
	tap_int(utc_parse_http("Sun, 31 Feb 1994 08:49:37 GMT", &s), -1,
	    "31 February");
	tap_int(utc_parse_http("Sun, 06 ovD 1994 08:49:37 GMT", &s), -1,
	    "no month");
	tap_int(utc_parse_http("", &s), -1, "nothing");
	return tap_done();
}
