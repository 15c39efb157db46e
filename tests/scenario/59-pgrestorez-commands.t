#!/bin/sh
# A backup is SQL, whoever made it: no text makes psql run a command here, not
# even where psql and a simpler reader disagree about quotes.
# shellcheck disable=SC2016 # texts
. "${0%/*}/../lib.sh"
# shellcheck source=56-pgrestorez.sh
. "$tests/scenario/56-pgrestorez.sh"
own_pg
fresh_db
new=$db.new
sql "CREATE TABLE t (id integer PRIMARY KEY, v text);
	INSERT INTO t VALUES (1, 'C:\\'), (2, E'\\\\\\\\! \\n''')"
pg_dump "$db" >dump.sql
pgdumpz "$db" >dump.sql.gz

# A psql that says it is too old for \restrict, so that only we are in the way.
mkdir old
ln -s "$PG_SERVER_BIN/pg_restore" old/pg_restore
cat >old/psql <<E
#!/bin/sh
[ "\$1" = --version ] && echo 'psql (PostgreSQL) 15.13' && exit
exec "$PG_SERVER_BIN/psql" "\$@"
E
chmod +x old/psql

# attack NAME TEXT [OPTION...]: printf's TEXT in the middle of a dump
attack() {
	{
		sed '/^CREATE TABLE/,$d' dump.sql
		printf '%b' "$2"
		sed -n '/^CREATE TABLE/,$p' dump.sql
	} >bad.sql
	what=$1
	shift 2
	fails 2 '(would leave|is not as pg_dump|a byte 0)' "$what" bad.sql "$@"
	no_file pwned
}

attack 'a command behind a minus' '-\\! touch pwned\n'
attack 'the same, by an old psql' '-\\! touch pwned\n' --pg-bin old
attack 'one in backquotes' '\\restrict `touch pwned`\n'
attack 'one that ends the restriction' \
	"SELECT '\\\\unrestrict \`touch pwned\`'\n;"
attack 'one behind a key' '\\restrict a \\! touch pwned\n' --pg-bin old
attack 'one behind a quote in a comment' "/*'*/\n\\\\! touch pwned\n--'\n"
attack 'one behind a carriage return' '-- a\r\\! touch pwned\n'
attack 'one behind a byte 0' "SELECT 1 --\\0000'\n\\\\! touch pwned\n--';\n"
attack 'one behind a COPY in small letters' "CREATE TABLE x (a text);\n\
copy x from stdin;\n'\n\\\\.\n\\\\! touch pwned\n--'\n" --pg-bin old
attack 'one behind a string that goes on' \
	"SELECT E'a'\n'\\\\' '\n\\\\! touch pwned\n--';\n" --pg-bin old
{
	cat dump.sql
	printf '%b' '\\! touch pwned'
} >bad.sql
fails 2 'would leave' 'one in a last line without an end' bad.sql
no_file pwned
make_bad 2 'CREATE TABLE' '-\\! touch pwned\nCREATE TABLE'
fails 2 'would leave' 'one in a sealed backup' bad.gz
no_file pwned

# --- what is honest is restored

for file in dump.sql dump.sql.gz; do
	run sh -c 'pgrestorez --pg-bin old -d "$1" <"$2"' - "$new" $file
	status_is 0 "$file is restored by an old psql"
	err_is '' "$file: without a word"
	is "$(sql_in "$new" 'SELECT * FROM t ORDER BY 1')" \
		"$(sql 'SELECT * FROM t ORDER BY 1')" "$file: as it was"
	sql_in postgres "DROP DATABASE \"$new\""
done

# --- psql is told to take no commands, before anything else

mkdir watched
ln -s "$PG_SERVER_BIN/pg_restore" watched/pg_restore
cat >watched/psql <<E
#!/bin/sh
[ "\$1" = --version ] && echo 'psql (PostgreSQL) 15.14' && exit
exec tee "$T/said" >/dev/null
E
chmod +x watched/psql
run sh -c 'pgrestorez --pg-bin watched --scratch <dump.sql'
status_is 0 'what psql is told'
like "$(head -n 1 said)" '^\\restrict [0-9a-f]{32}$' 'begins so'
is "$(grep -c 'restrict' said)" 1 "and has none of the text's own"
no_children_left
done_testing
