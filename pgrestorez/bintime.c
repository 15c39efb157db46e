/*
 * Dates and times as DateStyle ISO and TimeZone UTC print them, of the years 1
 * to 9999. The server counts days and microseconds from 2000-01-01.
 */
#include "bin_private.h"
#include "utc.h"

#define EPOCH_SECONDS 946684800
#define DAY_SECONDS 86400
#define MICROS 1000000

/* So many digits as a number; -1 when one isn't. */
static long
digits(const char *text, size_t n)
{
	long v = 0;

	for (; n > 0; n--, text++) {
		if (!bin_is_digit(*text))
			return -1;
		v = 10 * v + (*text - '0');
	}
	return v;
}

/* "2024-02-29", and the time of the day in "00:00:07", if there is one. */
static int
parse_day(const char *text, size_t len, struct utc *t)
{
	if (len < 10 || text[4] != '-' || text[7] != '-')
		return -1;
	t->year = (int)digits(text, 4);
	t->month = (int)digits(text + 5, 2);
	t->day = (int)digits(text + 8, 2);
	return 0;
}

static int
parse_time(const char *text, size_t len, struct utc *t)
{
	if (len < 8 || text[2] != ':' || text[5] != ':')
		return -1;
	t->hour = (int)digits(text, 2);
	t->minute = (int)digits(text + 3, 2);
	t->second = (int)digits(text + 6, 2);
	return 0;
}

/* ".25" in microseconds; nothing is 0, and what is none is -1. */
static long
parse_fraction(const char *text, size_t len)
{
	long v;
	size_t n;

	if (len == 0)
		return 0;
	if (*text != '.' || len == 1 || len > 7)
		return -1;
	v = digits(text + 1, len - 1);
	for (n = len; v > 0 && n < 7; n++)
		v *= 10;
	return v;
}

/* 1, -1, or 0: the text is neither of them. */
static int
infinity(const char *text, size_t len)
{
	if (bin_is(text, len, "infinity"))
		return 1;
	return bin_is(text, len, "-infinity") ? -1 : 0;
}

/* That time and a fraction of a second, in microseconds from the epoch. */
static long
put_micros(char *out, const struct utc *t, const char *fraction, size_t len)
{
	int64_t seconds;
	long micros = parse_fraction(fraction, len);

	if (micros < 0 || utc_join(t, &seconds) != 0)
		return -1;
	bin_put_u64(out, (uint64_t)((seconds - EPOCH_SECONDS) * MICROS +
	    micros));
	return 8;
}

long
bintime_date(char *out, const char *text, size_t len)
{
	struct utc t = { .year = 0 };
	int sign = infinity(text, len);
	int64_t seconds;

	if (sign != 0) {
		bin_put_u32(out, (uint32_t)(sign > 0 ? INT32_MAX : INT32_MIN));
		return 4;
	}
	if (len != 10 || parse_day(text, len, &t) != 0 ||
	    utc_join(&t, &seconds) != 0)
		return -1;
	bin_put_u32(out, (uint32_t)((seconds - EPOCH_SECONDS) / DAY_SECONDS));
	return 4;
}

long
bintime_time(char *out, const char *text, size_t len)
{
	struct utc t = { .year = 2000, .month = 1, .day = 1 };

	if (parse_time(text, len, &t) != 0)
		return -1;
	return put_micros(out, &t, text + 8, len - 8);
}

long
bintime_timestamp(char *out, const char *text, size_t len)
{
	struct utc t;
	int sign = infinity(text, len);

	if (sign != 0) {
		bin_put_u64(out, (uint64_t)(sign > 0 ? INT64_MAX : INT64_MIN));
		return 8;
	}
	if (parse_day(text, len, &t) != 0 || len < 19 || text[10] != ' ' ||
	    parse_time(text + 11, len - 11, &t) != 0)
		return -1;
	return put_micros(out, &t, text + 19, len - 19);
}

/* In UTC, as the session printed it. */
long
bintime_timestamptz(char *out, const char *text, size_t len)
{
	if (len > 3 && memcmp(text + len - 3, "+00", 3) == 0)
		return bintime_timestamp(out, text, len - 3);
	return infinity(text, len) != 0 ?
	    bintime_timestamp(out, text, len) : -1;
}
