# Shared by pg.sh and s3.sh: a private directory, a keeper, waiting until ready.
# shellcheck shell=sh

servers=$(cd "$(dirname "$0")" && pwd)

die() {
	echo "$(basename "$0"): $*" >&2
	exit 1
}

# begin OWNER_PID TAG ARG...: start "$0 serve DIR ARG..." under a keeper, wait
# for DIR/env, print DIR.
begin() {
	owner=$1 tag=$2
	shift 2
	kill -0 "$owner" 2>/dev/null || die "no process $owner to belong to"
	dir=$(mktemp -d "${TMPDIR:-/tmp}/pgdumpz-$tag.XXXXXX") || exit 1
	"$servers/keeper.py" "$owner" "$dir" \
		"$servers/$(basename "$0")" serve "$dir" "$@" || exit 1
	tries=0
	until [ -e "$dir/env" ]; do
		tries=$((tries + 1))
		if [ -e "$dir/failed" ] || [ $tries -gt 1200 ]; then
			tail -n 20 "$dir/log" >&2
			end "$dir"
			die "server did not start, the end of its log is above"
		fi
		[ -d "$dir" ] || die "ended before it was ready"
		sleep 0.05
	done
	echo "$dir"
}

# end DIR: stop the servers in it and remove it; no error when it is gone.
end() {
	tries=0
	[ -d "$1" ] || return 0
	until [ -s "$1/keeper.pid" ] || [ $tries -gt 100 ]; do
		tries=$((tries + 1))
		sleep 0.02
	done
	kill "$(cat "$1/keeper.pid")" 2>/dev/null
	tries=0
	while [ -d "$1" ] && [ $tries -lt 3000 ]; do
		tries=$((tries + 1))
		sleep 0.02
	done
	[ ! -d "$1" ] || die "cannot end the servers in $1"
}

# publish DIR: stdin becomes DIR/env in one step; it means "ready".
publish() {
	(umask 077 && cat >"$1/env.new") && mv "$1/env.new" "$1/env"
}

# fail DIR TEXT: the server cannot start.
fail() {
	echo "$2"
	: >"$1/failed"
	exit 1
}
