/*
 * A digest of the rows of a table as a set, so that it stays the same
 * whatever order they are read in. It finds accidents, not forgery. Pure.
 *
 * A row is its line of COPY text form without the newline. With
 * c = CRC-32 (RFC 1952) of those bytes and n = their count mod 2^32,
 *
 *	x = c * 2^32 + n + 0x9e3779b97f4a7c15
 *	x = (x xor (x >> 30)) * 0xbf58476d1ce4e5b9
 *	x = (x xor (x >> 27)) * 0x94d049bb133111eb
 *	x =  x xor (x >> 31)
 *
 * all mod 2^64 (the finalizer of splitmix64), and the digest is the sum of x
 * over all rows mod 2^64, written as 16 lower-case hex digits.
 */
#ifndef ROWSUM_H
#define ROWSUM_H

#include <stddef.h>
#include <stdint.h>

struct rowsum {
	uint64_t rows;
	uint64_t bytes;		/* newlines included */
	uint64_t digest;
	uint64_t ms;		/* that reading them took, for people */
};

/* One row of len bytes, its newline not among them. */
void rowsum_add(struct rowsum *sum, const void *row, size_t len);

/* The union of two sets of rows. */
void rowsum_merge(struct rowsum *sum, const struct rowsum *other);

#endif
