#!/bin/sh
# What can't be dumped whole is refused, in pg_dump's words or the server's.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
use_pg
make_roles
fresh_db

# refused STATUS NAME WORDS ARGUMENT...: no seal, nothing left
refused() {
	want=$1 name=$2 words=$3
	shift 3
	run sh -c 'pgdumpz "$@" >refused.gz' - "$@"
	status_is "$want" "$name: refused"
	err_like "$words" "$name: and told why"
	is "$(grep -vc '^pgdumpz: hint: \|^hint: ' "$err")" 1 "$name: in one message"
	nothing_remains refused.gz
}

# --- row security

sql "CREATE TABLE secret (who text, what text);
	INSERT INTO secret VALUES ('t_reader', 'x'), ('other', 'y');
	ALTER TABLE secret OWNER TO t_owner;
	ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
	CREATE POLICY own ON secret USING (who = current_user);
	CREATE TABLE open AS SELECT 1 AS a;
	GRANT SELECT ON secret, open TO t_reader, t_owner"
rows_in() { # rows_in TABLE TEXT: data lines
	gunzip -c "$2" | sed -n "/^COPY public\.$1 /,/^\\\\\.$/p" | grep -c '	'
}
refused 3 'a role that may not see all rows' \
	'row-level security policy for table "secret"' --role=t_reader "$db"
is "$(rows_in secret refused.gz 2>/dev/null)" 0 'and no row of it is there'
run sh -c 'pgdumpz --role=t_owner "$1" >owner.gz' - "$db"
status_is 0 'its owner may see all'
is "$(rows_in secret owner.gz)" 2 'and has all'
sql 'ALTER TABLE secret FORCE ROW LEVEL SECURITY'
refused 3 'an owner whom row security is forced on' \
	'row-level security policy for table "secret"' --role=t_owner "$db"
run sh -c 'pgdumpz "$1" >super.gz' - "$db"
status_is 0 'a superuser is not concerned'
is "$(rows_in secret super.gz)" 2 'and has all'
run sh -c 'pgdumpz --enable-row-security --role=t_reader "$1" >some.gz' - "$db"
status_is 0 '--enable-row-security takes what can be seen'
is "$(rows_in secret some.gz)" 1 'and no more'
ok 'the same as pg_dump' sh -c 'pg_dump --enable-row-security \
	--role=t_reader "$1" | grep -xF "t_reader	x"' - "$db"

# --- what is not readable

sql "CREATE TABLE mine (a serial); SELECT lo_create(1);
	ALTER TABLE mine OWNER TO t_reader" >/dev/null
refused 3 'a table without rights' \
	'permission denied for table mine' --role=t_owner -t mine "$db"
refused 3 'a sequence without rights' \
	'permission denied for sequence mine_a_seq' --role=t_owner -t mine_a_seq "$db"
refused 3 'a large object without rights' \
	'permission denied for large object 1' --role=t_owner -b -t open "$db"

# --- what does not exist

refused 3 'no such database' 'database "no such" does not exist' 'no such'
refused 3 'no such role' 'role "no such" does not exist' \
	--role='no such' "$db"
refused 3 'no such table' 'pg_dump failed: error: no matching tables' \
	-t 'no such' "$db"
refused 3 'no such schema' 'pg_dump failed: error: no matching schemas' \
	-n 'no such' "$db"
refused 3 'no such extension' 'pg_dump failed: error: no matching ext' \
	-e 'no such' "$db"
refused 3 'a pattern that must match' 'no matching tables were found for pat' \
	--strict-names -t open -t 'no such' "$db"
refused 3 'a pattern for another database' \
	'cross-database references are not implemented: other' -t other.a.b "$db"
refused 3 'a pattern of too many names' 'improper .*: a.b.c.d' -t a.b.c.d "$db"

# --- what is damaged

sql "CREATE TABLE toasted (a text); ALTER TABLE toasted ALTER a SET STORAGE
	EXTERNAL; INSERT INTO toasted VALUES (repeat('x', 10000))"
sql "CREATE EXTENSION pg_surgery; SELECT heap_force_kill(reltoastrelid,
	ARRAY['(0,1)']::tid[]) FROM pg_class WHERE relname = 'toasted'" >/dev/null
refused 3 'a damaged value' \
	'unexpected chunk number 1 .expected 0. for toast value' "$db"
sql 'DROP TABLE toasted; DROP EXTENSION pg_surgery; CREATE SCHEMA lost; CREATE TABLE lost.t (a integer)'
sql "SET allow_system_table_mods = on;
	DELETE FROM pg_namespace WHERE nspname = 'lost'"
refused 3 'a damaged catalog' \
	'pg_dump failed: error: schema with OID [0-9]+ does not exist' "$db"
done_testing
