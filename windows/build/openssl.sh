#!/bin/sh
# Static libssl and libcrypto with what TLS and signatures need.  What would load code
# or a configuration from the disk is left out; the directory where OpenSSL would look
# is one that only an administrator can write to, in any case.
set -eu

unset AR	# a prefix is put before it
CC=gcc-posix "$SOURCE/Configure" mingw64 --cross-compile-prefix="$TRIPLET-" \
	no-shared no-tests no-dso no-engine no-dynamic-engine no-module no-legacy \
	no-autoload-config no-capieng no-padlockeng \
	no-comp no-ui-console no-dgram no-dtls no-srp no-srtp no-psk no-nextprotoneg \
	no-ssl3 no-weak-ssl-ciphers no-ts no-cms no-cmp no-ct no-ocsp no-rfc3779 \
	no-aria no-bf no-blake2 no-camellia no-cast no-des no-ec2m no-gost no-idea \
	no-md4 no-mdc2 no-rc2 no-rc4 no-rmd160 no-scrypt no-seed no-siphash no-siv \
	no-sm2 no-sm3 no-sm4 no-whirlpool -O2 -w
for target in build_generated 'libcrypto.a libssl.a'; do
	# shellcheck disable=SC2086 # words
	make -s -j"$JOBS" $target \
		OPENSSLDIR='C:/Program Files/Common Files/SSL'
done
mkdir -p "$OUT/lib" "$OUT/include/openssl"
cp libcrypto.a libssl.a "$OUT/lib/"
cp "$SOURCE"/include/openssl/*.h include/openssl/*.h "$OUT/include/openssl/"
