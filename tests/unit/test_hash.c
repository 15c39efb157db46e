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
	return tap_done();
}
