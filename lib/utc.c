/*
 * Calendar arithmetic of our own, because the C library's depends on the
 * process's time zone and differs between systems. Days are counted from
 * 1 March of year 0, so that a leap day ends its year (Howard Hinnant,
 * "chrono-compatible low-level date algorithms").
 */
#include <stdio.h>
#include <string.h>

#include "utc.h"

#define DAY 86400
#define DAYS_TO_1970 719468	/* from 0000-03-01 */

static int64_t
days_from_civil(int year, int month, int day)
{
	int64_t y = year - (month <= 2), era = y / 400, yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy -
	    DAYS_TO_1970;
}

static int64_t
day_of(int64_t seconds)
{
	int64_t day = seconds / DAY;

	return seconds % DAY < 0 ? day - 1 : day;
}

struct utc
utc_split(int64_t seconds)
{
	int64_t days = day_of(seconds), z = days + DAYS_TO_1970;
	int64_t rest = seconds - days * DAY;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	struct utc t;

	t.day = (int)(doy - (153 * mp + 2) / 5 + 1);
	t.month = (int)(mp < 10 ? mp + 3 : mp - 9);
	t.year = (int)(yoe + era * 400 + (t.month <= 2));
	t.hour = (int)(rest / 3600);
	t.minute = (int)(rest / 60 % 60);
	t.second = (int)(rest % 60);
	return t;
}

int
utc_join(const struct utc *t, int64_t *seconds)
{
	struct utc back;
	int64_t s;

	if (t->year < 1 || t->year > 9999 || t->month < 1 || t->month > 12 ||
	    t->day < 1 || t->day > 31 || t->hour < 0 || t->hour > 23 ||
	    t->minute < 0 || t->minute > 59 || t->second < 0 || t->second > 59)
		return -1;
	s = days_from_civil(t->year, t->month, t->day) * DAY +
	    t->hour * 3600 + t->minute * 60 + t->second;
	back = utc_split(s);
	if (back.day != t->day || back.month != t->month)
		return -1;
	*seconds = s;
	return 0;
}

int
utc_weekday(int64_t seconds)
{
	int64_t d = (day_of(seconds) + 3) % 7;	/* 1970-01-01: Thursday */

	return (int)(d < 0 ? d + 7 : d);
}

void
utc_iso_week(int64_t seconds, int *year, int *week)
{
	/* a week belongs to the year of its Thursday */
	int64_t thursday = day_of(seconds) - utc_weekday(seconds) + 3;

	*year = utc_split(thursday * DAY).year;
	*week = (int)((thursday - days_from_civil(*year, 1, 1)) / 7) + 1;
}

const char *
utc_format_name(char *out, int64_t seconds)
{
	struct utc t = utc_split(seconds);

	(void)snprintf(out, UTC_TEXT, "%04d%02d%02d_%02d%02d%02d", t.year,
	    t.month, t.day, t.hour, t.minute, t.second);
	return out;
}

const char *
utc_format_iso(char *out, int64_t seconds)
{
	struct utc t = utc_split(seconds);

	(void)snprintf(out, UTC_TEXT, "%04d-%02d-%02dT%02d:%02d:%02dZ",
	    t.year, t.month, t.day, t.hour, t.minute, t.second);
	return out;
}

const char *
utc_format_amz(char *out, int64_t seconds)
{
	struct utc t = utc_split(seconds);

	(void)snprintf(out, UTC_TEXT, "%04d%02d%02dT%02d%02d%02dZ", t.year,
	    t.month, t.day, t.hour, t.minute, t.second);
	return out;
}

/*
 * Match text against a pattern in which Y M D h m s stand for digits of those
 * fields; anything else stands for itself. Returns what follows, or NULL.
 */
static const char *
scan(const char *text, const char *pattern, struct utc *t)
{
	static const char letters[] = "YMDhms";
	int field[6] = { 0 };
	const char *which;

	for (; *pattern != '\0'; pattern++, text++) {
		which = strchr(letters, *pattern);
		if (which == NULL) {
			if (*text != *pattern)
				return NULL;
			continue;
		}
		if (*text < '0' || *text > '9')
			return NULL;
		field[which - letters] = field[which - letters] * 10 +
		    (*text - '0');
	}
	t->year = field[0];
	t->month = field[1];
	t->day = field[2];
	t->hour = field[3];
	t->minute = field[4];
	t->second = field[5];
	return text;
}

int
utc_parse_name(const char *text, int64_t *seconds)
{
	struct utc t;

	if (scan(text, "YYYYMMDD_hhmmss", &t) == NULL)
		return -1;
	return utc_join(&t, seconds);
}

int
utc_parse_iso(const char *text, int64_t *seconds)
{
	struct utc t, zone = { .day = 1 };
	const char *rest = scan(text, "YYYY-MM-DDThh:mm:ss", &t);
	int offset;

	if (rest == NULL)
		return -1;
	if (*rest == '.')
		rest += 1 + strspn(rest + 1, "0123456789");
	if (strcmp(rest, "Z") != 0 && strcmp(rest, "UTC") != 0) {
		if ((*rest != '+' && *rest != '-') ||
		    scan(rest + 1, "hh:mm", &zone) == NULL ||
		    rest[6] != '\0' || zone.hour > 23 || zone.minute > 59)
			return -1;
	}
	if (utc_join(&t, seconds) != 0)
		return -1;
	offset = zone.hour * 3600 + zone.minute * 60;
	*seconds += *rest == '-' ? offset : -offset;
	return 0;
}

int
utc_parse_http(const char *text, int64_t *seconds)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct utc day, t;
	char name[4] = "";
	const char *found, *rest;

	if (strlen(text) < 29 || text[3] != ',')
		return -1;
	memcpy(name, text + 8, 3);
	if ((found = strstr(names, name)) == NULL ||
	    (found - names) % 3 != 0)
		return -1;
	rest = scan(text + 12, "YYYY hh:mm:ss ", &t);
	if (scan(text + 5, "DD ", &day) == NULL || rest == NULL ||
	    strcmp(rest, "GMT") != 0)
		return -1;
	t.day = day.day;
	t.month = (int)(found - names) / 3 + 1;
	return utc_join(&t, seconds);
}
