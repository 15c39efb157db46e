/*
 * Numbers. The server prints a floating-point one with as many digits as tell
 * it from all others, so reading it gives the same bits.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "bin_private.h"

/* -- whole numbers ------------------------------------------------------ */

#define DIGITS_MAX 19	/* with as many no 64 bits overflow unseen */

/* -1: it is none, or beyond an int64_t. */
static int
parse_int(const char *text, size_t len, int64_t *out)
{
	bool negative = len > 0 && *text == '-';
	uint64_t v = 0;

	text += negative;
	len -= negative;
	if (len == 0 || len > DIGITS_MAX)
		return -1;
	for (; len > 0; len--, text++) {
		if (!bin_is_digit(*text))
			return -1;
		v = 10 * v + (uint64_t)(*text - '0');
	}
	if (v > (uint64_t)INT64_MAX + negative)
		return -1;
	*out = (int64_t)(negative ? 0 - v : v);
	return 0;
}

/* A signed number of so many bytes, at most 8. */
static long
put_int(char *out, const char *text, size_t len, int bytes)
{
	int64_t v, most = INT64_MAX >> (64 - 8 * bytes);
	char whole[8];

	if (parse_int(text, len, &v) != 0 || v > most || v < -most - 1)
		return -1;
	bin_put_u64(whole, (uint64_t)v);
	memcpy(out, whole + sizeof(whole) - bytes, (size_t)bytes);
	return bytes;
}

long
binnumber_int2(char *out, const char *text, size_t len)
{
	return put_int(out, text, len, 2);
}

long
binnumber_int4(char *out, const char *text, size_t len)
{
	return put_int(out, text, len, 4);
}

long
binnumber_int8(char *out, const char *text, size_t len)
{
	return put_int(out, text, len, 8);
}

long
binnumber_oid(char *out, const char *text, size_t len)
{
	int64_t v;

	if (parse_int(text, len, &v) != 0 || v < 0 || v > UINT32_MAX)
		return -1;
	bin_put_u32(out, (uint32_t)v);
	return 4;
}

/* -- other numbers ------------------------------------------------------ */

#define FLOAT_MAX 40	/* the longest has some 25 */

/* What is no number of digits. */
static bool
is_special(const char *text, size_t len, double *v)
{
	if (bin_is(text, len, "NaN"))
		*v = NAN;
	else if (bin_is(text, len, "Infinity"))
		*v = INFINITY;
	else if (bin_is(text, len, "-Infinity"))
		*v = -INFINITY;
	else
		return false;
	return true;
}

/* The text for strtod(), which knows more than the server prints. */
static bool
copy_float(char *copy, const char *text, size_t len)
{
	size_t i;

	if (len == 0 || len >= FLOAT_MAX)
		return false;
	for (i = 0; i < len; i++)
		if (!bin_is_digit(text[i]) && text[i] != '.' &&
		    text[i] != '-' && text[i] != '+' && text[i] != 'e')
			return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return true;
}

/* All of copy was read to be v, and lost nothing. */
static bool
was_read(const char *copy, const char *end, double v)
{
	return end > copy && *end == '\0' && fabs(v) <= DBL_MAX &&
	    (v != 0 || copy[strspn(copy, "-0")] == '\0');
}

long
binnumber_float4(char *out, const char *text, size_t len)
{
	char copy[FLOAT_MAX], *end;
	uint32_t bits;
	double special;
	float v;

	if (is_special(text, len, &special)) {
		v = (float)special;
	} else {
		if (!copy_float(copy, text, len))
			return -1;
		v = strtof(copy, &end);
		if (!was_read(copy, end, (double)v))
			return -1;
	}
	memcpy(&bits, &v, sizeof(bits));
	bin_put_u32(out, bits);
	return 4;
}

long
binnumber_float8(char *out, const char *text, size_t len)
{
	char copy[FLOAT_MAX], *end;
	uint64_t bits;
	double v;

	if (!is_special(text, len, &v)) {
		if (!copy_float(copy, text, len))
			return -1;
		v = strtod(copy, &end);
		if (!was_read(copy, end, v))
			return -1;
	}
	memcpy(&bits, &v, sizeof(bits));
	bin_put_u64(out, bits);
	return 8;
}

/*
 * numeric: four 16-bit numbers (groups, weight of the first, sign, digits
 * behind the point), then groups of four decimal digits, the point between
 * two of them.
 */
#define GROUP 4
#define NUMERIC_HEAD 8
#define NUMERIC_NEGATIVE 0x4000
#define NUMERIC_NAN 0xc000
#define NUMERIC_MAX 16000	/* digits, of 131072 and 16383 that there may be */

struct decimal {
	const char *digits;	/* and the point, if there is one */
	long whole, scale;	/* digits before and behind it */
};

static int
parse_decimal(struct decimal *d, const char *text, size_t len)
{
	const char *point = memchr(text, '.', len);
	size_t i;

	if (len > NUMERIC_MAX)
		return -1;
	d->digits = text;
	d->whole = point != NULL ? (long)(point - text) : (long)len;
	d->scale = point != NULL ? (long)len - d->whole - 1 : 0;
	if (d->whole == 0 || (point != NULL && d->scale == 0))
		return -1;
	for (i = 0; i < len; i++)
		if (!bin_is_digit(text[i]) && text + i != point)
			return -1;
	return 0;
}

/* Four digits, the group that stands so many before the point. */
static unsigned
group_at(const struct decimal *d, long group)
{
	long place = GROUP * (group + 1) - 1;
	unsigned v = 0;
	int i;

	for (i = 0; i < GROUP; i++, place--) {
		v *= 10;
		if (place < d->whole && place >= -d->scale)
			v += (unsigned)(d->digits[place >= 0 ?
			    d->whole - 1 - place : d->whole - place] - '0');
	}
	return v;
}

long
binnumber_numeric(char *out, const char *text, size_t len)
{
	bool negative = len > 0 && *text == '-';
	struct decimal d;
	long first, last, g;

	if (bin_is(text, len, "NaN")) {
		memset(out, 0, NUMERIC_HEAD);
		bin_put_u16(out + 4, NUMERIC_NAN);
		return NUMERIC_HEAD;
	}
	if (parse_decimal(&d, text + negative, len - negative) != 0)
		return -1;
	first = (d.whole - 1) / GROUP;
	last = -(d.scale + GROUP - 1) / GROUP;
	bin_put_u16(out, (unsigned)(first - last + 1));
	bin_put_u16(out + 2, (unsigned)first & 0xffff);
	bin_put_u16(out + 4, negative ? NUMERIC_NEGATIVE : 0);
	bin_put_u16(out + 6, (unsigned)d.scale);
	out += NUMERIC_HEAD;
	for (g = first; g >= last; g--, out += 2)
		bin_put_u16(out, group_at(&d, g));
	return NUMERIC_HEAD + 2 * (first - last + 1);
}
