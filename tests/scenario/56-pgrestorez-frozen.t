#!/bin/sh
# Rows of large tables are frozen as they are loaded, where that can't harm.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
# shellcheck source=56-pgrestorez.sh
. "$tests/scenario/56-pgrestorez.sh"
export PG_CONF="autovacuum = off
log_statement = 'all'"
own_pg
server_log=$server/log
fresh_db

# Names that need quotes, and a member of one row that comes in pieces, after
# others of its table and before more of them.
sql "CREATE TABLE \"Many \"\"rows\"\"\" AS SELECT n, md5(n::text) AS v
		FROM generate_series(1, 120000) n;
	CREATE TABLE arrays AS SELECT n, ARRAY[n] AS a
		FROM generate_series(1, 60000) n;
	CREATE TABLE mixed AS SELECT n, repeat(md5(n::text), CASE n WHEN 2500 THEN
		400000 ELSE 30 END) AS v FROM generate_series(1, 5000) n;
	ALTER TABLE mixed ALTER v SET STORAGE EXTERNAL;
	CREATE TABLE small AS SELECT 1 AS n;
	CREATE TABLE parts (id int, v text) PARTITION BY HASH (id);
	CREATE TABLE part PARTITION OF parts FOR VALUES WITH (MODULUS 1, REMAINDER 0);
	INSERT INTO parts SELECT n, md5(n::text) FROM generate_series(1, 20000) n;
	ALTER TABLE arrays ADD PRIMARY KEY (n);
	ALTER TABLE small ADD FOREIGN KEY (n) REFERENCES arrays"
# one table after the other, so that none is given up for another
ok 'a database of large and small tables is dumped' \
	sh -c 'pgdumpz -j 1 "$PGDATABASE" >dump.sql.gz'

# copies TABLE: the options of its COPYs, since the last call
copies() {
	tail -n "+$seen" "$server_log" |
		sed -n "s/.*statement: COPY public\\.$1 .*FROM stdin *//p" | sort -u |
		tr '\n' ' '
}

# restored DB N WHAT: on N connections
restored() {
	seen=$(($(wc -l <"$server_log") + 1))
	back=$1
	run sh -c 'pgrestorez --verify -j "$1" -d "$2" <dump.sql.gz' - "$2" "$back"
	status_is 0 "$3"
	err_is '' "$3: without a word"
	same_db "$db" "$back" "$3: the same rows"
}

# Pages that are marked as visible to all are those of frozen rows here.
is_frozen() {
	[ "$(sql_in "$back" "SELECT pg_relation_size(oid, 'vm') > 0
		FROM pg_class WHERE relname = '$1'")" = t ]
}

for n in 1 3; do
	restored "$db.$n" $n "on $n connections"
	is "$(copies '"Many ""rows"""')" '(FORMAT binary, FREEZE) ' 'binary, frozen'
	is "$(copies arrays)" '(FREEZE) ' 'text, frozen'
	is "$(copies part)" '(FORMAT binary, FREEZE) ' 'a partition, frozen'
	is "$(copies small)" ' ' 'a small table is not worth it'
	for table in 'Many "rows"' arrays part; do
		ok "$table has frozen rows" is_frozen "$table"
	done
	not_ok 'small has none' is_frozen small
done

restored "$db.4" 4 'on more connections'
is "$(copies '"Many ""rows"""')" '(FORMAT binary) ' 'they share a table'
is "$(copies arrays)" ' ' 'of any kind'
not_ok 'and its rows are not frozen' is_frozen arrays

# the large table's rows lie between those of many small ones
sql "DO 'BEGIN FOR i IN 1..200 LOOP EXECUTE format(
	''CREATE TABLE s%s AS SELECT generate_series(1, 500)'', i);
	END LOOP; END'"
mv dump.sql.gz sorted.gz
pgdumpz -j 2 "$PGDATABASE" >dump.sql.gz
restored "$db.many" 3 'with many small tables'
is "$(copies '"Many ""rows"""')" '(FORMAT binary, FREEZE) ' 'it is not given up'
mv sorted.gz dump.sql.gz

sql_in postgres "CREATE DATABASE \"$db.there\" TEMPLATE template0"
seen=$(($(wc -l <"$server_log") + 1))
run sh -c 'pgrestorez --verify -j 2 --force -d "$1" <dump.sql.gz' - "$db.there"
status_is 0 'a database that others may use'
is "$(copies arrays)" ' ' 'is never loaded by FREEZE'
tail -n "+$seen" "$server_log" >log
not_ok 'nor is anything truncated in it' grep -q TRUNCATE log

# --- what was in a table before

made='ALTER TABLE public.arrays OWNER TO postgres;'
make_bad 2 "$made" "$made\nINSERT INTO public.arrays VALUES (0, NULL);"
run sh -c 'pgrestorez -j 2 -d "$1" <bad.gz' - "$db.more"
status_is 0 'a table that is not empty, as of an extension'
is "$(sql_in "$db.more" 'SELECT count(*), min(n) FROM arrays')" '60001|0' \
	'keeps what it had'

# --- an error is that of the row, whoever of those in the queue says it

new=$db.new
for n in 2 4; do
	make_bad 3 '\n40000\t' '\n4o000\t'
	fails 3 'cannot load the rows of public.*invalid input syntax for type integer: "4o000"' \
		"a bad row in the middle, on $n connections" bad.gz -j $n
done
done_testing
