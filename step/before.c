/*
 * The forms of a time are told apart by where their digits stand.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "before.h"

/* d is a digit, T a blank or a T, anything else itself. */
static const char *const forms[] = {
	"dddd-dd-dd",
	"dddd-dd-ddTdd:dd",
	"dddd-dd-ddTdd:dd:dd",
	"dddddddd_dddddd",
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
fits(char c, char form)
{
	if (form == 'd')
		return is_digit(c);
	return form == 'T' ? c == 'T' || c == ' ' : c == form;
}

/* All digits of text, if it has this form; a Z may end it. */
static bool
take(const char *text, const char *form, char digits[15])
{
	size_t used = 0;

	for (; *form != '\0'; form++, text++) {
		if (!fits(*text, *form))
			return false;
		if (*form == 'd')
			digits[used++] = *text;
	}
	return *text == '\0' || strcmp(text, "Z") == 0;
}

static bool
is_below(const char *digits, int least, int most)
{
	int n = (digits[0] - '0') * 10 + digits[1] - '0';

	return n >= least && n <= most;
}

/* 60: a leap second is a time, too. */
static bool
is_time(const char *digits)
{
	return is_below(digits + 4, 1, 12) && is_below(digits + 6, 1, 31) &&
	    is_below(digits + 8, 0, 23) && is_below(digits + 10, 0, 59) &&
	    is_below(digits + 12, 0, 60);
}

int
before_parse(const char *text, char out[BEFORE_SIZE], struct err *e)
{
	char digits[15];
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		memcpy(digits, "00000000000000", sizeof(digits));
		if (!take(text, forms[i], digits) || !is_time(digits))
			continue;
		(void)snprintf(out, BEFORE_SIZE, "%.8s_%s", digits,
		    digits + 8);
		return 0;
	}
	return err_set(e, ERR_USAGE, "'%s' is no time such as '2026-11-20 "
	    "03:00' (UTC)", text);
}
