/*
 * The Test Anything Protocol, as much of it as we use.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tap.h"

static unsigned count, failed;

static bool report(bool passed, const char *format, va_list ap)
	ERR_PRINTF(2, 0);

static bool
report(bool passed, const char *format, va_list ap)
{
	count++;
	if (!passed)
		failed++;
	printf("%s %u - ", passed ? "ok" : "not ok", count);
	(void)vprintf(format, ap);
	printf("\n");
	return passed;
}

bool
tap_ok(bool passed, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	report(passed, format, ap);
	va_end(ap);
	return passed;
}

bool
tap_text(const char *got, const char *expected, const char *format, ...)
{
	bool same = got != NULL && strcmp(got, expected) == 0;
	va_list ap;

	va_start(ap, format);
	report(same, format, ap);
	va_end(ap);
	if (!same)
		printf("#      got: '%s'\n# expected: '%s'\n",
		    got != NULL ? got : "(null)", expected);
	return same;
}

bool
tap_int(int64_t got, int64_t expected, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	report(got == expected, format, ap);
	va_end(ap);
	if (got != expected)
		printf("#      got: %" PRId64 "\n# expected: %" PRId64 "\n",
		    got, expected);
	return got == expected;
}

bool
tap_bytes(const void *got, const void *expected, size_t len,
	const char *format, ...)
{
	const uint8_t *a = got, *b = expected;
	size_t i = 0;
	va_list ap;

	while (i < len && a[i] == b[i])
		i++;
	va_start(ap, format);
	report(i == len, format, ap);
	va_end(ap);
	if (i < len)
		printf("# byte %zu: got %02x, expected %02x\n", i, a[i], b[i]);
	return i == len;
}

void
tap_note(const char *format, ...)
{
	va_list ap;

	printf("# ");
	va_start(ap, format);
	(void)vprintf(format, ap);
	va_end(ap);
	printf("\n");
}

int
tap_done(void)
{
	printf("1..%u\n", count);
	return failed == 0 && count != 0 ? 0 : 1;
}
