/*
 * Whatever is accepted here must mean to the server's input function just what
 * it means here, so that much of what that one accepts is left to it.
 */
#include "bin_private.h"

static long
put_bool(char *out, const char *text, size_t len)
{
	if (len != 1 || (*text != 't' && *text != 'f'))
		return -1;
	*out = (char)(*text == 't');
	return 1;
}

/* -- bytes -------------------------------------------------------------- */

/* n bytes from twice as many digits. */
static int
put_hex(char *out, const char *text, size_t n)
{
	/* the digit, and 16 to tell it from what is none */
	static const uint8_t digit[256] = {
		['0'] = 16, ['1'] = 17, ['2'] = 18, ['3'] = 19, ['4'] = 20,
		['5'] = 21, ['6'] = 22, ['7'] = 23, ['8'] = 24, ['9'] = 25,
		['a'] = 26, ['b'] = 27, ['c'] = 28, ['d'] = 29, ['e'] = 30,
		['f'] = 31,
	};
	unsigned high, low, all = 16;

	for (; n > 0; n--, text += 2) {
		high = digit[(unsigned char)text[0]];
		low = digit[(unsigned char)text[1]];
		all &= high & low;
		*out++ = (char)(high << 4 | (low & 15));
	}
	return all != 0 ? 0 : -1;
}

static long
put_uuid(char *out, const char *text, size_t len)
{
	if (len != 36 || text[8] != '-' || text[13] != '-' ||
	    text[18] != '-' || text[23] != '-' ||
	    put_hex(out, text, 4) != 0 || put_hex(out + 4, text + 9, 2) != 0 ||
	    put_hex(out + 6, text + 14, 2) != 0 ||
	    put_hex(out + 8, text + 19, 2) != 0 ||
	    put_hex(out + 10, text + 24, 6) != 0)
		return -1;
	return 16;
}

static long
put_bytea(char *out, const char *text, size_t len)
{
	if (len < 2 || len % 2 != 0 || text[0] != '\\' || text[1] != 'x' ||
	    put_hex(out, text + 2, len / 2 - 1) != 0)
		return -1;
	return (long)len / 2 - 1;
}

long
binvalue_text(char *out, const char *text, size_t len)
{
	memcpy(out, text, len);
	return (long)len;
}

static long
put_jsonb(char *out, const char *text, size_t len)
{
	*out = 1;	/* the version of that form */
	memcpy(out + 1, text, len);
	return (long)len + 1;
}

/* -- which is which ----------------------------------------------------- */

/* Numbers of PostgreSQL's pg_type.dat, which never change. */
binvalue_put *
binvalue_find(uint32_t type)
{
	static const struct {
		uint32_t type;
		binvalue_put *put;
	} known[] = {
		{ 16, put_bool }, { 17, put_bytea }, { 20, binnumber_int8 },
		{ 21, binnumber_int2 }, { 23, binnumber_int4 },
		{ 25, binvalue_text }, { 26, binnumber_oid },
		{ 114, binvalue_text },		/* json */
		{ 700, binnumber_float4 }, { 701, binnumber_float8 },
		{ 1042, binvalue_text },	/* char(n) */
		{ 1043, binvalue_text },	/* varchar(n) */
		{ 1082, bintime_date }, { 1083, bintime_time },
		{ 1114, bintime_timestamp }, { 1184, bintime_timestamptz },
		{ 1700, binnumber_numeric }, { 2950, put_uuid },
		{ 3802, put_jsonb },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].type == type)
			return known[i].put;
	return NULL;
}
