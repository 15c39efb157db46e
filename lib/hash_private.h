/*
 * Between the files of hash.
 */
#ifndef HASH_PRIVATE_H
#define HASH_PRIVATE_H

#include "hash.h"

/* A CRC of more bytes; the first crc is 0. */
uint64_t hash_crc(enum hash_kind kind, uint64_t crc, const void *data,
	size_t len);

/* Its digest, in network byte order. */
void hash_put_crc(enum hash_kind kind, uint64_t crc, uint8_t *out);

#endif
