#!/bin/sh
# PgBouncer on a free port of 127.0.0.1, before the server of PG_SOCKET_DIR and
# PGPORT.
#
#   POOL_MODE=transaction dir=$(tests/servers/pooler.sh start $$)
#   . "$dir/env"                          PGHOST and PGPORT of the pooler
#   tests/servers/pooler.sh stop "$dir"
#
# Everybody who can reach it is the superuser postgres.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

serve() {
	pid=
	trap '[ -z "$pid" ] || kill "$pid"; exit 0' TERM
	as_user=
	if [ "$(id -u)" = 0 ]; then
		as_user='setpriv --reuid=postgres --regid=postgres --init-groups'
		chown postgres: "$1"
	fi
	port=$("$servers/freeport.py" 1)
	cat >"$1/ini" <<-E
		[databases]
		* = host=$PG_SOCKET_DIR port=$PGPORT user=postgres
		[pgbouncer]
		listen_addr = 127.0.0.1
		listen_port = $port
		unix_socket_dir =
		auth_type = any
		pool_mode = ${POOL_MODE:-transaction}
	E
	$as_user pgbouncer -q "$1/ini" &
	pid=$!
	until pg_isready -q -h 127.0.0.1 -p "$port" -d postgres; do
		kill -0 "$pid" || fail "$1" 'cannot start pgbouncer'
		sleep 0.05
	done
	echo "export PGHOST=127.0.0.1 PGPORT=$port" | publish "$1"
	wait "$pid"
}

case ${1:-} in
start) begin "${2:?owner process id}" pooler ;;
stop) end "${2:?directory}" ;;
serve) serve "$2" ;;
*) die "usage: pooler.sh start OWNER_PID | stop DIR" ;;
esac
