#!/bin/sh
# Whatever fails while a database is restored: a message, and no database.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
# shellcheck source=56-pgrestorez.sh
. "$tests/scenario/56-pgrestorez.sh"
own_pg
fresh_db
make_roles
sql "CREATE EXTENSION hstore;
	CREATE TABLE big AS SELECT n AS id, repeat(md5(n::text), 20) AS v
		FROM generate_series(1, 20000) n;
	ALTER TABLE big ADD PRIMARY KEY (id);
	ALTER TABLE big OWNER TO t_owner;
	CREATE TABLE small (s serial, v text);
	INSERT INTO small (v) VALUES ('one'), ('two');
	GRANT SELECT ON small TO t_reader;
	CREATE DOMAIN part AS float8;
	CREATE TABLE floats (v part[]);
	INSERT INTO floats VALUES ('{0.1, 0.2}');
	SELECT lo_from_bytea(4711, '\x00ff')" >/dev/null
pgdumpz "$db" >dump.sql.gz
size=$(wc -c <dump.sql.gz)
new=$db.new

# --- the stream

for cut in 20 1000 $((size / 2)) $((size - 200)) $((size - 102)) $((size - 1)); do
	head -c "$cut" dump.sql.gz >bad.gz
	fails 1 'cannot trust|no backup' "a stream of $cut bytes" bad.gz
done
for at in 200 $((size / 3)) $((size - 2000)) $((size - 50)); do
	python3 -c 'import sys
d = bytearray(open("dump.sql.gz", "rb").read())
d[int(sys.argv[1])] ^= 16
open("bad.gz", "wb").write(d)' "$at"
	fails 1 'cannot trust' "a changed bit in byte $at" bad.gz
done
cat dump.sql.gz dump.sql.gz >bad.gz
fails 1 'bytes follow its seal' 'a stream with more behind it' bad.gz
: >bad.gz
fails 1 'empty' 'an empty stream' bad.gz
pgdumpz --globals >bad.gz
fails 2 'roles and tablespaces' 'a backup of the globals' bad.gz
pgdumpz --create "$db" >bad.gz
fails 2 'made with --create' 'a backup that makes its own database' bad.gz

# --- what is in it

make_bad 3 '\n17\t' '\n18\t'
fails 3 'could not create unique index|duplicate' 'a duplicate key' bad.gz
make_bad 3 '\n17\t' '\nx\t'
fails 3 'cannot load the rows of public.big: invalid input syntax' \
	'a row that is none' bad.gz
make_bad 2 'TO t_owner;' 'TO t_nobody;'
fails 3 'role "t_nobody" does not exist' 'a missing owner' bad.gz
err_like 'hint: restore the roles first.*--globals' 'with a hint'
run sh -c 'pgrestorez -O -d "$1" <bad.gz' - "$db.O"
status_is 0 'which --no-owner does not miss'
make_bad 2 'IF NOT EXISTS hstore' 'IF NOT EXISTS nosuch'
fails 3 'extension "nosuch" is not available' 'a missing extension' bad.gz
err_like 'hint: install that extension' 'with a hint'
make_bad 2 '"server_num":1' '"server_num":91' 2 'CREATE TABLE' 'KREATE TABLE'
fails 3 'KREATE' 'a newer version' bad.gz
like "$(head -n 1 "$err")" 'warning: the backup is of version 91.*server is of' \
	'of which the first line warns'
make_bad 2 '"ctype":"C.UTF-8"' '"ctype":"xx_XX.UTF-8"'
fails 3 'cannot create a database: invalid locale' 'a missing locale' bad.gz
err_like 'hint: .*locale' 'with a hint'
make_bad 2 'CREATE TABLE public.big' \
	'\\connect postgres\nCREATE TABLE public.big'
fails 2 "would leave the database .*: .*connect postgres" \
	'a schema that connects elsewhere' bad.gz
make_bad 2 'CREATE TABLE public.big' \
	"SELECT 'DROP TABLE x' \\\\gexec\nCREATE TABLE public.big"
fails 2 'would leave the database .*gexec' 'one with a command of psql' bad.gz
make_bad 2 'CREATE TABLE public.big' \
	'CREATE DATABASE other;\nCREATE TABLE public.big'
fails 2 'would leave the database' 'one with another database' bad.gz
not_ok 'which is not made' exists other
make_bad 4 '4711' '4712'
fails 3 'cannot load large objects: large object 4712 does not exist' \
	'a missing large object' bad.gz

# --- the proof

make_bad 3 '\n17\t' '\n-17\t' 3 'two' 'too'
fails 1 'differs from the backup in 2 points' 'other rows' bad.gz --verify
err_like 'table public.big: digest: [0-9a-f]+ in the backup' 'one is named'
err_like 'table public.small: digest: ' 'and the other'
make_bad 3 '1\tone\n' ''
fails 1 'differs' 'a row less' bad.gz --verify
err_like 'public.small: rows: 2 in the backup, 1 in the database' 'is counted'
make_bad 3 'COPY public.small' '-'
fails 1 'differs' 'a table without its rows' bad.gz --verify
make_bad 6 '"last":2' '"last":5'
fails 1 'differs' "another value of a sequence" bad.gz --verify
err_like 'sequence public.small_s_seq: value: 5 in the backup, 2 in' 'is told'
make_bad 4 'x00ff' 'x00fe'
fails 1 'differs' 'another large object' bad.gz --verify
err_like 'large_objects all: digest: [0-9a-f]+ in the backup' 'is told'
make_bad 6 '"count":1' '"count":2'
fails 1 'differs' 'a large object less' bad.gz --verify
err_like 'large_objects all: count: 2 in the backup, 1 in' 'is told'

# what an older version may have printed with other digits
run sh -c 'pgrestorez --verify -d "$1" <dump.sql.gz' - "$db.floats"
status_is 0 'floating-point numbers are verified'
make_bad 6 '"server_num":15' '"server_num":11'
"$tests/reseal.py" 6 "$(gunzip -c dump.sql.gz | sed -n \
	's/.*"name":"floats".*"digest":"\([0-9a-f]*\)".*/\1/p')" \
	0123456789abcdef <bad.gz >older.gz
run sh -c 'pgrestorez --verify-only --json -d "$1" <older.gz' - "$db.floats"
status_is 0 'whose text another version has printed otherwise'
out_like '"verified":true,.*"differences":\[\],"counted_only":\["public.floats"\]' \
	'they are listed as counted'
err_like 'warning: of 1 tables only the rows were counted' 'with a warning'
"$tests/reseal.py" 6 '"rows":20000' '"rows":20001' <older.gz >bad.gz
run sh -c 'pgrestorez --verify-only -d "$1" <bad.gz' - "$db.floats"
status_is 1 'which does not hide other differences'

run env PGUSER=tester PGPASSWORD="$PG_TESTER_PASSWORD" sh -c \
	'pgrestorez -j 3 --verify-only -d "$1" <dump.sql.gz' - "$db.floats"
status_is 3 'a role that may not read what is compared'
err_like 'cannot read the table public\.[a-z]+: permission denied for' \
	'gets the reason of the first that failed'

# names in a manifest are text of the backup's maker
make_bad 6 'public.small_s_seq' 'public.small_s_seq; DROP TABLE small; --'
run sh -c 'pgrestorez --verify-only -d "$1" <bad.gz' - "$db.floats"
isnt "$status" 0 'a name with a second statement behind it'
err_like 'multiple commands' 'is refused as that'
is "$(sql_in "$db.floats" 'SELECT count(*) FROM small')" 2 'and nothing done'
columns='AS x (last_value, is_called)'
changes="(SELECT setval('public.small_s_seq', 99), true) $columns"
allows="(SELECT set_config('default_transaction_read_only', 'off', false), true)\
 $columns"
changes_nothing() { # changes_nothing NAME: bad.gz
	run sh -c 'pgrestorez --verify-only -d "$1" <bad.gz' - "$db.floats"
	isnt "$status" 0 "$1 is refused"
	err_like 'read-only transaction' "$1: the message says why"
	is "$(sql_in "$db.floats" 'SELECT last_value FROM small_s_seq')" 2 \
		"$1: the value stays"
}
make_bad 6 'public.small_s_seq' "$changes"
changes_nothing 'a function in its place'
make_bad 6 '"settings":{' '"settings":{"default_transaction_read_only":"off",' \
	6 'public.small_s_seq' "$changes"
changes_nothing 'one that the settings would allow to write'
make_bad 6 '{"sequence":"public.small_s_seq"' "{\"sequence\":\"$allows\"}\n\
-- pgdumpz: {\"sequence\":\"$changes\""
changes_nothing 'one that the name before it would allow to'
make_bad 6 'public.small_s_seq' \
	"(SELECT 1, true WHERE false) $columns"
run sh -c 'pgrestorez --verify-only -d "$1" <bad.gz' - "$db.floats"
status_is 1 'a name that gives no row is refused'
err_like 'a sequence in .* is none' 'as that'

# --- what may be left of a run that was killed, but is in use

used=pgrestorez_0123abcd
sql_in postgres "CREATE DATABASE $used"
sql_in "$used" "SET client_min_messages = error; CREATE SUBSCRIPTION s
	CONNECTION 'dbname=none' PUBLICATION p WITH (connect = false)"
PGDATABASE=$used psql -XAtqc 'SELECT pg_sleep(600)' >"$T/used" 2>&1 &
user=$!
wait_for sh -c 'psql -XAtq -d postgres -c "SELECT count(*) FROM pg_stat_activity
	WHERE datname = '"'$used'"'" | grep -q 1'
run sh -c 'pgrestorez --scratch <dump.sql.gz'
status_is 0 'a database of such a name that somebody uses'
err_like "cannot drop the database '$used'" 'is told of'
is "$(sql_in "$used" 'SELECT subname FROM pg_subscription')" s 'and not touched'
sql_in postgres "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
	WHERE datname = '$used'" >"$T/ended"
wait $user
wait_for no_backends "$used"
run sh -c 'pgrestorez --scratch <dump.sql.gz'
status_is 0 'when nobody does'
err_like "dropped the database '$used'" 'it is dropped, subscription and all'

# --- a database that is there

run sh -c 'pgrestorez -d "$PGDATABASE" <dump.sql.gz'
status_is 1 'a name that is taken is refused'
err_like "exists already" 'which the message says'
is "$(temps)" '' 'before anything is made'
sql_in postgres "CREATE DATABASE \"$db.there\""
run sh -c 'pgrestorez --force --verify -d "$1" <dump.sql.gz' - "$db.there"
status_is 0 '--force restores into it'
err_like 'warning: restoring into the existing database' 'with a warning'
same_db "$db" "$db.there" '--force'
run sh -c 'pgrestorez --verify-only -d "$1" <dump.sql.gz' - "$db.there"
status_is 0 'it equals the backup'
err_is '' 'without a word'
sql_in "$db.there" "UPDATE small SET v = 'three' WHERE s = 1; DROP TABLE big"
run sh -c 'pgrestorez --verify-only --json -d "$1" <dump.sql.gz' - "$db.there"
status_is 1 'and does no longer when that is changed'
out_like '"verified":false,"tables":3,.*"table":"public.big","what":"rows",.*does not exist' \
	'a missing table is told'
out_like '"table":"public.small","what":"digest"' 'and a changed one'
run sh -c 'pgrestorez --force -d nowhere <dump.sql.gz'
status_is 3 '--force into no database fails'
no_backends_left "$db.there"

# --- usage and connections

fails 2 'no database is named' 'no name' dump.sql.gz -d ''
fails 2 '--json needs' '--json alone' dump.sql.gz --json
fails 2 'longer than' 'a name that is too long' dump.sql.gz \
	-d 0123456789012345678901234567890123456789012345678901234567890123
fails 3 'password authentication failed' 'a wrong password' dump.sql.gz \
	-U tester
fails 2 'cannot find a pg_restore' 'an empty --pg-bin' dump.sql.gz --pg-bin "$T/tmp"
sql_in postgres "CREATE ROLE nocreate LOGIN PASSWORD 'no secret'"
run env PGUSER=nocreate PGPASSWORD='no secret' sh -c \
	'pgrestorez -d "$1" <dump.sql.gz' - "$new"
status_is 3 'a role that may not create databases fails'
err_like 'hint: .*CREATEDB' 'with a hint'
nothing_restored "$new"

# --- without an archive that pg_restore can read, psql builds the indexes

mkdir old
ln -s "$PG_SERVER_BIN/psql" old/psql
cat >old/pg_restore <<'X'
#!/bin/sh
[ "$1" = --version ] && echo 'pg_restore (PostgreSQL) 99.1' && exit
echo 'pg_restore: error: unsupported version (9.99) in file header' >&2
exit 1
X
chmod +x old/pg_restore
run sh -c 'pgrestorez --pg-bin old --verify -d "$1" <dump.sql.gz' - "$new"
status_is 0 'an archive that cannot be read does no harm'
err_like 'warning: .*properties.*not restored' 'but to the properties'
same_db "$db" "$new" 'by psql'
sql_in postgres "DROP DATABASE \"$new\""
make_bad 7 'ALTER TABLE ONLY public.big' \
	'\\connect postgres\nALTER TABLE ONLY public.big'
fails 2 'would leave the database' 'a text of indexes that connects elsewhere' \
	bad.gz --pg-bin old
make_bad 8 '"archive":1' '"archive":2'
fails 1 'archive' 'an archive that is none' bad.gz

# --- an archive that would restore less than the text

post=$(gunzip -c dump.sql.gz | sed -n 's/.*"post":\(\[[0-9,]*\]\).*/\1/p')
make_bad 8 "$post" '[]'
fails 1 'text has [1-9][0-9]* indexes.*its archive lists 0 of them' \
	'an archive whose list is empty' bad.gz
err_like 'hint: restore its text: gunzip' 'with a hint'
make_bad 8 "$post" "[${post##*,}"
fails 1 'archive lists 1 of them' 'one whose list is too short' bad.gz
make_bad 8 "$post" "[0${post#"${post%%,*}"}"
fails 1 'contradicts itself' 'one with an entry that there is not' bad.gz

# --- a disk that is full: no file of this server may be larger than 20 MiB

sql "CREATE TABLE huge AS SELECT n AS id, repeat(md5(n::text), 20) AS v
	FROM generate_series(1, 50000) n"
pgdumpz "$db" >huge.gz
use_server pg "$(ulimit -f 40960; start_server pg)"
make_roles
fails 3 'cannot load the rows of public.huge: .*File too large' 'a full disk' \
	huge.gz
done_testing
