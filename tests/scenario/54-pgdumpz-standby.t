#!/bin/sh
# A standby is dumped like its primary, but for what it does not have: rows of
# unlogged tables. What replication needs comes before a dump.
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
	echo 'max_standby_streaming_delay = 100ms' |
	$as_server tee -a "$standby/postgresql.conf" >/dev/null &&
	$as_server mkdir "$standby.socket") || exit 1
# shellcheck disable=SC2086
(cd "$PG_SOCKET_DIR" && exec env -u PGDUMPZ_TEST_TAG $as_server \
	"$PG_SERVER_BIN/postgres" -D "$standby" -p "$port" \
	-k "$standby.socket") >standby.log 2>&1 &
server=$!
ok 'a standby runs' wait_for "$PG_SERVER_BIN/pg_isready" -q \
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

empty_db
run restore standby.gz "$target"
status_is 0 'it is restored'
is "$(sql_in "$target" 'SELECT count(*) FROM u')" 0 'without unlogged rows'
sql 'DELETE FROM u'
same_db "$db" "$target" 'the rest is there'

# --- what replication wants for itself

leader_is_alone() {
	[ "$(at_standby psql -XAtq -d postgres -c "SELECT count(*), min(state)
		FROM pg_stat_activity WHERE datname = '$db'")" = \
		'1|idle in transaction' ]
}

# doomed: begin a dump of the standby; it stops before the rows
doomed() {
	rm -f pg_restore.started go.* rc
	touch go.1 go.2
	{
		at_standby pgdumpz -j 2 --pg-bin "$T/gated" "$db" 2>"$err"
		echo $? >rc
	} >part.gz &
	dump=$!
	wait_for has_started pg_restore 3
	wait_for leader_is_alone
}
standby_is_left() {
	[ "$(at_standby psql -XAtq -d postgres -c "SELECT count(*)
		FROM pg_stat_activity WHERE datname = '$db'")" = 0 ]
}
gated_bin "$T/gated" pg_restore
sql 'CREATE TABLE wanted AS SELECT 1 AS a'
lsn=$(sql 'SELECT pg_current_wal_lsn()')
ok 'the standby follows' wait_for sh -c '[ "$(PGHOST=$1 PGPORT=$2 psql -XAtqc \
	"SELECT pg_last_wal_replay_lsn() >= '"'$lsn'"'")" = t ]' - \
	"$standby.socket" "$port"
doomed
sql 'TRUNCATE wanted'
ok 'replication ends who is in its way' wait_for standby_is_left
: >go.all
wait "$dump"
is "$(cat rc)" 3 'which fails the dump'
err_like 'conflict with recovery' 'and is named'
err_like 'hint: .*max_standby_streaming_delay' 'with what to do'
is "$(grep -cv '^pgdumpz: hint: ' "$err")" 1 'in one message'
gzverify part.gz 2>/dev/null
is $? 1 'what was written is not sealed'
no_children_left

# --- the server is lost

doomed
kill -QUIT "$server"
wait "$server" 2>/dev/null
: >go.all
wait "$dump"
is "$(cat rc)" 3 'a server that is lost fails the dump'
err_like 'holds the snapshot|server closed|connection to server' \
	'and is named'
is "$(grep -cv '^pgdumpz: hint: ' "$err")" 1 'in one message'
gzverify part.gz 2>/dev/null
is $? 1 'what was written is not sealed'
no_children_left
no_temp_left
done_testing
