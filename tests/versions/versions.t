#!/bin/sh
# Servers of every major version: what a pg_dump here can serve is dumped and
# restored, for the others an error says what to install.
. "${0%/*}/../lib.sh"
# shellcheck source=../scenario/50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
cache=$(HOME=$(getent passwd "$(id -u)" | cut -d: -f6) \
	"$tests/versions/fetch.sh") || exit 1
newer=$cache/debian13/bin
installed=$(dirname "$(readlink -f /usr/lib/postgresql/15/bin/pg_dump)")
[ -x "$installed/pg_dump" ] || {
	echo 'Bail out! these tests want the pg_dump of Debian 12'
	exit 1
}

# start MAJOR: a server that logs its statements
start() {
	PG_BIN=$cache/node_modules/pg$1/native/bin PG_CONF='log_statement = all' \
		own_pg
	is "$(sql_in postgres 'SHOW server_version_num' | cut -c1-2)" "$1" \
		"a server of version $1"
	make_roles
}

# fill: a database that has whatever of our catalogue this version knows, and a
# table that is large, though it has few rows
fill() {
	fresh_db
	sql "CREATE TABLE large (n integer, v text)
		WITH (autovacuum_enabled = off);
		ALTER TABLE large ALTER v SET STORAGE PLAIN;
		INSERT INTO large SELECT n, repeat(md5(n::text), 220)
		FROM generate_series(1, 10000) n;
		DELETE FROM large WHERE n % 100 <> 0" || exit 1
	psql -XqAt -d "$db" -f "$tests/scenario/50-pgdumpz.sql" >/dev/null 2>&1
}

stop() {
	no_backends_left "$db"
	no_children_left
	no_temp_left
	"$tests/servers/pg.sh" stop "$server"
}

# without the server's version
schema_here() {
	schema_of "$1" | grep -v '^-- Dumped '
}

# dump MAJOR [OPTION...]: into MAJOR.gz; what it holds into MAJOR.schema, .rows
dump() {
	major=$1
	shift
	run sh -c 'pgdumpz -j 3 "$@" | gzverify -o "$0.gz"' "$major" "$@" "$db"
	status_is 0 "$major: dumped"
	ok "$major: most of the catalogue is in it" \
		test "$(gunzip -c "$major.gz" | grep -c '^CREATE ')" -gt 40
	ranges=$(grep -c 'COPY .*large.* ctid >= ' "$PG_LOG")
	if [ "$major" -lt 14 ]; then
		is "$ranges" 0 "$major: no ranges are read"
	else
		ok "$major: ranges are read" test "$ranges" -gt 0
	fi
	run pgdumpz "$@" --globals
	status_is 0 "$major: globals"
	schema_here "$db" >"$major.schema"
	rows_of "$db" >"$major.rows"
}

# restored MAJOR: MAJOR.gz into the server that runs now.  pg_dump does not
# write the same of one schema for servers before 12 and after.
restored() {
	empty_db
	run restore "$1.gz" "$target"
	status_is 0 "$1: restored"
	schema_here "$target" >schema
	[ "$1" -lt 12 ] || same_file "$1.schema" schema "$1: the same schema"
	rows_of "$target" >rows
	same_file "$1.rows" rows "$1: the same rows"
	ok "$1: there are some" grep -q '^public.large|100|' rows
	run pgrestorez --scratch --verify -j 2 <"$1.gz"
	status_is 0 "$1: restored by pgrestorez, and no digest differs"
}

# refused MAJOR STATUS [OPTION...]: there is no pg_dump for it
refused() {
	major=$1 want=$2
	shift 2
	pgdumpz "$@" "$db" >refused.gz 2>"$err"
	is $? "$want" "$major: refused $*"
	is "$(wc -c <refused.gz)" 0 "$major: with nothing written"
	err_like "server of version $major" "$major: its version is named"
	err_like 'there is .*[0-9]+[.][0-9]+ \(/' "$major: what there is, too"
	err_like "hint: .*postgresql-client-$major" \
		"$major: and what to install"
}

# --- older servers, by the installed pg_dump; what it writes restores into
# --- servers from version 12 on

PATH=$installed:$PATH
for version in 10 11; do
	start $version
	fill
	dump $version
	stop
done
start 12
fill
dump 12
restored 12
restored 11
restored 10
stop
for version in 13 14; do
	start $version
	fill
	dump $version
	restored $version
	stop
done

# --- newer servers

start 16
fill
refused 16 3
PATH=$newer:$PATH
dump 16 --pg-bin "$newer"
stop
PATH=${PATH#"$newer:"}
start 17
fill
refused 17 3
PATH=$newer:$PATH
dump 17
restored 17
restored 16
stop
start 18
fresh_db
refused 18 3
refused 18 2 --pg-bin "$newer"
run pgdumpz --globals
status_is 3 '18: no globals either'
err_like 'install postgresql-client-18' '18: for the same reason'
stop
done_testing
