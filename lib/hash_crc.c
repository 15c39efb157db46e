/*
 * The CRCs of S3's checksums. They are enough against accidents, cost less
 * than MD5, and that of a whole object follows from those of its parts. All are
 * reflected, begin with ones and end inverted (the catalogue of parametrised
 * CRC algorithms: CRC-32/ISO-HDLC, CRC-32/ISCSI, CRC-64/NVME).
 */
#include <pthread.h>

#include "hash_private.h"

#define CRCS 3
#define SLICES 8		/* bytes that are taken in one step */

static const uint64_t polynomials[CRCS] = {
	0xedb88320, 0x82f63b78, 0x9a6c9329ac4bc9b5
};

static uint64_t tables[CRCS][SLICES][256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static size_t
index_of(enum hash_kind kind)
{
	return (size_t)kind - HASH_CRC32;
}

static uint64_t
ones(enum hash_kind kind)
{
	return kind == HASH_CRC64NVME ? UINT64_MAX : UINT32_MAX;
}

/* tables[i][n][b]: what byte b does that is followed by n bytes. */
static void
make_tables(void)
{
	uint64_t crc;
	size_t i, b, n;
	int bit;

	for (i = 0; i < CRCS; i++)
		for (b = 0; b < 256; b++) {
			crc = b;
			for (bit = 0; bit < 8; bit++)
				crc = (crc >> 1) ^
				    ((crc & 1) != 0 ? polynomials[i] : 0);
			tables[i][0][b] = crc;
		}
	for (i = 0; i < CRCS; i++)
		for (n = 1; n < SLICES; n++)
			for (b = 0; b < 256; b++) {
				crc = tables[i][n - 1][b];
				tables[i][n][b] = (crc >> 8) ^
				    tables[i][0][crc & 255];
			}
}

static uint64_t
load(const uint8_t *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	    (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
	    (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

uint64_t
hash_crc(enum hash_kind kind, uint64_t crc, const void *data, size_t len)
{
	const uint64_t (*t)[256];
	const uint8_t *p = data;

	if (kind == HASH_CRC32)
		return hash_crc32((uint32_t)crc, data, len);
	(void)pthread_once(&once, make_tables);
	t = (const uint64_t (*)[256])tables[index_of(kind)];
	crc ^= ones(kind);
	for (; len >= SLICES; len -= SLICES, p += SLICES) {
		crc ^= load(p);
		crc = t[7][crc & 255] ^ t[6][crc >> 8 & 255] ^
		    t[5][crc >> 16 & 255] ^ t[4][crc >> 24 & 255] ^
		    t[3][crc >> 32 & 255] ^ t[2][crc >> 40 & 255] ^
		    t[1][crc >> 48 & 255] ^ t[0][crc >> 56];
	}
	for (; len > 0; len--, p++)
		crc = (crc >> 8) ^ t[0][(crc ^ *p) & 255];
	return crc ^ ones(kind);
}

void
hash_put_crc(enum hash_kind kind, uint64_t crc, uint8_t *out)
{
	size_t i = hash_size(kind);

	for (; i > 0; crc >>= 8)
		out[--i] = (uint8_t)crc;
}

/* -- two into one ------------------------------------------------------- */

/* a × b modulo the polynomial; the highest bit stands for x^0. */
static uint64_t
multiply(enum hash_kind kind, uint64_t a, uint64_t b)
{
	uint64_t bit = ones(kind) / 2 + 1, product = 0;

	for (; bit != 0; bit >>= 1) {
		if ((a & bit) != 0)
			product ^= b;
		b = (b >> 1) ^ ((b & 1) != 0 ?
		    polynomials[index_of(kind)] : 0);
	}
	return product;
}

static uint64_t
get_crc(enum hash_kind kind, const uint8_t *digest)
{
	uint64_t crc = 0;
	size_t i;

	for (i = 0; i < hash_size(kind); i++)
		crc = crc << 8 | digest[i];
	return crc;
}

void
hash_append(enum hash_kind kind, uint8_t *first, const uint8_t *second,
	uint64_t second_bytes)
{
	uint64_t power = (ones(kind) / 2 + 1) >> 8;	/* x^8: one byte */
	uint64_t crc = get_crc(kind, first);

	/* the first one's remainder moves up by as many bytes as follow */
	for (; second_bytes != 0; second_bytes >>= 1) {
		if ((second_bytes & 1) != 0)
			crc = multiply(kind, crc, power);
		power = multiply(kind, power, power);
	}
	hash_put_crc(kind, crc ^ get_crc(kind, second), first);
}
