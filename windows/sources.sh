# shellcheck shell=sh disable=SC2154 # cache, packages are the caller's
# Source packages by apt, with lists of its own: the system's are not changed.
# Sourced by libs.sh; uses cache and packages.

# apt_source LISTS PROGRAM ARG...: apt with deb-src of the suites that the system has
apt_source() {
	lists=$1
	program=$2
	shift 2
	"$program" -qq -o Dir::Etc::sourcelist="$lists/list" \
		-o Dir::Etc::sourceparts="$lists/sources" -o Dir::State="$lists" \
		-o Dir::State::status="$lists/status" -o Dir::Cache="$lists" \
		-o APT::Sandbox::User= "$@"
}

sources_lists() {
	mkdir -p "$1/sources" "$1/lists/partial" "$1/archives/partial"
	: >"$1/status"
	file=/etc/apt/sources.list.d/debian.sources
	[ ! -f "$file" ] || sed 's/^Types:.*/Types: deb-src/' "$file" \
		>"$1/sources/debian.sources"
	[ ! -f /etc/apt/sources.list ] || sed -n 's/^deb /deb-src /p' \
		/etc/apt/sources.list >"$1/list"
	apt_source "$1" apt-get update >&2
}

# source_fetch LISTS NAME: the newest that can be had into sources; prints its version.
# A list may be ahead of the mirror's files, so an older one is tried next.
source_fetch() {
	versions=$(apt_source "$1" apt-cache showsrc --only-source "$2" |
		sed -n 's/^Version: //p')
	for version in $(echo "$versions" | sort -V -r -u); do
		if (cd "$cache/sources" && apt_source "$1" apt-get source \
			--download-only "$2=$version") >&2; then
			echo "$2 $version"
			return 0
		fi
		echo "windows: no source of $2 $version, trying an older one" >&2
	done
	echo "windows: no source package of $2 can be fetched" >&2
	return 1
}

# All packages' newest versions into the file "versions"
sources_update() {
	lists=$(mktemp -d)
	rm -rf "$cache/sources"
	mkdir -p "$cache/sources"
	sources_lists "$lists" &&
		for package in $packages; do
			source_fetch "$lists" "$package" || exit 1
		done >"$cache/versions.new" || exit 1
	rm -rf "$lists"
	mv "$cache/versions.new" "$cache/versions"
}

# sources_unpack NAME VERSION DIR: with Debian's patches
sources_unpack() {
	dsc=$cache/sources/$1_${2#*:}.dsc
	if [ ! -e "$dsc" ]; then
		echo "windows: $dsc is missing" >&2
		echo "hint: fetch anew with windows/libs.sh --update" >&2
		return 1
	fi
	dpkg-source -x "$dsc" "$3" >&2
}
