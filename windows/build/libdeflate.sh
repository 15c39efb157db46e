#!/bin/sh
# Static libdeflate, by its own makefile.
set -eu

cp -r "$SOURCE"/. .
make -s -j"$JOBS" CC="$CC" AR="$AR" CFLAGS=-O2 libdeflatestatic.lib
mkdir -p "$OUT/lib" "$OUT/include"
cp libdeflatestatic.lib "$OUT/lib/libdeflate.a"
cp libdeflate.h "$OUT/include/"
