#!/bin/sh
# Rows and large objects of hundreds of MB.
# unsanitized
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
use_pg
fresh_db
sql "CREATE TABLE long (id integer, t text, b bytea);
	ALTER TABLE long ALTER t SET STORAGE EXTERNAL,
	ALTER b SET STORAGE EXTERNAL;
	INSERT INTO long VALUES (1, repeat(E'\\\\.\\n\\t\\\\' || md5('x'), 6000000)),
	(2, repeat('y', 10)), (3, NULL);
	UPDATE long SET b = decode(repeat('00ff5c0a', 25000000), 'hex')
	WHERE id = 3;
	SELECT lo_create(1);
	SELECT lo_put(1, 104857600 * n, (SELECT b FROM long WHERE id = 3))
	FROM generate_series(0, 1) n" >/dev/null
run sh -c 'pgdumpz -Z 1 "$1" | gzverify -o long.gz' - "$db"
status_is 0 'rows and objects of hundreds of MB are dumped'
err_is '' 'without a word'
empty_db
run restore long.gz "$target"
status_is 0 'and restored'
sums() {
	sql_in "$1" "SELECT id, length(t), md5(t), length(b), md5(b) FROM long
		ORDER BY 1"
	sql_in "$1" "SELECT oid, length(lo_get(oid)), md5(lo_get(oid)) FROM
		pg_largeobject_metadata ORDER BY oid"
}
sums "$db" >want
sums "$target" >got
same_file got want 'as they were'
ok 'the row is that long' grep -q '^1|222000000|' want
ok 'and the object' grep -q '^1|204857600|' want
sql_in postgres "DROP DATABASE \"$target\""

# text of more than a gigabyte is no row that any dump could have
sql "TRUNCATE long; SELECT lo_unlink(oid) FROM pg_largeobject_metadata;
	INSERT INTO long (b) SELECT repeat('x', 600000000)::bytea" \
	>/dev/null
run sh -c 'pg_dump "$1" >theirs.sql' - "$db"
like "$(cat "$err")" 'invalid memory alloc request size' \
	'a row that pg_dump can not read'
run sh -c 'pgdumpz "$1" >refused.gz' - "$db"
status_is 3 'is refused'
err_like 'long.*ERROR:  invalid memory alloc request size' \
	'in the same words'
nothing_remains refused.gz
done_testing
