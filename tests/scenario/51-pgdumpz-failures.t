#!/bin/sh
# Whatever fails while a database is dumped: a message, exit status 3, no seal,
# and nothing left behind.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
use_pg
fresh_db
sql 'CREATE TABLE wide AS SELECT n, repeat(md5(n::text), 20) AS v
	FROM generate_series(1, 250000) n; CREATE TABLE small AS SELECT 1 AS a'

# fails STATUS ERE NAME COMMAND...
fails() {
	want=$1 message=$2 what=$3
	shift 3
	"$@" >part.gz 2>"$err"
	status=$?
	status_is "$want" "$what fails"
	err_like "$message" "$what: the message says why"
	is "$(grep -cv '^pgdumpz: hint: ' "$err")" 1 "$what: one message"
	nothing_remains part.gz
}

# --- connections

fails 3 'password authentication failed' 'a wrong password' \
	env PGPASSWORD=nonsense-pw pgdumpz "$db"
unlike "$(cat "$err")" nonsense-pw 'which is not shown'
err_like 'hint: check user and password' 'with a hint'
fails 3 'no password supplied' 'no password' env -u PGPASSWORD pgdumpz "$db"
fails 3 'database "nowhere" does not exist' 'no such database' pgdumpz nowhere
err_like "hint: 'psql -l'" 'with a hint'
fails 3 'could not translate host name' 'no such host' \
	pgdumpz -h no-such-host.invalid "$db"
fails 3 'Connection refused' 'no server there' pgdumpz -p 1 "$db"
err_like 'hint: check host and port' 'with a hint'
fails 3 'permission denied for' 'no privileges' \
	env PGUSER=tester PGPASSWORD="$PG_TESTER_PASSWORD" pgdumpz "$db"
err_like 'hint: .*pg_read_all_data' 'with a hint'
fails 3 'no matching tables' 'a pattern without a match' pgdumpz -t nope "$db"

# --- usage

mkdir none
fails 2 'cannot find a pg_dump' 'an empty --pg-bin' pgdumpz --pg-bin none "$db"
fails 2 'unknown option' 'an unknown option' pgdumpz --frobnicate "$db"
fails 2 'jobs must be' 'no jobs' pgdumpz -j 0 "$db"
fails 2 'two databases' 'two databases' pgdumpz -d one two
run script -qec "pgdumpz $db" /dev/null
status_is 2 'a terminal is no place for a dump'
out_like 'refusing to write' 'which the message says'
old=$T/old
mkdir "$old"
printf '#!/bin/sh\necho "pg_dump (PostgreSQL) 9.6.24"\n' >"$old/pg_dump"
chmod +x "$old/pg_dump"
fails 2 'there is 9[.]6[.]24' 'a pg_dump that is too old' \
	pgdumpz --pg-bin "$old" "$db"
fails 3 'no-such-dir' 'a TMPDIR that does not exist' \
	env TMPDIR="$T/no-such-dir" pgdumpz "$db"
mkdir half
ln -s "$PG_SERVER_BIN/pg_dump" half/pg_dump
fails 2 'there is .*without pg_restore' 'a pg_dump without its pg_restore' \
	pgdumpz --pg-bin half "$db"

# --- output

pgdumpz "$db" >&- 2>"$err"
is $? 3 'a closed standard output fails'
no_children_left
if [ -w /dev/full ]; then
	run sh -c 'pgdumpz "$PGDATABASE" >/dev/full'
	status_is 3 'a full disk fails'
	err_like 'No space left' 'and is named'
fi
{ pgdumpz "$db" 2>"$err"; echo $? >rc; } | head -c 100000 >/dev/null
is "$(cat rc)" 3 'a reader that goes away fails'
err_like 'cannot write' 'and is named'
no_children_left
no_backends_left "$db"
no_temp_left

# --- ends in the middle; the reader is slow, so that there is a middle

slowly() {
	{ "$@" 2>"$err"; echo $? >rc; } | {
		head -c 300000
		touch flowing
		wait_for test -e go
		cat
	} >part.gz
}
begin() {
	rm -f rc flowing go part.gz
	slowly pgdumpz -j 2 "$db" &
	slow=$!
	wait_for test -e flowing
}
# finish: read on, to its end
finish() {
	touch go
	wait "$slow"
}

begin
sql_in postgres "SELECT count(pg_terminate_backend(pid)) FROM
	pg_stat_activity WHERE datname = '$db' AND state = 'active'" >/dev/null
finish
is "$(cat rc)" 3 'a worker that is terminated fails the dump'
err_like 'terminating connection|closed the connection' 'and is named'
nothing_remains part.gz

begin
sql_in postgres "SELECT count(pg_terminate_backend(pid)) FROM
	pg_stat_activity WHERE datname = '$db' AND
	state = 'idle in transaction'" >/dev/null
finish
is "$(cat rc)" 3 'a leader that is terminated fails the dump'
err_like 'holds the snapshot.*terminating connection' 'and is named'
nothing_remains part.gz

begin
sql_in postgres "SELECT count(pg_cancel_backend(pid)) FROM
	pg_stat_activity WHERE datname = '$db' AND state = 'active'" >/dev/null
finish
is "$(cat rc)" 3 'a query that is cancelled fails the dump'
err_like 'canceling statement' 'and is named'
nothing_remains part.gz

for signal in KILL TERM HUP; do
	begin
	# shellcheck disable=SC2046 # one id
	kill -s $signal $(tagged_processes | while read -r pid; do
		case $(tr '\0' ' ' <"/proc/$pid/cmdline") in
		'pgdumpz -j '*) echo "$pid" ;;
		esac
	done)
	finish
	isnt "$(cat rc)" 0 "SIG$signal fails the dump"
	nothing_remains part.gz
done

# --- pg_dump ends before its table of contents does

slow_bin "$T/slow" 5
pgdumpz --pg-bin "$T/slow" "$db" >part.gz 2>"$err" &
pid=$!
wait_for test -e pg_dump.started
for child in $(tagged_processes); do
	case $(tr '\0' ' ' <"/proc/$child/cmdline") in
	*python3*pg_dump*) kill -9 "$child" ;;
	esac
done
wait $pid
is $? 3 'a pg_dump that is killed fails the dump'
err_like 'pg_dump was ended by signal 9' 'and is named'
nothing_remains part.gz

rm -f pg_dump.started
pgdumpz --pg-bin "$T/slow" "$db" >part.gz 2>"$err" &
pid=$!
wait_for test -e pg_dump.started
sleep 0.5
kill -9 $pid
wait $pid 2>/dev/null
nothing_remains part.gz

# --- pg_restore ends, whatever it was to write

mkdir dying
for tool in pg_dump pg_dumpall; do
	ln -s "$PG_SERVER_BIN/$tool" "dying/$tool"
done
cat >dying/pg_restore <<-E
	#!/bin/sh
	echo >>"$T/pg_restore.calls"
	[ "\$(wc -l <"$T/pg_restore.calls")" != "\$(cat "$T/which")" ] || kill -9 \$\$
	exec "$PG_SERVER_BIN/pg_restore" "\$@"
E
chmod +x dying/pg_restore
for which in 1 2 3 4; do
	echo $which >which
	rm -f pg_restore.calls
	fails 3 'pg_restore was ended by signal 9' \
		"pg_restore at its call $which" \
		pgdumpz --pg-bin "$T/dying" -t small "$db"
done
echo 0 >which
rm -f pg_restore.calls
ok 'it is called no more often' pgdumpz --pg-bin "$T/dying" -t small "$db"
is "$(wc -l <pg_restore.calls)" 4 'than that'

# --- too few connections for all workers

sql_in postgres "CREATE ROLE \"$db.few\" LOGIN CONNECTION LIMIT 3
	IN ROLE pg_read_all_data"
fails 3 'too many connections' 'a worker that cannot connect' \
	env PGUSER="$db.few" PGHOST="$PG_SOCKET_DIR" pgdumpz -j 4 "$db"
err_like 'hint: use fewer --jobs' 'with a hint'
ok 'fewer workers can' env PGUSER="$db.few" PGHOST="$PG_SOCKET_DIR" \
	pgdumpz -j 1 -t small "$db"
sql_in postgres "DROP ROLE \"$db.few\""

# --- a worker ends while the leader copies a contended table, for hours; but
# pg_dump, of whose data nothing is used, is quick

sql_in postgres "CREATE ROLE \"$db.slow\" LOGIN IN ROLE pg_read_all_data"
# the larger one comes behind those that are larger still, the other is begun
# from the small end
for table in 'kept 5000000' 'taken 6000000'; do
	size=${table#* } table=${table% *}
	sql "CREATE TABLE $table(v text);
		ALTER TABLE $table ALTER v SET STORAGE EXTERNAL;
		INSERT INTO $table SELECT repeat('v', $size);
		ALTER TABLE $table ENABLE ROW LEVEL SECURITY;
		CREATE POLICY slow ON $table USING (CASE
			WHEN current_query() LIKE 'COPY %' THEN true
			ELSE pg_sleep(7200) IS NOT NULL END)"
done
rm -f rc flowing part.gz
touch go
slowly env PGUSER="$db.slow" PGHOST="$PG_SOCKET_DIR" \
	pgdumpz -j 2 --enable-row-security "$db" &
slow=$!
wait_for test -e flowing
psql -Xqc 'BEGIN; LOCK TABLE taken' >/dev/null 2>&1 &
locker=$!
wait_query "$db" '%COPY public.kept %'
ok 'the leader has the other one' \
	wait_query "$db" 'SAVEPOINT task;%COPY public.taken %'
sql_in postgres "SELECT count(pg_terminate_backend(pid)) FROM
	pg_stat_activity WHERE datname = '$db' AND
	query LIKE 'BEGIN%COPY public.kept %'" >/dev/null
wait_for test -s rc
is "$(cat rc)" 3 'it fails the dump at once, whatever the leader does'
err_like 'public.kept: .*(terminating|closed the) connection' 'and is named'
sql_in postgres "SELECT count(pg_terminate_backend(pid)) FROM
	pg_stat_activity WHERE datname = '$db'" >/dev/null
wait "$slow" "$locker"
nothing_remains part.gz
sql "DROP TABLE kept, taken"
sql_in postgres "DROP ROLE \"$db.slow\""

# --- a full temporary directory, in a namespace of our own

if unshare -rm true 2>/dev/null; then
	fails 3 'TMPDIR.*No space left' 'a full temporary directory' \
		unshare -rm sh -c 'mount -t tmpfs -o size=4k tmpfs "$TMPDIR" &&
		exec pgdumpz "$PGDATABASE"'
else
	skip 'no namespaces for ordinary users here' 7
fi

# --- a table that stays locked

psql -Xqc 'BEGIN; LOCK TABLE small; SELECT pg_sleep(600)' >/dev/null 2>&1 &
wait_query "$db" '%pg_sleep(600)%'
pgdumpz --lock-wait-timeout=200 "$db" >part.gz 2>"$err"
is $? 3 'a table that stays locked fails the dump when that was asked for'
err_like 'cannot lock public.small: .*timeout' 'and is named'
sql_in postgres "SELECT count(pg_terminate_backend(pid)) FROM
	pg_stat_activity WHERE datname = '$db'" >/dev/null
wait $!
nothing_remains part.gz
done_testing
