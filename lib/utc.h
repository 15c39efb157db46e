/*
 * Times, UTC only. The proleptic Gregorian calendar, years 1 to 9999; time is
 * always a value handed in, never read here.
 */
#ifndef UTC_H
#define UTC_H

#include <stdint.h>

struct utc {
	int year, month, day;		/* month and day from 1 */
	int hour, minute, second;	/* no leap seconds */
};

#define UTC_TEXT 80

struct utc utc_split(int64_t seconds);
/* -1 when t is no time that exists (30 February, 24:00). */
int utc_join(const struct utc *t, int64_t *seconds);

/* 0 Monday to 6 Sunday. */
int utc_weekday(int64_t seconds);
/* ISO 8601 week and the year it belongs to. */
void utc_iso_week(int64_t seconds, int *year, int *week);

/* "20250104_020000", as in names of backups; out holds UTC_TEXT. */
const char *utc_format_name(char *out, int64_t seconds);
int utc_parse_name(const char *text, int64_t *seconds);	/* 15 bytes are read */

/* "2025-01-04T02:00:00Z"; parsing takes a fraction too, and drops it, and
 * "UTC" or an offset such as +02:00 for the Z. */
const char *utc_format_iso(char *out, int64_t seconds);
int utc_parse_iso(const char *text, int64_t *seconds);

/* "20250104T020000Z", as SigV4 wants it. */
const char *utc_format_amz(char *out, int64_t seconds);

/* "Sat, 04 Jan 2025 02:00:00 GMT" (RFC 9110, IMF-fixdate only). */
int utc_parse_http(const char *text, int64_t *seconds);

#endif
