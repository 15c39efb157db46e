/* hash: published test values. */
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "tap.h"

static void
check_hex(const uint8_t *got, size_t len, const char *expected,
	const char *what)
{
	char hex[HASH_HEX_MAX];

	tap_text(hash_hex(hex, got, len), expected, "%s", what);
}

/* In steps that fall on no boundary, and put together from any two halves. */
static void
test_crc(enum hash_kind kind, const char *check, const char *name)
{
	uint8_t data[1000], whole[HASH_SIZE_MAX], first[HASH_SIZE_MAX],
	    second[HASH_SIZE_MAX];
	struct err e = ERR_INIT;
	bool steps = true, halves = true;
	struct hash *h;
	size_t i;

	tap_int(hash_data(kind, "123456789", 9, whole, &e), 0, "%s", name);
	check_hex(whole, hash_size(kind), check, name);
	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * i / 7);
	(void)hash_data(kind, data, sizeof(data), whole, &e);
	for (i = 0; i <= sizeof(data); i += 37) {
		h = hash_new(kind, &e);
		(void)hash_update(h, data, i, &e);
		(void)hash_update(h, data + i, sizeof(data) - i, &e);
		(void)hash_final(h, first, &e);
		hash_free(h);
		steps = steps && memcmp(first, whole, hash_size(kind)) == 0;
		(void)hash_data(kind, data, i, first, &e);
		(void)hash_data(kind, data + i, sizeof(data) - i, second, &e);
		hash_append(kind, first, second, sizeof(data) - i);
		halves = halves && memcmp(first, whole, hash_size(kind)) == 0;
	}
	tap_ok(steps, "%s in two steps", name);
	tap_ok(halves, "%s of two halves", name);
}

static void
test_base64(void)
{
	static const char *const bad[] = { "", "Zm9vYmE", "Zm9vYmF5",
		"Zm9vYm==", "Zm9 YmE=", "Zm9vYmE=\n", "Zm9vYm\xff=",
		"Zm9vYmE=Zm9v" };
	uint8_t out[5];
	size_t i;

	tap_int(hash_from_base64(out, 5, "Zm9vYmE="), 0, "from base64");
	tap_ok(memcmp(out, "fooba", 5) == 0, "its bytes");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_int(hash_from_base64(out, 5, bad[i]), -1,
		    "bad base64 %zu", i);
}

int
main(void)
{
	/* FIPS 180-2 appendix B, RFC 1321 A.5, RFC 4231 case 2, RFC 4648 */
	static const char sha_abc[] = "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad";
	uint8_t out[HASH_SHA256_SIZE];
	struct hash *h, *copy;
	struct err e = ERR_INIT;
	char text[HASH_BASE64_MAX];

	tap_int(hash_sha256("abc", 3, out, &e), 0, "SHA-256");
	check_hex(out, 32, sha_abc, "SHA-256 of abc");
	tap_int(hash_md5("abc", 3, out, &e), 0, "MD5");
	check_hex(out, 16, "900150983cd24fb0d6963f7d28e17f72", "MD5 of abc");
	tap_int(hash_hmac_sha256("Jefe", 4, "what do ya want for nothing?",
	    28, out, &e), 0, "HMAC");
	check_hex(out, 32, "5bdcc146bf60754e6a042426089575c7"
	    "5a003f089d2739839dec58b964ec3843", "HMAC of RFC 4231");

	h = hash_new(HASH_SHA256, &e);
	tap_int(hash_update(h, "a", 1, &e), 0, "update");
	copy = hash_copy(h, &e);
	tap_int(hash_update(h, "bc", 2, &e), 0, "update again");
	tap_int(hash_update(copy, "x", 1, &e), 0, "update the copy");
	tap_int(hash_final(h, out, &e), 0, "final");
	check_hex(out, 32, sha_abc, "in two steps, the copy apart");
	hash_free(h);
	hash_free(copy);

	tap_int(hash_crc32(0, "123456789", 9), 0xcbf43926, "CRC-32 check");
	tap_int(hash_crc32(hash_crc32(0, "1234", 4), "56789", 5), 0xcbf43926,
	    "CRC-32 in two steps");
	tap_text(hash_base64(text, (const uint8_t *)"foobar", 6), "Zm9vYmFy",
	    "base64");
	tap_text(hash_base64(text, (const uint8_t *)"fooba", 5), "Zm9vYmE=",
	    "base64 with padding");
	/* the catalogue's check values, and S3's own of CRC64NVME */
	test_crc(HASH_CRC32, "cbf43926", "CRC-32");
	test_crc(HASH_CRC32C, "e3069283", "CRC-32C");
	test_crc(HASH_CRC64NVME, "ae8b14860a799888", "CRC-64/NVME");
	(void)hash_data(HASH_CRC64NVME, "123456789", 9, out, &e);
	tap_text(hash_base64(text, out, 8), "rosUhgp5mIg=", "as S3 says it");
	test_base64();
	return tap_done();
}
