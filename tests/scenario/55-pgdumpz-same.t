#!/bin/sh
# What pgdumpz's stream restores is what pg_dump's text restores, kind by kind.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
use_pg
fresh_db
fill_db "$db" more
seen=$db

twins 'a superuser' as_super as_super
for each in "$seen" "$ours" "$theirs"; do
	look_at "$each"
done
sed -n 's/^== //p' "$seen.look" >kinds
ok 'there are kinds of objects to look for' test "$(wc -l <kinds)" -gt 35
while read -r kind; do
	look "$ours" "$kind" >got
	look "$seen" "$kind" >want
	same_file got want "$kind"
	ok "$kind: there are some" test -s want
done <kinds
run sh -c 'pgrestorez --verify -d "$1" <ours.gz' - "$seen.back"
status_is 0 'pgrestorez restores it, and finds all rows as they were'
same_db "$seen.back" "$theirs" 'by pgrestorez'
no_file pwned

# What can be put into a table at all: internal types refuse any text.
is "$(sql "SELECT string_agg(t.oid::regtype::text, ' ') FROM pg_type t
	WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype <> 'p'
	AND typtype <> 'c' AND typelem = 0 AND typname <> ALL ('{pg_node_tree,
	pg_ndistinct,pg_dependencies,pg_mcv_list,pg_brin_bloom_summary,
	pg_brin_minmax_multi_summary,gtsvector,cardinal_number,yes_or_no,
	sql_identifier,character_data,time_stamp}') AND NOT EXISTS (SELECT FROM
	pg_attribute WHERE atttypid = t.oid AND attnum > 0 AND attrelid IN
	('app.types'::regclass, 'kind.types'::regclass, 'app.nasty'::regclass))")" \
	'' 'no built-in type is missing among the values'

# --- security labels: no provider is at hand, so only the text can be seen

fresh_db
sql "CREATE TABLE t (a integer); CREATE FUNCTION f() RETURNS integer LANGUAGE
	sql AS 'SELECT 1'; SELECT lo_create(5)" >/dev/null
sql "SET allow_system_table_mods = on; INSERT INTO pg_seclabel
	SELECT 't'::regclass::oid, 'pg_class'::regclass, n, 'none', 'it''s' ||
	chr(10) || '\\! ' || n FROM generate_series(0, 1) n UNION ALL
	SELECT 'f'::regproc, 'pg_proc'::regclass, 0, 'none', 'f' UNION ALL
	SELECT 5, 'pg_largeobject'::regclass, 0, 'none', 'l'"
labels() { awk '/^SECURITY LABEL/ { on = 1 } on; /;$/ { on = 0 }'; }
pgdumpz "$db" | gunzip -c | labels >got
pg_dump "$db" | labels >want
same_file got want 'security labels'
is "$(grep -c SECURITY want)" 4 'of tables, columns, functions and objects'
is "$(pgdumpz --no-security-labels "$db" | gunzip -c | labels)" '' \
	'--no-security-labels leaves them out'
no_file pwned

# --- a plain role, which has given up some of its rights

sql_in postgres "CREATE DATABASE \"$seen.own\" OWNER tester"
db=$seen.own
as_tester psql -XqAt -v ON_ERROR_STOP=1 -d "$db" \
	-f "$tests/scenario/50-pgdumpz-own.sql" >/dev/null
twins 'an owner without all rights' as_tester as_tester
is "$(sql_in "$ours" "SELECT string_agg(lo_get(oid)::text, ' ' ORDER BY oid)
	FROM pg_largeobject_metadata")" '\x72656164 \x6d6f7265' \
	'large objects are there'
is "$(sql_in "$ours" "SELECT has_table_privilege('tester', 'own.t', 'INSERT')")" \
	f 'and what was given up is gone'
# now what only a superuser can still read
sql "REVOKE ALL ON ALL TABLES IN SCHEMA own FROM tester;
	REVOKE ALL ON ALL SEQUENCES IN SCHEMA own FROM tester;
	REVOKE ALL ON LARGE OBJECT 3001, 3002 FROM tester;
	REVOKE ALL ON SCHEMA own FROM tester"
twins 'an owner without any rights' as_super as_tester
is "$(sql_in "$ours" 'SELECT count(*) FROM own.t')" 100 'rows are there'
run as_tester sh -c 'pgdumpz "$1" >denied.gz' - "$db"
status_is 3 'that owner can not dump it'
err_like "permission denied for schema own" 'and is told why'
nothing_remains denied.gz
no_file pwned
done_testing
