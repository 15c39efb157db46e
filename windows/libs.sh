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

# Set OPENSSL, and directories: "NAME VERSION DIRECTORY" a line
find_directories() {
	OPENSSL=
	directories=
	tools=$("$CC" --version | head -n 1 && dpkg-query -W libz-mingw-w64-dev)
	for package in $packages; do
		version=$(sed -n "s/^$package //p" "$cache/versions")
		recipe=$here/build/$package.sh
		below=
		! grep -q "\$OPENSSL" "$recipe" || below=${OPENSSL##*/}
		directory=$cache/${package}_$version-$({
			echo "$tools $below"
			cat "$recipe"
		} | key)
		[ "$package" != openssl ] || OPENSSL=$directory
		directories="$directories$package $version $directory
"
	done
	all=$cache/windows-$(echo "$directories" | key)
}

# build NAME VERSION DIRECTORY: by its recipe, in a scratch directory
build() {
	[ ! -d "$3" ] || return 0
	echo "windows: building $1 $2 (log: $3.log)" >&2
	SOURCE=$scratch/$1/source OUT=$3.new
	export SOURCE OUT OPENSSL
	rm -rf "$OUT"
	mkdir -p "$OUT" "$scratch/$1/build"
	{
		sources_unpack "$1" "$2" "$SOURCE" &&
			SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -S Timestamp \
				-l "$SOURCE/debian/changelog") &&
			export SOURCE_DATE_EPOCH &&
			(cd "$scratch/$1/build" && exec "$here/build/$1.sh")
	} >"$3.log" 2>&1 || {
		tail -n 20 "$3.log" >&2
		echo "windows: building $1 failed: $3.log has the whole of it" >&2
		return 1
	}
	keep_licences "$1"
	rm -rf "${scratch:?}/$1"
	mv "$OUT" "$3"
}

keep_licences() {
	mkdir -p "$OUT/licences/$1"
	find "$SOURCE" -maxdepth 2 ! -path '*/debian/*' -type f \
		\( -name 'COPYING*' -o -name 'LICENSE*' -o -name COPYRIGHT \) \
		-exec cp {} "$OUT/licences/$1/" \;
	cp "$SOURCE/debian/copyright" "$OUT/licences/$1/debian-copyright"
}

# installed NAME PACKAGE: what is linked in from an installed package
installed() {
	mkdir "$all.new/licences/$1"
	cp "/usr/share/doc/$2/copyright" "$all.new/licences/$1/debian-copyright"
	dpkg-query -W -f "$1 \${Version}\n" "$2" >>"$all.new/versions"
}

# The libraries in one place
gather() {
	[ ! -d "$all" ] || return 0
	rm -rf "$all.new"
	mkdir -p "$all.new"
	echo "$directories" | while read -r package version directory; do
		[ -z "$package" ] || cp -a "$directory/." "$all.new/"
	done
	cp "$cache/versions" "$all.new/versions"
	installed zlib libz-mingw-w64-dev
	installed gcc gcc-mingw-w64-x86-64-posix-runtime
	installed mingw-w64 mingw-w64-x86-64-dev
	mv "$all.new" "$all"
}

build_all() {
	scratch=$(mktemp -d)
	trap 'rm -rf "$scratch"' EXIT
	trap 'exit 1' HUP INT TERM
	echo "$directories" | while read -r package version directory; do
		[ -z "$package" ] || build "$package" "$version" "$directory" ||
			exit 1
	done
	gather
}

mkdir -p "$cache"
chmod 755 "$cache"
exec 9>"$cache/lock"	# two makes at once would build the same
if [ "${1:-}" = --update ] || [ ! -e "$cache/versions" ]; then
	flock 9
	[ "${1:-}" != --update ] && [ -e "$cache/versions" ] || sources_update
fi
find_directories
[ -d "$all" ] || {
	flock 9
	build_all >&2
}
echo "$all"
