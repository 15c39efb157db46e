#!/bin/sh
# One of everything is restored in parallel, and proven to be what was dumped.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
# shellcheck source=56-pgrestorez.sh
. "$tests/scenario/56-pgrestorez.sh"
own_pg
fresh_db
fill_db "$db"
sql "ALTER DATABASE \"$db\" OWNER TO t_owner;
	COMMENT ON DATABASE \"$db\" IS 'this; one';
	REVOKE TEMPORARY ON DATABASE \"$db\" FROM PUBLIC;
	GRANT CONNECT ON DATABASE \"$db\" TO t_reader;
	ALTER ROLE t_reader IN DATABASE \"$db\" SET work_mem = '5MB'"
ok 'a database with one of everything is dumped' \
	sh -c 'pgdumpz "$PGDATABASE" >dump.sql.gz'

# told EXPRESSION: of the object o that --json has printed
told() {
	python3 -c 'import json, sys
o = json.load(sys.stdin)
print(eval(sys.argv[1]))' "$1" <"$out"
}

# what a database has beside its contents
about() {
	sql_in postgres "SELECT pg_get_userbyid(datdba), encoding, datcollate,
		datctype, ARRAY(SELECT a::text FROM unnest(datacl) a ORDER BY
		1), shobj_description(oid, 'pg_database') FROM
		pg_database WHERE datname = '$1'"
	sql_in postgres "SELECT setrole::regrole, setconfig FROM pg_database d
		JOIN pg_db_role_setting s ON s.setdatabase = d.oid
		WHERE datname = '$1' ORDER BY 1"
}

copy=$db.copy
run sh -c 'pgrestorez -j 3 --verify --json -d "$1" <dump.sql.gz' - "$copy"
status_is 0 'it is restored and verified'
err_is '' 'without a word'
is "$(told 'o["verified"], o["differences"], o["counted"], o["counted_only"]')" \
	'(True, [], 0, [])' 'nothing differs'
is "$(told 'o["rows"]')" "$(gzverify -l dump.sql.gz |
	awk '!/\(large/ { n += $1 } END { print n }')" 'and that was every row'
same_db "$db" "$copy" 'restored'
is "$(about "$copy")" "$(about "$db")" 'and what belongs to the database'
no_file pwned
is "$(temps)" '' 'no temporary database is left'

# --- only to prove it

all_databases() {
	sql_in postgres 'SELECT oid, datname FROM pg_database ORDER BY 1'
}
before=$(all_databases)
run sh -c 'pgrestorez --scratch --verify --json <dump.sql.gz'
status_is 0 'it is restored, verified and dropped'
err_is '' 'without a word'
is "$(told 'o["verified"], o["differences"]')" '(True, [])' 'nothing differs'
is "$(all_databases)" "$before" 'there are the same databases as before'
run sh -c 'head -c 20000 dump.sql.gz | pgrestorez --scratch'
status_is 1 'a damaged one'
is "$(all_databases)" "$before" 'leaves none, either'
for other in --force --verify-only; do
	run sh -c 'pgrestorez --scratch "$1" -d "$2" <dump.sql.gz' - $other "$copy"
	status_is 2 "--scratch with $other"
done

# --- whose it is

plainer=$db.plainer
run sh -c 'pgrestorez -O --no-acl -d "$1" <dump.sql.gz' - "$plainer"
status_is 0 'it is restored without owners and privileges'
is "$(sql_in "$plainer" "SELECT count(*) FROM pg_class c
	WHERE relowner <> 'postgres'::regrole OR EXISTS (SELECT FROM
	aclexplode(relacl) a WHERE a.grantee = 't_reader'::regrole)")" 0 \
	'nobody else owns or may do anything'
is "$(sql_in postgres "SELECT pg_get_userbyid(datdba), datacl
	FROM pg_database WHERE datname = '$plainer'")" 'postgres|' \
	'nor with the database'
is "$(temps)" '' 'no temporary database is left'
no_children_left
no_backends_left "$copy"
no_temp_left
done_testing
