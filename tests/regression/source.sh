#!/bin/sh
# The sources of the PostgreSQL that is installed, as Debian has them, with
# what its regression tests load into a server built from them.
#
#   tests/regression/source.sh DIR     leaves DIR/src, and keeps it
#
# The lists of packages that apt uses for this are its own, made from those of
# this machine; nothing is installed.
set -eu
mkdir -p "$1"
dir=$(cd "$1" && pwd)
[ ! -e "$dir/built" ] || exit 0
package=$(dpkg-query -W -f '${Package}\n' 'postgresql-[1-9]*' |
	grep -x 'postgresql-[0-9]*' | sort -V | tail -n 1)
version=$(dpkg-query -W -f '${source:Version}' "$package")

# the machine's own lists, of sources in place of packages
mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" "$dir/parts"
for list in /etc/apt/sources.list.d/debian.sources \
	/etc/apt/sources.list; do
	[ -r "$list" ] || continue
	case $list in
	*.sources) sed 's/^Types:.*/Types: deb-src/' "$list" \
		>"$dir/parts/source.sources" ;;
	*) sed -n 's/^deb /deb-src /p' "$list" >"$dir/parts/source.list" ;;
	esac
done
apt() {
	apt-get -q -o Dir::Etc::sourcelist=/dev/null \
		-o Dir::Etc::sourceparts="$dir/parts" \
		-o Dir::State::lists="$dir/lists" -o Dir::Cache="$dir/cache" "$@"
}
cd "$dir"
apt update
apt source --download-only "$package=$version"
rm -rf src src.new
mkdir src.new
tar -xf "$package"_*.orig.tar.* -C src.new --strip-components 1

# only what is loaded into the installed server, whose ABI is this version's
cd src.new
./configure --without-readline --without-zlib >"$dir/log" 2>&1
make -s -C src/backend generated-headers >>"$dir/log" 2>&1
for module in src/test/regress:regress contrib/spi:refint \
	contrib/spi:autoinc src/test/modules/dummy_seclabel:dummy_seclabel; do
	make -s -C "${module%:*}" "${module#*:}.so" >>"$dir/log" 2>&1
	[ "${module%:*}" = src/test/regress ] ||
		cp "${module%:*}/${module#*:}.so" src/test/regress/
done
mv ../src.new ../src
touch "$dir/built"
