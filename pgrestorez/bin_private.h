/*
 * What the parts of binvalue share.
 */
#ifndef BIN_PRIVATE_H
#define BIN_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "binvalue.h"

/* binnumber.c */
binvalue_put binnumber_int2, binnumber_int4, binnumber_int8, binnumber_oid,
	binnumber_float4, binnumber_float8, binnumber_numeric;

/* bintime.c */
binvalue_put bintime_date, bintime_time, bintime_timestamp,
	bintime_timestamptz;

static inline void
bin_put_u16(char *out, unsigned v)
{
	out[0] = (char)(v >> 8);
	out[1] = (char)v;
}

static inline void
bin_put_u32(char *out, uint32_t v)
{
	bin_put_u16(out, v >> 16);
	bin_put_u16(out + 2, v & 0xffff);
}

static inline void
bin_put_u64(char *out, uint64_t v)
{
	bin_put_u32(out, (uint32_t)(v >> 32));
	bin_put_u32(out + 4, (uint32_t)v);
}

static inline bool
bin_is(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(text, word, len) == 0;
}

static inline bool
bin_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

#endif
