#!/bin/sh
# Ways to connect, what to leave out, how to write it.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
use_pg
make_roles
fresh_db
sql "CREATE SCHEMA extra; CREATE TABLE extra.x AS SELECT 1 AS a;
	CREATE TABLE t (id serial, v text); INSERT INTO t (v) VALUES ('one');
	CREATE TABLE u AS SELECT 2 AS b; ALTER TABLE u OWNER TO t_owner;
	GRANT SELECT ON t TO t_reader; COMMENT ON TABLE t IS 'a comment';
	SELECT lo_from_bytea(77, 'x')" >/dev/null

# dump ARGUMENT...: the text goes to "text"; it must be whole
dump() {
	pgdumpz "$@" >dump.gz 2>"$err"
	status=$?
	gunzip -c dump.gz >text 2>/dev/null
	[ "$status" = 0 ] && gzverify dump.gz
}
has() { grep -q -e "$1" text; }
lacks() { ! grep -q -e "$1" text; }

# --- ways to connect

ok 'by environment' dump
ok 'by name' dump "$db"
ok 'by -d' dump -d "$db"
ok 'by conninfo' dump "dbname='$db' host=$PGHOST"
ok 'by URI' dump "postgresql://$PGUSER@$PGHOST:$PGPORT/$db"
ok 'by options' env -u PGHOST -u PGPORT -u PGUSER -u PGDATABASE \
	pgdumpz -h "$PGHOST" -p "$PGPORT" -U "$PGUSER" -w "$db"
ok 'by socket' env -u PGPASSWORD pgdumpz -h "$PG_SOCKET_DIR" "$db"
ok 'the second of two hosts' dump "host=127.0.0.1,$PGHOST port=1,$PGPORT
	dbname=$db"
printf '%s:%s:*:%s:%s\n' "$PGHOST" "$PGPORT" "$PGUSER" "$PGPASSWORD" >.pgpass
chmod 600 .pgpass
ok 'with a password file' env -u PGPASSWORD pgdumpz "$db"
printf '[%s]\nhost=%s\nport=%s\nuser=%s\ndbname=%s\npassword=%s\n' here \
	"$PGHOST" "$PGPORT" "$PGUSER" "$db" "$PGPASSWORD" >.pg_service.conf
rm .pgpass
ok 'by service' env -u PGPASSWORD -u PGHOST -u PGPORT -u PGUSER \
	-u PGDATABASE PGSERVICE=here pgdumpz
ok 'by service in a conninfo' env -u PGPASSWORD -u PGHOST -u PGPORT \
	-u PGUSER -u PGDATABASE pgdumpz service=here

sql_in postgres "CREATE DATABASE \"db with 'quotes\"\" and = \\ $$\""
ok 'a database with an odd name' dump -d "dbname='db with \\'quotes\" and = \\\\ $$'"
ok 'which is in the manifest' has "db with 'quotes"
sql_in postgres "DROP DATABASE \"db with 'quotes\"\" and = \\ $$\""

# --- a password is in no command line and in no child that needs none

slow_bin "$T/slow" 1
pgdumpz --pg-bin "$T/slow" "host=$PGHOST password='$PGPASSWORD' dbname=$db" \
	>secret.gz 2>"$err" &
pid=$!
wait_for test -e pg_dump.started
cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' |
	grep -F -e "$db" | sort -u >cmdlines	# a fork has its parent's
wait $pid
is $? 0 'a dump with a password in its conninfo'
is "$(grep -c -e "--dbname=.*password" cmdlines)" 0 \
	'which is not handed to pg_dump in its command line'
is "$(grep -c -e '--dbname=.*host=' cmdlines)" 1 'where the rest is'

# --- how to write it

sql 'CREATE TABLE bulk AS SELECT n, md5((n % 1000)::text) FROM generate_series(1, 20000) AS n'
ok '-Z 1' dump -Z 1
large=$(wc -c <dump.gz)
ok '-Z 9' dump -Z 9
ok 'makes a difference' test "$(wc -c <dump.gz)" -lt "$large"

# --- a plain role dumps a database of its own

sql_in postgres "CREATE DATABASE \"$db.own\" OWNER tester"
as_tester psql -Xq -d "$db.own" >/dev/null <<'SQL'
CREATE SCHEMA mine
CREATE TABLE t (id serial, v text);
INSERT INTO mine.t (v) SELECT 'x' FROM generate_series(1, 100);
SELECT lo_from_bytea(0, 'mine');
SQL
ok 'a plain role dumps what is its own' as_tester pgdumpz "$db.own"
as_tester pgdumpz "$db.own" >own.gz
empty_db
sql_in postgres "ALTER DATABASE \"$target\" OWNER TO tester"
run as_tester sh -c 'gunzip -c own.gz | psql -Xq -v ON_ERROR_STOP=1 "$1"' - \
	"$target"
status_is 0 'and restores it'
same_db "$db.own" "$target" 'by a plain role'
sql_in "$db.own" "SET client_min_messages = error; CREATE SUBSCRIPTION s
	CONNECTION 'host=x' PUBLICATION p WITH (connect = false,
	slot_name = NONE)"
run as_tester sh -c 'pgdumpz "$1" >own.gz' - "$db.own"
status_is 0 'a dump without what only a superuser may see'
err_is "pgdumpz: warning: pg_dump: subscriptions not dumped because current \
user is not a superuser" "is made with pg_dump's warning"

# --- a database that is created anew

sql_in postgres "ALTER DATABASE \"$db\" SET work_mem = '7MB';
	REVOKE CONNECT ON DATABASE \"$db\" FROM PUBLIC;
	GRANT CREATE ON DATABASE \"$db\" TO t_reader"
privileges() {
	sql_in postgres "SELECT unnest(datacl)::text AS acl FROM pg_database
		WHERE datname = '$db' ORDER BY acl"
}
acl=$(privileges)
rows_of "$db" >before
ok '-C' dump -C
sql_in postgres "ALTER DATABASE \"$db\" RENAME TO \"$db.old\""
run restore dump.gz postgres
status_is 0 'is restored from another database'
rows_of "$db" >after
same_file before after 'under its name'
is "$(sql 'SHOW work_mem')" 7MB 'with its settings'
is "$(privileges)" "$acl" 'with its privileges'
is "$(gunzip -c dump.gz | grep -c '^CREATE DATABASE')" 1 'made once'
ok '-C -x' dump -C -x
ok 'has no privileges of it' lacks 'GRANT\|REVOKE'

# --- globals

run sh -c 'pgdumpz --globals | gzverify -o globals.gz'
status_is 0 'globals'
gunzip -c globals.gz >text
ok 'have roles' has '^CREATE ROLE t_owner;'
ok 'with passwords' has SCRAM-SHA-256
ok 'and are sealed' gzverify globals.gz
pgdumpz -g --no-role-passwords | gunzip -c >text
ok 'or without passwords' lacks SCRAM-SHA-256

# --- another encoding

sql_in postgres "CREATE DATABASE \"$db.latin\" ENCODING LATIN1 LOCALE 'C'
	TEMPLATE template0"
printf 'CREATE TABLE "\374" (a text); INSERT INTO "\374" VALUES ($$\344\366$$)' | PGCLIENTENCODING=LATIN1 psql -Xq "$db.latin"
ok 'a database in LATIN1' env PGCLIENTENCODING=UTF8 pgdumpz "$db.latin"
PGCLIENTENCODING=UTF8 pgdumpz "$db.latin" >latin.gz
gunzip -c latin.gz >text
ok 'is dumped in it' grep -qa "$(printf '^\344\366$')" text
ok 'and says so' grep -qa '"encoding":"LATIN1"' text
ok 'a name is told by its bytes' grep -qa '"name":"\\u00FC"' text
empty_db
run restore latin.gz "$target"
status_is 0 'and restored into UTF8'
is "$(sql_in "$target" 'SELECT a FROM "ü"')" äö 'as the same text'

# --- a database whose strings have backslashes

fresh_db
sql "CREATE TABLE \"back\\slash\" (a serial, t text);
	INSERT INTO \"back\\slash\" (t) VALUES ('\\x41');
	SELECT lo_from_bytea(77, '\\x4142005c27')" >/dev/null
rows_of "$db" >before
sql "ALTER DATABASE \"$db\" SET standard_conforming_strings = off"
ok 'a database without standard_conforming_strings' dump
empty_db
run restore dump.gz "$target"
status_is 0 'is restored'
rows_of "$target" >after
same_file before after 'and the same'

# --- a configuration table of an extension, with its condition

fresh_db
sql "CREATE EXTENSION hstore; CREATE TABLE config (id integer, own boolean);
	INSERT INTO config VALUES (1, false), (2, true), (3, true);
	ALTER EXTENSION hstore ADD TABLE config;
	UPDATE pg_extension SET extconfig = ARRAY['config'::regclass],
	extcondition = ARRAY['WHERE own'] WHERE extname = 'hstore'"
ok 'a configuration table of an extension' dump
is "$(sed -n '/^COPY public.config/,/^\\[.]/p' text | grep -c t)" 3 \
	'has the rows that its condition selects'
ok 'is not created, which is up to the extension' lacks 'CREATE TABLE'
ok 'and the manifest has the condition' has '"condition":"WHERE own"'

# --- only a look

run pgdumpz --check "$db"
status_is 0 '--check of a database that could be dumped'
like "$(tr '\t' ' ' <"$out")" '^[0-9.]+ [0-9.]+ [0-9]+$' \
	'tells versions and size, and nothing else'
run pgdumpz --check nonesuch
status_is 3 'of one that is not there'
out_is '' 'in silence'
err_like 'nonesuch.*does not exist' 'but for the reason'
run pgdumpz --check --pg-bin /nonesuch "$db"
status_is 2 'with a directory that has no pg_dump'
err_like 'cannot find a pg_dump' 'says so'
run pgdumpz --check --globals
status_is 2 'with --globals'

# --- many tables, and none

fresh_db
sql "DO 'BEGIN FOR i IN 1..1500 LOOP EXECUTE format(''CREATE TABLE m_%s AS
	SELECT %s AS a'', i, i); END LOOP; END'"
ok '1,500 tables' dump -j 3
is "$(grep -c '^COPY ' text)" 1500 'all of them'
empty_db
run restore dump.gz "$target"
status_is 0 'are restored'
rows_of "$db" >before
rows_of "$target" >after
same_file before after 'and the same'
fresh_db
ok 'an empty database' dump
empty_db
run restore dump.gz "$target"
status_is 0 'is restored'
no_children_left
no_backends_left "$db"
no_temp_left
done_testing
