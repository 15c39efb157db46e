#!/bin/sh
# What a database has of its own, and may be in a restore's way.
. "${0%/*}/../lib.sh"
# shellcheck source=56-pgrestorez.sh
. "$tests/scenario/56-pgrestorez.sh"
export PG_CONF='synchronous_commit = on'
own_pg
fresh_db
sql "CREATE TABLE t AS SELECT n FROM generate_series(1, 9) n"

# --- a template can't be dropped

sql_in postgres "ALTER DATABASE \"$db\" IS_TEMPLATE true"
ok 'a template is dumped' sh -c 'pgdumpz "$PGDATABASE" >template.gz'
run sh -c 'pgrestorez --scratch --verify <template.gz'
status_is 0 'tried'
err_is '' 'without a word'
is "$(temps)" '' 'and dropped again'
run sh -c 'pgrestorez -d "$1" <template.gz' - "$db.copy"
status_is 0 'or restored'
is "$(sql_in postgres "SELECT datistemplate FROM pg_database
	WHERE datname = '$db.copy'")" t 'as a template'
sql_in postgres "CREATE DATABASE pgrestorez_0123abcd IS_TEMPLATE true"
run sh -c 'pgrestorez --scratch <template.gz'
status_is 0 'one that a killed run left'
err_like "dropped the database 'pgrestorez_0123abcd'" 'is dropped, too'
is "$(temps)" '' 'and nothing is left'

# --- settings for a role that is not there

sql_in postgres "ALTER DATABASE \"$db\" IS_TEMPLATE false;
	CREATE ROLE t_gone; CREATE ROLE t_stays;
	ALTER DATABASE \"$db\" SET work_mem = '3MB';
	ALTER ROLE t_gone IN DATABASE \"$db\" SET work_mem = '5MB';
	ALTER ROLE t_stays IN DATABASE \"$db\" SET work_mem = '7MB'"
ok 'a database with settings for roles is dumped' \
	sh -c 'pgdumpz "$PGDATABASE" >roles.gz'
sql_in postgres "ALTER ROLE t_gone IN DATABASE \"$db\" RESET ALL;
	DROP ROLE t_gone"
new=$db.new
fails 3 'cannot set a property.*role "t_gone" does not exist' \
	'a role that is missing' roles.gz
for option in --no-owner --no-acl; do
	run sh -c 'pgrestorez "$2" -d "$1" <roles.gz' - "$db$option" $option
	status_is 0 "with $option it may be"
	err_is 'pgrestorez: warning: a setting of the database for a role is left out: role "t_gone" does not exist' \
		"$option: which is told"
	is "$(sql_in postgres "SELECT setrole, setconfig FROM pg_database d
		JOIN pg_db_role_setting s ON s.setdatabase = d.oid
		WHERE datname = '$db$option' ORDER BY setrole = 0, 2" |
		sed 's/^[1-9][0-9]*|/role|/')" "role|{work_mem=7MB}
0|{work_mem=3MB}" "$option: the others are set"
done

# --- commits wait for the disk, unless the renaming that follows does

sql "CREATE FUNCTION waits() RETURNS text LANGUAGE plpgsql IMMUTABLE AS
	'BEGIN RETURN current_setting(''synchronous_commit''); END';
	CREATE TABLE how (n integer, waits text
		GENERATED ALWAYS AS (waits()) STORED);
	INSERT INTO how SELECT generate_series(1, 9)"
ok 'a database that sees how it is loaded is dumped' \
	sh -c 'pgdumpz "$PGDATABASE" >how.gz'
how() {
	sql_in "$1" 'SELECT DISTINCT waits FROM how'
}
run sh -c 'pgrestorez -O -d "$1" <how.gz' - "$db.fresh"
status_is 0 'it is restored into a new one'
is "$(how "$db.fresh")" off 'where no commit waits'
sql_in postgres "CREATE DATABASE \"$db.there\""
run sh -c 'pgrestorez -O --force -d "$1" <how.gz' - "$db.there"
status_is 0 'and into one that was there'
is "$(how "$db.there")" on 'where each does'
is "$(sql_in "$db.fresh" 'SHOW synchronous_commit')" on \
	'as in the new one, now that it has its name'
no_temp_left
done_testing
