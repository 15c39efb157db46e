/*
 * One door to the checksums, so that a library of another make can take their
 * place here alone.
 */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>
#else
#include <zlib.h>
#endif

#include "hash.h"
#include "mem.h"

struct hash {
	EVP_MD_CTX *ctx;
};

static int
no_hash(struct err *e)
{
	return err_set(e, ERR_LOCAL, "cannot compute a checksum");
}

struct hash *
hash_new(enum hash_kind kind, struct err *e)
{
	const EVP_MD *md = kind == HASH_MD5 ? EVP_md5() : EVP_sha256();
	struct hash *h = mem_new(1, sizeof(*h), e);

	if (h == NULL)
		return NULL;
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
	return EVP_DigestUpdate(h->ctx, data, len) == 1 ? 0 : no_hash(e);
}

int
hash_final(struct hash *h, uint8_t *out, struct err *e)
{
	return EVP_DigestFinal_ex(h->ctx, out, NULL) == 1 ? 0 : no_hash(e);
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
