/*
 * Numbers as people write and read them: strict, whole text or nothing.
 */
#ifndef NUM_H
#define NUM_H

#include <stddef.h>
#include <stdint.h>

/* Decimal digits only; 0 or -1. */
int num_parse_u64(const char *text, uint64_t *out);
int num_parse_u64_len(const char *text, size_t len, uint64_t *out);

/* Bytes: digits, then nothing, K, M, G or T (powers of 1024), then optional
 * iB or B. */
int num_parse_size(const char *text, uint64_t *out);

/* Seconds: digits and s, m, h, d or w; "0" alone too. "26h", "90s". */
int num_parse_duration(const char *text, int64_t *out);

#define NUM_TEXT 64

/* "1.4 GiB", "23.1 MiB", "17 B"; out holds NUM_TEXT. Returns out. */
const char *num_format_size(char *out, uint64_t bytes);
/* "3 d 4 h", "26 h", "5 min 3 s", "12 s"; negative as its absolute. */
const char *num_format_duration(char *out, int64_t seconds);

#endif
