#!/bin/sh
# A standby is dumped like its primary, but for what it does not have: rows of
# unlogged tables.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
own_pg
fresh_db
sql "CREATE TABLE t AS SELECT n, md5(n::text) AS v
	FROM generate_series(1, 10000) n; CREATE TABLE s (id serial);
	INSERT INTO s SELECT FROM generate_series(1, 5);
	CREATE UNLOGGED TABLE u AS SELECT 1 AS a;
	SELECT lo_from_bytea(5, 'five')" >/dev/null

as_server=
[ "$(id -u)" != 0 ] ||
	as_server='setpriv --reuid=postgres --regid=postgres --init-groups'
standby=$PG_SOCKET_DIR/standby
port=$("$tests/servers/freeport.py" 1)
# shellcheck disable=SC2086 # words
(cd "$PG_SOCKET_DIR" && $as_server "$PG_SERVER_BIN/pg_basebackup" \
	-h "$PG_SOCKET_DIR" -U postgres -D "$standby" -R -c fast &&
	$as_server mkdir "$standby.socket") || exit 1
# shellcheck disable=SC2086
(cd "$PG_SOCKET_DIR" && exec env -u PGDUMPZ_TEST_TAG $as_server \
	"$PG_SERVER_BIN/postgres" -D "$standby" -p "$port" \
	-k "$standby.socket") >standby.log 2>&1 &
server=$!
ok 'a standby runs' wait_for 30 "$PG_SERVER_BIN/pg_isready" -q \
	-h "$standby.socket" -p "$port"
at_standby() {
	env PGHOST="$standby.socket" PGPORT="$port" "$@"
}
is "$(at_standby psql -XAtqc 'SELECT pg_is_in_recovery()')" t 'as one'

run at_standby sh -c 'pgdumpz -j 2 "$PGDATABASE" | gzverify -o standby.gz'
status_is 0 'it is dumped'
is "$(at_standby psql -XAtqc "SELECT count(*) FROM pg_stat_activity
	WHERE datname = current_database() AND pid <> pg_backend_pid()")" 0 \
	'and no backend is left'
kill "$server"
wait "$server" 2>/dev/null

empty_db
run restore standby.gz "$target"
status_is 0 'it is restored'
is "$(sql_in "$target" 'SELECT count(*) FROM u')" 0 'without unlogged rows'
sql 'DELETE FROM u'
same_db "$db" "$target" 'the rest is there'
no_children_left
no_temp_left
done_testing
