#!/bin/sh
# Static libjansson, with the answers that its configure would find.
set -eu

cp "$SOURCE"/src/*.[ch] .
sed -e 's/@json_inline@/inline/' -e 's/@json_have_[a-z]*sync_builtins@/0/' \
	-e 's/@json_have_[a-z_]*@/1/' "$SOURCE/src/jansson_config.h.in" \
	>jansson_config.h
: >jansson_private_config.h
for file in ./*.c; do
	"$CC" -O2 -w -DHAVE_STDINT_H -DHAVE_LOCALE_H -DUSE_WINDOWS_CRYPTOAPI -I. -c "$file"
done
mkdir -p "$OUT/lib" "$OUT/include"
cp jansson.h jansson_config.h "$OUT/include/"
"$AR" rcs "$OUT/lib/libjansson.a" ./*.o
