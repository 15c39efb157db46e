#!/bin/sh
# Static libpq, and PostgreSQL's own client programs for the tests.
#
# PostgreSQL makes only a DLL of libpq on Windows.  Here the same objects become one
# object file that shows, like the DLL, only what exports.txt names: libpq has pthread
# functions of its own, which a program must not get in place of winpthread's.
set -eu

system='-lcrypt32 -lgdi32 -lbcrypt -lws2_32 -lsecur32 -lshell32 -ladvapi32'
# libpq reads a pg_service.conf below that prefix: where only an administrator writes
"$SOURCE/configure" --host="$TRIPLET" --prefix=C:/Windows/pgsql CC="$CC" \
	--with-ssl=openssl --without-readline --without-icu --disable-nls \
	--disable-rpath CFLAGS="-O2 -w -ffile-prefix-map=$SOURCE=." CPPFLAGS="-I$OPENSSL/include" \
	LDFLAGS="-static -L$OPENSSL/lib" LIBS="$system" ZIC=true

compile() {
	make -s -j"$JOBS" -C "$@"
}
compile src/backend generated-headers
compile src/common libpgcommon.a libpgcommon_shlib.a
compile src/port libpgport.a libpgport_shlib.a

cat >objects.mk <<'M'
static.o: $(OBJS)
	$(LD) -r -o $@ $(filter-out %win32ver.o,$^) --start-group \
		$(top_builddir)/src/common/libpgcommon_shlib.a \
		$(top_builddir)/src/port/libpgport_shlib.a --end-group
M
compile src/interfaces/libpq -f Makefile -f "$PWD/objects.mk" static.o \
	LD="$TRIPLET-ld"
sed -e '/^#/d' -e 's/ .*//' "$SOURCE/src/interfaces/libpq/exports.txt" >exports
# .refptr is the compiler's own: the linker joins those of all objects by name
"$TRIPLET-objcopy" --wildcard --keep-global-symbol='.refptr.*' \
	--keep-global-symbols=exports src/interfaces/libpq/static.o libpq.o
"$AR" rcs src/interfaces/libpq/libpq.a libpq.o

mkdir -p "$OUT/lib" "$OUT/include" "$OUT/bin"
cp src/interfaces/libpq/libpq.a "$OUT/lib/"
cp "$SOURCE/src/interfaces/libpq/libpq-fe.h" \
	"$SOURCE/src/interfaces/libpq/libpq-events.h" \
	"$SOURCE/src/include/postgres_ext.h" src/include/pg_config_ext.h \
	"$OUT/include/"

# with that libpq.a in place of the DLL, whose makefile is therefore not asked
compile src/fe_utils libpgfeutils.a
programs() { # programs DIR NAME...
	directory=$1
	shift
	compile "src/bin/$directory" -o submake-libpq -o submake-libpgport \
		-o submake-libpgfeutils "$@"
	for program in "$@"; do
		cp "src/bin/$directory/$program.exe" "$OUT/bin/"
		"$TRIPLET-strip" "$OUT/bin/$program.exe"
	done
}
programs pg_dump pg_dump pg_restore pg_dumpall
programs psql psql
