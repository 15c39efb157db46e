#!/bin/sh
# Static libcurl with HTTP(S) and SMTP(S) on OpenSSL, by curl's own makefile for
# mingw, which needs no configure.
set -eu

cp -r "$SOURCE/lib" "$SOURCE/include" .
mkdir "lib/$TRIPLET"
without='DICT FILE FTP GOPHER IMAP LDAP LDAPS MQTT POP3 RTSP SMB TELNET TFTP
	ALTSVC DOH HSTS NTLM'
CPPFLAGS=-DCURL_STATICLIB
for feature in $without; do
	CPPFLAGS="$CPPFLAGS -DCURL_DISABLE_$feature"
done
# from the environment: on make's command line they would replace the makefile's
export CPPFLAGS CFLAGS='-O2 -w'
make -s -C lib -j"$JOBS" -f Makefile.mk libcurl.a CC="$CC" AR="$AR" \
	TRIPLET="$TRIPLET" CFG=-ssl-zlib-ipv6 OPENSSL_PATH="$OPENSSL" \
	ZLIB_PATH="/usr/$TRIPLET"
mkdir -p "$OUT/lib" "$OUT/include/curl"
cp lib/libcurl.a "$OUT/lib/"
cp include/curl/*.h "$OUT/include/curl/"
