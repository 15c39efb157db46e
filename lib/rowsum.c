/*
 * A sum of plain CRCs would cancel out too easily: they are linear. So each
 * is mixed with the row's length first.
 */
#include "hash.h"
#include "rowsum.h"

static uint64_t
mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

void
rowsum_add(struct rowsum *sum, const void *row, size_t len)
{
	uint64_t crc = hash_crc32(0, row, len);

	sum->rows++;
	sum->bytes += len + 1;
	sum->digest += mix(crc << 32 | (uint32_t)len);
}

void
rowsum_merge(struct rowsum *sum, const struct rowsum *other)
{
	sum->rows += other->rows;
	sum->bytes += other->bytes;
	sum->digest += other->digest;
	sum->ms += other->ms;
}
