#!/bin/sh
# A throw-away PostgreSQL server on a free port of 127.0.0.1.
#
#   dir=$(tests/servers/pg.sh start $$)   belongs to this shell, ends with it
#   . "$dir/env"                          PGHOST PGPORT PGUSER PGPASSWORD ...
#   tests/servers/pg.sh stop "$dir"
#
# TCP wants a password (scram): postgres is a superuser, tester a plain role
# that may create databases.  The socket directory trusts everybody who can
# enter it.  Root is fine: the server then runs as the user postgres.
# PG_BIN names another version's bin directory, which may hold the server alone;
# PG_CONF adds lines to postgresql.conf.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

installed_bin() {
	# shellcheck disable=SC2012 # versions, no odd names
	newest=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
	echo "${newest:-$(pg_config --bindir)}"
}

make_cluster() {
	if [ "$(id -u)" = 0 ]; then
		chown postgres: "$1"
	fi
	cd "$1" || return 1
	$as_server test -w "$1" || return 1
	$as_server "$bin/initdb" -D "$1/data" -U postgres -A trust -N -E UTF8 \
		--locale=C.UTF-8 >/dev/null || return 1
	$as_server tee -a "$1/data/postgresql.conf" >/dev/null <<-E
		fsync = off
		synchronous_commit = off
		full_page_writes = off
		max_connections = 120
		max_wal_size = 4GB
		max_prepared_transactions = 20
		dynamic_shared_memory_type = mmap
		unix_socket_directories = '$1'
		listen_addresses = '127.0.0.1'
		password_encryption = 'scram-sha-256'
		log_line_prefix = '%m [%p] %q%u@%d %a '
		timezone = 'UTC'
		lc_messages = 'C'
		${PG_CONF:-}
	E
	$as_server tee "$1/data/pg_hba.conf" >/dev/null <<-E
		local all all trust
		local replication all trust
		host all all 127.0.0.1/32 scram-sha-256
		host replication all 127.0.0.1/32 scram-sha-256
	E
}

# Several ports may be tried: another process can take a free one first.
start_server() {
	for port in $("$servers/freeport.py" 5); do
		$as_server "$bin/postgres" -D "$1/data" -p "$port" &
		pid=$!
		while kill -0 "$pid" 2>/dev/null; do
			"$client/pg_isready" -q -h "$1" -p "$port" && return 0
			sleep 0.05
		done
	done
	return 1
}

serve() {
	pid=
	unset PGDATABASE PGUSER PGPASSWORD PGOPTIONS PGSERVICE PGSSLMODE
	trap '[ -z "$pid" ] || { kill -QUIT "$pid"; wait "$pid"; }; exit 0' TERM
	client=$(installed_bin) as_server=
	bin=${PG_BIN:-$client}
	[ "$(id -u)" != 0 ] ||
		as_server='setpriv --reuid=postgres --regid=postgres --init-groups'
	make_cluster "$1" || fail "$1" "cannot make a cluster in $1"
	start_server "$1" || fail "$1" "cannot start PostgreSQL"
	"$client/psql" -X -q -h "$1" -p "$port" -U postgres postgres <<-E || fail "$1" roles
		ALTER ROLE postgres PASSWORD 'super secret';
		CREATE ROLE tester LOGIN CREATEDB PASSWORD 'test secret';
	E
	publish "$1" <<-E
		export PGHOST=127.0.0.1 PGPORT=$port PGDATABASE=postgres
		export PGUSER=postgres PGPASSWORD='super secret'
		export PG_TESTER_PASSWORD='test secret'
		export PG_SOCKET_DIR='$1' PG_LOG='$1/log' PG_DATA='$1/data'
		export PG_SERVER_BIN='$bin'
	E
	wait "$pid"
}

case ${1:-} in
start) begin "${2:?owner process id}" pg ;;
stop) end "${2:?directory}" ;;
serve) serve "$2" ;;
*) die "usage: pg.sh start OWNER_PID | stop DIR" ;;
esac
