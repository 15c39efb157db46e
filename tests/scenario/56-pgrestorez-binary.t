#!/bin/sh
# Large tables go to the server in COPY's binary form, and mean the same in it.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
# shellcheck source=56-pgrestorez.sh
. "$tests/scenario/56-pgrestorez.sh"
export PG_CONF="log_statement = 'all'"
own_pg
server_log=$server/log
fresh_db

# Of each type the edges, and 5000 values of all sizes.
sql "SELECT setseed(0.5);
	CREATE TYPE mood AS ENUM ('', 'so so', E'tab\there', 'Grüße');
	CREATE DOMAIN short AS varchar(5) CHECK (VALUE <> 'never');
	CREATE DOMAIN shorter AS short;
	CREATE DOMAIN amount AS numeric(12, 2);
	CREATE TABLE kinds (n serial, b bool, i2 int2, i4 int4, i8 int8, o oid,
		f4 float4, f8 float8, d date, t time, t2 time(2), ts timestamp,
		tz timestamptz, tz0 timestamptz(0), nu numeric, a amount, u uuid,
		by bytea, x text, c char(7), v varchar(9), s shorter, m mood,
		j json, jb jsonb, twice int GENERATED ALWAYS AS (n * 2) STORED,
		\"odd (\"\" name)\" int);
	INSERT INTO kinds (b, i2, i4, i8, o, f4, f8, d, t, ts, tz, nu, u, by, x)
	VALUES (true, -32768, -2147483648, -9223372036854775808, 0, 'NaN', 'NaN',
		'0001-01-01', '00:00', '0001-01-01 00:00', '-infinity', 'NaN',
		'00000000-0000-0000-0000-000000000000', '', ''),
	(false, 32767, 2147483647, 9223372036854775807, 4294967295, 'Infinity',
		'-Infinity', '9999-12-31', '23:59:59.999999',
		'9999-12-31 23:59:59.999999', 'infinity', '-0.0000000001',
		'ffffffff-ffff-ffff-ffff-ffffffffffff', '\\x00', '\\N'),
	(NULL, 0, 0, 0, 1, '-0', '-0', 'infinity', '12:34:56.7', 'infinity',
		'2024-02-29 23:59:59.999999+14', 10::numeric ^ 60, NULL, '\\x5c',
		E'\\\\.'),
	(NULL, 1, 1, 1, 1, 1e-45, 5e-324, '-infinity', '00:00:00.000001',
		'-infinity', '1970-01-01', 10000, NULL, '\\x0a09',
		E'a\n\\\\.\nb\r\t\b\f\v'),
	(NULL, 1, 1, 1, 1, 3.4028235e38, 1.7976931348623157e308, '2000-01-01',
		'01:00', '1999-12-31 23:59:59.000001', '2000-01-01', 0.00, NULL,
		NULL, 'Grüße 💌');
	INSERT INTO kinds (b, i2, i4, i8, o, f4, f8, d, t, t2, ts, tz, tz0, nu, a,
		u, by, x, c, v, s, m, j, jb)
	SELECT r < 0.5, r * 65535 - 32768, (r - 0.5) * 10.0 ^ (n % 10),
		((r - 0.5) * 10.0 ^ (n % 19))::int8, n * 400000, (r - 0.5) * 10.0 ^
		(n % 70 - 35), (r - 0.5) * 10.0 ^ (n % 600 - 300),
		date '0001-01-01' + (r * 3652058)::int, time '00:00' + r * interval
		'86399 s', time '00:00' + r * interval '86399 s', timestamp
		'0001-01-01' + r * interval '3652058 days', timestamptz
		'1890-01-01 00:00Z' + r * interval '60000 days', timestamptz
		'1890-01-01 00:00Z' + r * interval '60000 days',
		(r - 0.5)::numeric * 10::numeric ^ (n % 60 - 30),
		(r * 1e9)::numeric, md5(n::text)::uuid,
		decode(repeat(md5(n::text), n % 4), 'hex'),
		repeat(chr(1 + n % 500), n % 50), chr(200 + n % 90), chr(65 + n % 26),
		CASE n % 3 WHEN 0 THEN '' WHEN 1 THEN 'fünf' END,
		(enum_range(NULL::mood))[1 + n % 4], json_build_object('a', n, 'b',
		E'\\\\ \"'), jsonb_build_array(n, r, NULL, E'\n')
	FROM (SELECT n, random() AS r FROM generate_series(1, 5000) n) AS x;
	CREATE TABLE parts (id int, v text) PARTITION BY HASH (id);
	CREATE TABLE parts_0 PARTITION OF parts
		FOR VALUES WITH (MODULUS 2, REMAINDER 0);
	CREATE TABLE parts_1 PARTITION OF parts
		FOR VALUES WITH (MODULUS 2, REMAINDER 1);
	INSERT INTO parts SELECT n, md5(n::text) FROM generate_series(1, 20000) n;
	CREATE TABLE small AS SELECT 1 AS n;
	CREATE TABLE unknown AS SELECT n, ARRAY[n] AS a
		FROM generate_series(1, 20000) n" >/dev/null

# What can't be told for sure, each in the middle of a table of its own.
while read -r name type value; do
	sql "CREATE TABLE $name (n int, filler text, v $type);
		INSERT INTO $name SELECT n, md5(n::text), CASE n WHEN 3000 THEN
			$type '$value' END FROM generate_series(1, 6000) n"
done <<'E'
endless numeric Infinity
before date 0044-03-15 BC
after date 10000-01-01
ancient timestamp 0044-03-15 12:00:00 BC
late timestamptz 10000-01-01 00:00:00+00
midnight time 24:00:00
E
# and where a member's text comes in pieces
sql "CREATE TABLE long AS SELECT n, repeat(md5(n::text), CASE n WHEN 5 THEN
	400000 ELSE 300 END) AS v FROM generate_series(1, 20) n;
	ALTER TABLE long ALTER v SET STORAGE EXTERNAL"
ok 'a database of all such types is dumped' \
	sh -c 'pgdumpz "$PGDATABASE" >dump.sql.gz'

# copies TABLE: the forms of its COPYs
copies() {
	grep -ao "statement: COPY public\\.$1 .*FROM.*" "$server_log" |
		sed 's/.*(FORMAT binary.*/binary/; t; s/.*/text/' | sort -u |
		tr '\n' ' '
}

back=$db.back
run sh -c 'pgrestorez -j 2 --verify -d "$1" <dump.sql.gz' - "$back"
status_is 0 'it is restored, and proven by its digests'
err_is '' 'without a word'
same_db "$db" "$back" 'and by the text of all rows'
for table in kinds parts_0 parts_1; do
	is "$(copies $table)" 'binary ' "$table: loaded in the binary form alone"
done
for table in small unknown; do
	is "$(copies $table)" 'text ' "$table: as text"
done
for table in endless before after ancient late midnight; do
	is "$(copies $table)" 'binary text ' "$table: as far as it goes"
done

# --- what the server refuses in that form

new=$db.new
make_bad 2 "'never'" "''"
fails 3 'cannot load the rows of public.kinds: value for domain .*violates check' \
	'a value that a domain does not allow' bad.gz
make_bad 3 '\tso so\t' '\tso\t'
fails 3 'cannot load the rows of public.kinds: invalid input value for enum .*"so"' \
	'a label that an enum lacks' bad.gz
make_bad 2 'filler text' 'filler text CHECK (filler <> md5(1::text))'
fails 3 'cannot load the rows of .*violates check constraint' \
	'a row that a table does not allow' bad.gz

# --- a table of many partitions, and a server with few locks

fresh_db
sql "CREATE TYPE few AS ENUM ('a', 'b', 'c');
	CREATE TABLE p (k few, id int) PARTITION BY HASH (k)"
printf '%s\\gexec\n' "SELECT format('CREATE TABLE p%s PARTITION OF p FOR VALUES
	WITH (MODULUS 1500, REMAINDER %s)', n, n) FROM generate_series(0, 1499) n" |
	psql -Xq
sql "INSERT INTO p SELECT (enum_range(NULL::few))[1 + n % 3], n
		FROM generate_series(1, 400000) n;
	CREATE TABLE other AS SELECT n FROM generate_series(1, 200000) n"
ok 'a table of 1500 partitions' sh -c 'pgdumpz "$PGDATABASE" >dump.sql.gz'
PG_CONF='max_locks_per_transaction = 10
max_connections = 40
max_prepared_transactions = 0'
own_pg
run sh -c 'pgrestorez -j 8 --scratch <dump.sql.gz'
status_is 0 'is restored where not all of them could be locked'
err_is '' 'without a word'
done_testing
