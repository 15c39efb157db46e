/*
 * Checksums: OpenSSL's EVP for the cryptographic ones, zlib or libdeflate for
 * CRC-32, and our own for the other CRCs that S3 knows. They fail only for want
 * of memory, which is an error like any other.
 */
#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define HASH_SHA256_SIZE 32
#define HASH_MD5_SIZE 16
#define HASH_SIZE_MAX HASH_SHA256_SIZE
#define HASH_SHA1_SIZE 20
#define HASH_HEX_MAX (2 * HASH_SHA256_SIZE + 1)
#define HASH_BASE64_MAX 80

/* Digests of CRCs are in network byte order, as S3 sends them. */
enum hash_kind {
	HASH_SHA256, HASH_MD5, HASH_CRC32, HASH_CRC32C, HASH_CRC64NVME
};

size_t hash_size(enum hash_kind kind);		/* bytes of a digest */

struct hash;	/* a checksum in the making */

struct hash *hash_new(enum hash_kind kind, struct err *e);
struct hash *hash_copy(const struct hash *h, struct err *e);
void hash_free(struct hash *h);
int hash_update(struct hash *h, const void *data, size_t len, struct err *e);
/* Writes hash_size() bytes; h can only be freed after it. */
int hash_final(struct hash *h, uint8_t *out, struct err *e);

/* In one go. */
int hash_data(enum hash_kind kind, const void *data, size_t len, uint8_t *out,
	struct err *e);
int hash_sha256(const void *data, size_t len, uint8_t out[HASH_SHA256_SIZE],
	struct err *e);
int hash_md5(const void *data, size_t len, uint8_t out[HASH_MD5_SIZE],
	struct err *e);
/* Not for security: names of files are made of it. */
int hash_sha1(const void *data, size_t len, uint8_t out[HASH_SHA1_SIZE],
	struct err *e);
int hash_hmac_sha256(const void *key, size_t key_len, const void *data,
	size_t len, uint8_t out[HASH_SHA256_SIZE], struct err *e);

/* CRC-32 of RFC 1952, starting from 0. */
uint32_t hash_crc32(uint32_t crc, const void *data, size_t len);

/*
 * For the CRCs: "first" becomes the digest of its bytes and of the second_bytes
 * that "second" is the digest of.
 */
void hash_append(enum hash_kind kind, uint8_t *first, const uint8_t *second,
	uint64_t second_bytes);

/* Lower-case hex; out holds 2 × len + 1. Returns out. */
const char *hash_hex(char *out, const uint8_t *data, size_t len);
/* Base64 with padding; out holds 4 × ((len + 2) / 3) + 1. Returns out. */
const char *hash_base64(char *out, const uint8_t *data, size_t len);
/* Exactly size bytes out of such a text, without line ends; 0 or -1. */
int hash_from_base64(uint8_t *out, size_t size, const char *text);

#endif
