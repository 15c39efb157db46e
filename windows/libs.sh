#!/bin/sh
# Build the libraries for Windows once, from Debian's source packages, and print the
# directory that holds them: include, lib, bin (PostgreSQL's own programs, for the
# tests), licences, and "versions", which says what they were made from.
#
#   windows/libs.sh            take what the cache has, make what it lacks
#   windows/libs.sh --update   ask Debian for newer sources first
#
# The cache, which nothing but this script writes to:
#
#   versions            the source packages in use
#   sources             as fetched, with Debian's signed hashes checked by apt
#   NAME_VERSION-KEY    one built library; KEY is of the compiler, the recipe and
#                       the libraries that it was built with
#   windows-KEY         all of them in one place
#
# Nothing is asked of the network when all is there.
set -eu

packages='openssl expat jansson libdeflate curl postgresql-15'
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=sources.sh
. "$here/sources.sh"

# what was meant for the make that runs this, or for programs of this system
unset MAKEFLAGS MFLAGS MAKELEVEL CFLAGS CPPFLAGS LDFLAGS LIBS
TRIPLET=x86_64-w64-mingw32
CC=$TRIPLET-gcc-posix
AR=$TRIPLET-ar
JOBS=$(nproc)
export TRIPLET CC AR JOBS

if [ "$(id -u)" = 0 ]; then
	cache=/var/cache/pgdumpz-windows
else
	cache=${XDG_CACHE_HOME:-$HOME/.cache}/pgdumpz-windows
fi

key() {
	sha256sum | cut -c 1-10
}

compiler() {
	"$CC" --version | head -n 1
	dpkg-query -W libz-mingw-w64-dev
}

# build NAME VERSION OUT: by its recipe, in a scratch directory
build() {
	echo "windows: building $1 $2 (log: $3.log)" >&2
	scratch=$(mktemp -d)
	SOURCE=$scratch/source OUT=$3.new
	export SOURCE OUT OPENSSL
	rm -rf "$OUT"
	sources_unpack "$1" "$2" "$SOURCE"
	mkdir -p "$OUT" "$scratch/build"
	(cd "$scratch/build" && exec "$here/build/$1.sh") >"$3.log" 2>&1 || {
		tail -n 20 "$3.log" >&2
		echo "windows: building $1 failed: $3.log has the whole of it" >&2
		return 1
	}
	mkdir -p "$OUT/licences/$1"
	find "$SOURCE" -maxdepth 2 ! -path '*/debian/*' -type f \
		\( -name 'COPYING*' -o -name 'LICENSE*' -o -name COPYRIGHT \) \
		-exec cp {} "$OUT/licences/$1/" \;
	cp "$SOURCE/debian/copyright" "$OUT/licences/$1/debian-copyright"
	rm -rf "$scratch"
	mv "$OUT" "$3"
}

# library NAME VERSION: its directory, built when it is not there
library() {
	directory=$cache/$1_$2-$({
		compiler
		cat "$here/build/$1.sh"
		! grep -q "\$OPENSSL" "$here/build/$1.sh" || echo "${OPENSSL##*/}"
	} | key)
	[ -d "$directory" ] || build "$1" "$2" "$directory" >&2
	echo "$directory"
}

# installed NAME PACKAGE: what is linked in from an installed package
installed() {
	mkdir "$all.new/licences/$1"
	cp "/usr/share/doc/$2/copyright" "$all.new/licences/$1/debian-copyright"
	dpkg-query -W -f "$1 \${Version}\n" "$2" >>"$all.new/versions"
}

# gather DIRECTORY...: the libraries in one place
gather() {
	all=$cache/windows-$(echo "$*" | key)
	[ ! -d "$all" ] || return 0
	rm -rf "$all.new"
	mkdir -p "$all.new"
	for directory in "$@"; do
		cp -a "$directory/." "$all.new/"
	done
	cp "$cache/versions" "$all.new/versions"
	installed zlib libz-mingw-w64-dev
	installed gcc gcc-mingw-w64-x86-64-posix-runtime
	installed mingw-w64 mingw-w64-x86-64-dev
	mv "$all.new" "$all"
}

mkdir -p "$cache"
chmod 755 "$cache"
exec 9>"$cache/lock"
flock 9		# two makes at once would build the same
if [ "${1:-}" = --update ] || [ ! -e "$cache/versions" ]; then
	sources_update
fi
OPENSSL=
set --
for package in $packages; do
	version=$(sed -n "s/^$package //p" "$cache/versions")
	built=$(library "$package" "$version")
	[ "$package" != openssl ] || OPENSSL=$built
	set -- "$@" "$built"
done
gather "$@"
echo "$all"
