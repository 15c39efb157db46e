/*
 * One door to the checksums, so that a library of another make can take their
 * place here alone.
 */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>
#else
#include <zlib.h>
#endif

#include "hash_private.h"
#include "mem.h"

struct hash {
	EVP_MD_CTX *ctx;	/* NULL: a CRC */
	enum hash_kind kind;
	uint64_t crc;
};

static int
no_hash(struct err *e)
{
	return err_set(e, ERR_LOCAL, "cannot compute a checksum");
}

static bool
is_crc(enum hash_kind kind)
{
	return kind != HASH_SHA256 && kind != HASH_MD5;
}

size_t
hash_size(enum hash_kind kind)
{
	if (is_crc(kind))
		return kind == HASH_CRC64NVME ? 8 : 4;
	return kind == HASH_MD5 ? HASH_MD5_SIZE : HASH_SHA256_SIZE;
}

struct hash *
hash_new(enum hash_kind kind, struct err *e)
{
	const EVP_MD *md = kind == HASH_MD5 ? EVP_md5() : EVP_sha256();
	struct hash *h = mem_new(1, sizeof(*h), e);

	if (h == NULL)
		return NULL;
	h->kind = kind;
	if (is_crc(kind))
		return h;
	h->ctx = EVP_MD_CTX_new();
	if (h->ctx == NULL || EVP_DigestInit_ex(h->ctx, md, NULL) != 1) {
		no_hash(e);
		hash_free(h);
		return NULL;
	}
	return h;
}

struct hash *
hash_copy(const struct hash *h, struct err *e)
{
	struct hash *copy = mem_new(1, sizeof(*copy), e);

	if (copy == NULL)
		return NULL;
	*copy = *h;
	if (is_crc(h->kind))
		return copy;
	copy->ctx = EVP_MD_CTX_new();
	if (copy->ctx == NULL || EVP_MD_CTX_copy_ex(copy->ctx, h->ctx) != 1) {
		no_hash(e);
		hash_free(copy);
		return NULL;
	}
	return copy;
}

void
hash_free(struct hash *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->ctx);
	free(h);
}

int
hash_update(struct hash *h, const void *data, size_t len, struct err *e)
{
	if (is_crc(h->kind)) {
		h->crc = hash_crc(h->kind, h->crc, data, len);
		return 0;
	}
	return EVP_DigestUpdate(h->ctx, data, len) == 1 ? 0 : no_hash(e);
}

int
hash_final(struct hash *h, uint8_t *out, struct err *e)
{
	if (is_crc(h->kind)) {
		hash_put_crc(h->kind, h->crc, out);
		return 0;
	}
	return EVP_DigestFinal_ex(h->ctx, out, NULL) == 1 ? 0 : no_hash(e);
}

int
hash_data(enum hash_kind kind, const void *data, size_t len, uint8_t *out,
	struct err *e)
{
	if (kind == HASH_MD5)
		return hash_md5(data, len, out, e);
	if (kind == HASH_SHA256)
		return hash_sha256(data, len, out, e);
	hash_put_crc(kind, hash_crc(kind, 0, data, len), out);
	return 0;
}

int
hash_sha256(const void *data, size_t len, uint8_t out[HASH_SHA256_SIZE],
	struct err *e)
{
	return EVP_Digest(data, len, out, NULL, EVP_sha256(), NULL) == 1 ?
	    0 : no_hash(e);
}

int
hash_md5(const void *data, size_t len, uint8_t out[HASH_MD5_SIZE],
	struct err *e)
{
	return EVP_Digest(data, len, out, NULL, EVP_md5(), NULL) == 1 ?
	    0 : no_hash(e);
}

int
hash_sha1(const void *data, size_t len, uint8_t out[HASH_SHA1_SIZE],
	struct err *e)
{
	return EVP_Digest(data, len, out, NULL, EVP_sha1(), NULL) == 1 ?
	    0 : no_hash(e);
}

int
hash_hmac_sha256(const void *key, size_t key_len, const void *data,
	size_t len, uint8_t out[HASH_SHA256_SIZE], struct err *e)
{
	return HMAC(EVP_sha256(), key, (int)key_len, data, len, out, NULL) !=
	    NULL ? 0 : no_hash(e);
}

uint32_t
hash_crc32(uint32_t crc, const void *data, size_t len)
{
#ifdef HAVE_LIBDEFLATE
	return libdeflate_crc32(crc, data, len);
#else
	return (uint32_t)crc32_z(crc, data, len);
#endif
}

const char *
hash_hex(char *out, const uint8_t *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) {
		out[2 * i] = digits[data[i] >> 4];
		out[2 * i + 1] = digits[data[i] & 15];
	}
	out[2 * len] = '\0';
	return out;
}

const char *
hash_base64(char *out, const uint8_t *data, size_t len)
{
	(void)EVP_EncodeBlock((unsigned char *)out, data, (int)len);
	return out;
}

int
hash_from_base64(uint8_t *out, size_t size, const char *text)
{
	uint8_t raw[3 * HASH_BASE64_MAX / 4];
	size_t len = strlen(text), padding = (3 - size % 3) % 3;
	int n = -1;

	/* it would take padding for bytes, anywhere, and blanks around */
	if (len == 4 * ((size + 2) / 3) && len <= HASH_BASE64_MAX &&
	    strcspn(text, "= \t\r\n") == len - padding)
		n = EVP_DecodeBlock(raw, (const unsigned char *)text,
		    (int)len);
	if (n >= 0 && (size_t)n == size + padding)
		memcpy(out, raw, size);
	else
		n = -1;
	mem_wipe(raw, sizeof(raw));
	return n < 0 ? -1 : 0;
}
