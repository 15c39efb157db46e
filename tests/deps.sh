#!/bin/sh
# Install what build, lint, tests and demo need, from Debian 12's own packages.
#
#   tests/deps.sh            everything but what follows
#   tests/deps.sh bench      the peers of the benchmark, too
#   tests/deps.sh versions   PostgreSQL of other major versions, too, some
#                            600 MB in a cache: see versions/fetch.sh
#   tests/deps.sh windows    only what builds the tools for Windows
#   tests/deps.sh check-windows   and what tests them, too
#
# Does nothing, and asks the network for nothing, when all is there.
set -eu

build='gcc libc6-dev clang make pkg-config libpq-dev zlib1g-dev
	libcurl4-openssl-dev libssl-dev libexpat1-dev libjansson-dev
	libdeflate-dev'
servers='postgresql pgbouncer radosgw ceph-mon ceph-osd swift-proxy
	swift-account swift-container swift-object memcached'
tests='openssl curl perl python3 busybox dash pigz valgrind libc6-dbg'
mail=exim4-daemon-light
lint='git shellcheck mandoc cppcheck clang-tidy libclang-rt-dev
	mingw-w64-x86-64-dev'
peers='rclone s3cmd awscli'
windows='gcc-mingw-w64-x86-64-posix libz-mingw-w64-dev dpkg-dev make perl python3
	mandoc'
wine=wine64

missing() {
	for package in "$@"; do
		state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || :
		[ "$state" = installed ] || printf '%s ' "$package"
	done
}

# Debian's PostgreSQL makes and starts a cluster when it is installed; the tests
# make their own, so that one would only be in the way.  Written only where the
# package has never been: an existing configuration is not ours to change.
without_main_cluster() {
	conf=/etc/postgresql-common/createcluster.conf
	[ -e "$conf" ] && return
	[ -z "$(missing postgresql-common)" ] && return
	mkdir -p "$(dirname "$conf")"
	echo 'create_main_cluster = false' >"$conf"
	echo "deps: wrote $conf: no PostgreSQL cluster is made by default" >&2
}

# Nor is a pooler wanted as a service; unmask it for other use.
without_pooler_service() {
	[ -z "$(missing pgbouncer)" ] || [ ! -d /etc/systemd/system ] ||
		[ -e /etc/systemd/system/pgbouncer.service ] ||
		ln -s /dev/null /etc/systemd/system/pgbouncer.service
}

# A machine has one mail server; one that is not ours to replace may be there.
# Ours is only the program: none of Debian's configuration is used or started.
without_mail_daemon() {
	[ -z "$(missing $mail)" ] || [ -e /etc/default/exim4 ] ||
		echo "QUEUERUNNER='nodaemon'" >/etc/default/exim4
}

# The tests start their own servers; Debian's scripts ask this file whether to.
without_services() {
	policy=/usr/sbin/policy-rc.d
	[ ! -e "$policy" ] || return 0
	trap 'rm -f "$policy"' EXIT
	trap 'exit 1' HUP INT TERM
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
}

npm=
command -v npm >/dev/null || npm=npm
[ ! -e /usr/sbin/sendmail ] || mail=
all="$build $servers $tests $mail $lint"
case ${1:-} in
bench) all="$all $peers" ;;
versions) all="$all $npm" ;;
windows) all=$windows ;;
check-windows) all="$all $windows $wine" ;;
esac
# shellcheck disable=SC2086 # a list of words
wanted=$(missing $all)
if [ -n "$wanted" ] && [ "$(id -u)" != 0 ]; then
	echo "deps: these packages are missing: $wanted" >&2
	echo "hint: as root: apt-get install --no-install-recommends $wanted" >&2
	exit 1
fi
if [ -n "$wanted" ]; then
	[ "$all" = "$windows" ] || {
		without_main_cluster
		without_pooler_service
		[ -z "$mail" ] || without_mail_daemon
	}
	without_services
export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1
	apt-get update -q
	# shellcheck disable=SC2086
	apt-get install -q -y --no-install-recommends $wanted
fi
[ "${1:-}" != versions ] || "${0%/*}/versions/fetch.sh"
