#!/bin/sh
# A restore that is killed leaves no database of the real name, and what it
# leaves is gone after the next run.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
# shellcheck source=56-pgrestorez.sh
. "$tests/scenario/56-pgrestorez.sh"
own_pg
fresh_db
sql "CREATE TABLE big AS SELECT n AS id, repeat(md5(n::text), 20) AS v
		FROM generate_series(1, 20000) n;
	CREATE FUNCTION slow(integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE
		AS 'BEGIN PERFORM pg_sleep(\$1); RETURN 1; END';
	CREATE TABLE sleepy (n integer);
	INSERT INTO sleepy VALUES (0);
	CREATE INDEX ON sleepy (slow(n))"
pgdumpz "$db" >good.gz
# the index takes two minutes in this one
"$tests/reseal.py" 3 'stdin;\n0\n' 'stdin;\n120\n' <good.gz >slow.gz
new=$db.new

pgrestorez_pid() {
	for pid in $(tagged_processes); do
		case $(tr '\0' ' ' <"/proc/$pid/cmdline") in
		'pgrestorez '*) echo "$pid" ;;
		esac
	done
}

# Begin a restore that is in the middle of the rows, and goes on when `go` is
# there.
begin_rows() {
	rm -f pipe go
	mkfifo pipe
	{
		head -c 300000 good.gz
		until [ -e go ]; do sleep 0.1; done
		tail -c +300001 good.gz
	} >pipe &
	feeder=$!
	pgrestorez -d "$new" <pipe 2>"$err" &
	runner=$!
	wait_for in_temp 'COPY%'
}

# Begin one that builds the index that takes long.
begin_index() {
	feeder=
	pgrestorez -d "$new" <slow.gz 2>"$err" &
	runner=$!
	wait_for in_temp '%CREATE INDEX%'
}

nobody_there() {
	[ "$(sql_in postgres "SELECT count(*) FROM pg_stat_activity
		WHERE datname ~ '^pgrestorez_'
		AND backend_type <> 'autovacuum worker'")" = 0 ]
}

# killed SIGNAL NAME: the restore that has begun
killed() {
	kill -s "$1" "$(pgrestorez_pid)"
	wait "$runner" 2>/dev/null
	code=$?
	: >go
	[ -z "$feeder" ] || wait "$feeder" 2>/dev/null
	isnt "$code" 0 "$2, SIG$1: the restore fails"
	not_ok "$2, SIG$1: there is no database of the name" exists "$new"
	no_children_left
	ok "$2, SIG$1: no backend goes on" wait_for nobody_there
	no_temp_left
}

for signal in TERM HUP; do
	begin_rows
	killed $signal 'in the rows'
	is "$(temps)" '' 'nor is there a temporary one'
done
begin_index
killed TERM 'at an index'
is "$(temps)" '' 'nor is there a temporary one'

# --- kill -9: the next run clears up, and spares what lives

begin_rows
killed KILL 'in the rows'
first=$(temps)
like "$first" '^pgrestorez_[0-9a-f]{8}$' 'its temporary database is left'
begin_index
err_like "warning: dropped the database '$first'" 'the next run drops it'
killed KILL 'at an index'
second=$(temps)
isnt "$second" "$first" 'and leaves one of its own'

begin_rows
unlike "$(temps)" "$second" 'which the next one drops'
living=$(temps)
run sh -c 'pgrestorez -d "$1" <good.gz' - "$db.other"
status_is 0 'a run beside it succeeds'
err_is '' 'and has nothing to drop'
is "$(temps)" "$living" 'it leaves what is alive'
: >go
wait "$runner"
is $? 0 'which then succeeds, too'
wait "$feeder"
same_db "$db" "$new" 'it'
is "$(temps)" '' 'no temporary database is left'

# --- the server ends a connection; somebody takes the name

sql_in postgres "DROP DATABASE \"$new\""
begin_rows
sql_in postgres "SELECT count(pg_terminate_backend(pid)) FROM
	pg_stat_activity WHERE datname ~ '^pgrestorez_'" >/dev/null
: >go
wait "$runner"
is $? 3 'a loader whose connection is ended fails the restore'
err_like 'terminating connection|closed the connection' 'which the message says'
nothing_restored "$new"
begin_rows
sql_in postgres "CREATE DATABASE \"$new\""
: >go
wait "$runner"
is $? 3 'a name that was taken meanwhile fails the restore'
err_like "cannot name the database '$new'.*already exists" 'and is named'
is "$(sql_in "$new" 'SELECT count(*) FROM pg_class WHERE relname = '\''big'\''')" \
	0 'the other database is as it was'
is "$(temps)" '' 'no temporary database is left'
no_children_left
done_testing
