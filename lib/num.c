/*
 * Parsing and printing of sizes and durations.
 */
#include <stdio.h>
#include <string.h>

#include "num.h"

int
num_parse_u64_len(const char *text, size_t len, uint64_t *out)
{
	uint64_t n = 0, digit;
	size_t i;

	if (len == 0)
		return -1;
	for (i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		digit = (uint64_t)(text[i] - '0');
		if (n > (UINT64_MAX - digit) / 10)
			return -1;
		n = n * 10 + digit;
	}
	*out = n;
	return 0;
}

int
num_parse_u64(const char *text, uint64_t *out)
{
	return num_parse_u64_len(text, strlen(text), out);
}

int
num_parse_size(const char *text, uint64_t *out)
{
	static const char units[] = "KMGT";
	size_t digits = strspn(text, "0123456789");
	const char *rest = text + digits, *unit;
	unsigned shift = 0;
	uint64_t n;

	if (num_parse_u64_len(text, digits, &n) != 0)
		return -1;
	if (*rest != '\0' && (unit = strchr(units, *rest)) != NULL) {
		shift = 10 * (unsigned)(unit - units + 1);
		rest++;
		if (rest[0] == 'i' && rest[1] == 'B')
			rest++;
	}
	if (*rest == 'B')
		rest++;
	if (*rest != '\0' || n > UINT64_MAX >> shift)
		return -1;
	*out = n << shift;
	return 0;
}

int
num_parse_duration(const char *text, int64_t *out)
{
	static const char units[] = "smhdw";
	static const int64_t seconds[] = { 1, 60, 3600, 86400, 604800 };
	size_t digits = strspn(text, "0123456789");
	const char *unit;
	uint64_t n;

	if (num_parse_u64_len(text, digits, &n) != 0 || n > INT32_MAX)
		return -1;
	if (text[digits] == '\0' && n == 0) {
		*out = 0;
		return 0;
	}
	if (text[digits] == '\0' || text[digits + 1] != '\0' ||
	    (unit = strchr(units, text[digits])) == NULL)
		return -1;
	*out = (int64_t)n * seconds[unit - units];
	return 0;
}

const char *
num_format_size(char *out, uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB",
		"PiB" };
	double n = (double)bytes / 1024;
	size_t i = 0;

	if (bytes < 1024) {
		(void)snprintf(out, NUM_TEXT, "%u B", (unsigned)bytes);
		return out;
	}
	while (n >= 1024 && i + 1 < sizeof(units) / sizeof(units[0])) {
		n /= 1024;
		i++;
	}
	(void)snprintf(out, NUM_TEXT, "%.1f %s", n, units[i]);
	return out;
}

const char *
num_format_duration(char *out, int64_t seconds)
{
	static const struct {
		const char *large, *small;
		int64_t size, step;
	} units[] = {
		{ "d", "h", 86400, 3600 },
		{ "h", "min", 3600, 60 },
		{ "min", "s", 60, 1 },
	};
	int64_t s = seconds < 0 ? -seconds : seconds, rest;
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (s < units[i].size)
			continue;
		rest = s % units[i].size / units[i].step;
		if (rest == 0)
			(void)snprintf(out, NUM_TEXT, "%lld %s",
			    (long long)(s / units[i].size), units[i].large);
		else
			(void)snprintf(out, NUM_TEXT, "%lld %s %lld %s",
			    (long long)(s / units[i].size), units[i].large,
			    (long long)rest, units[i].small);
		return out;
	}
	(void)snprintf(out, NUM_TEXT, "%lld s", (long long)s);
	return out;
}
