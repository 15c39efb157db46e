#!/bin/sh
# Dumps of pg_dump itself are restored, too, if all of them is there.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
# shellcheck source=56-pgrestorez.sh
. "$tests/scenario/56-pgrestorez.sh"
own_pg
fresh_db
make_roles
sql "CREATE TABLE t (id integer PRIMARY KEY, v text);
	INSERT INTO t SELECT n, E'a\\\\b;''\n' || n FROM generate_series(1, 2000) n;
	ALTER TABLE t OWNER TO t_owner;
	GRANT SELECT ON t TO t_reader;
	CREATE FUNCTION f() RETURNS text LANGUAGE sql AS
		\$f\$ SELECT 'GRANT x;' || ' OWNER TO y;' \$f\$;
	SELECT lo_from_bytea(4711, decode(repeat('00ff', 5000), 'hex'))" >/dev/null
pg_dump "$db" >dump.sql
gzip -c dump.sql >dump.gz
gzverify <dump.gz >sealed.gz

for file in dump.sql dump.gz sealed.gz; do
	copy=$db.$file
	run sh -c 'pgrestorez -d "$1" <"$2"' - "$copy" "$file"
	status_is 0 "$file is restored"
	err_is '' "$file: without a word"
	same_db "$db" "$copy" "$file"
done
run sh -c 'cat dump.sql | pgrestorez --no-owner --no-acl -d "$1"' - "$db.plainer"
status_is 0 'without owners and privileges'
is "$(sql_in "$db.plainer" "SELECT relowner::regrole, relacl, f()
	FROM pg_class WHERE relname = 't'")" 'postgres||GRANT x; OWNER TO y;' \
	'they are left out, and nothing that only looks like it'

# --- not all there

new=$db.new
head -c 30000 dump.sql >short.sql
fails 1 'lacks pg_dump.s last lines' 'a text that is cut in the rows' short.sql
sed '$d' dump.sql | grep -v 'dump complete' >short.sql
fails 1 'lacks pg_dump.s last lines' 'a text without its trailer' short.sql
gzip -c short.sql >short.gz
fails 1 'lacks pg_dump.s last lines' 'the same in gzip' short.gz
head -c 4000 dump.gz >short.gz
fails 1 'cannot trust' 'gzip that is cut' short.gz
head -c 4000 sealed.gz >short.gz
fails 1 'cannot trust.*without its seal' 'wrapped gzip that is cut' short.gz
sed 's/^CREATE FUNCTION/CREATE FUNKTION/' dump.sql >wrong.sql
fails 3 'syntax error' 'a statement that fails' wrong.sql

# --- no dump of a database

echo 'SELECT 1;' >other.sql
fails 1 'no backup' 'a text of something else' other.sql
pg_dump -Fc "$db" >other.sql
fails 1 'no backup' "pg_dump's custom format" other.sql
err_like 'hint: .*pg_restore' 'with a hint'
pg_dumpall --roles-only >other.sql
fails 1 'cluster' 'a dump of roles' other.sql
: >other.sql
fails 1 'empty' 'an empty input' other.sql
pg_dump --create "$db" >other.sql
fails 2 'would leave the database' 'a dump with --create' other.sql
{ sed '/^CREATE TABLE/,$d' dump.sql; printf '\\connect postgres\n'
	sed -n '/^CREATE TABLE/,$p' dump.sql; } >other.sql
fails 2 'would leave the database' 'a text that connects elsewhere' other.sql
fails 2 'no manifest' 'to verify what has no manifest' dump.gz --verify
no_backends_left "$db"
done_testing
