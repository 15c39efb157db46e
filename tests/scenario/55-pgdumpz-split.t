#!/bin/sh
# Large tables are shared out among connections, within bounded memory.
. "${0%/*}/../lib.sh"
use_pg
fresh_db
# 30 rows in one page, 114 MiB in TOAST; as much in many narrow rows
sql "CREATE TABLE toasted (n int, \"a \"\"v\"\"\" text, none text);
	ALTER TABLE toasted ALTER \"a \"\"v\"\"\" SET STORAGE EXTERNAL;
	INSERT INTO toasted SELECT n, repeat(n % 10 || 'x', 2000000)
		FROM generate_series(1, 30) AS n;
	CREATE TABLE narrow AS SELECT n, 'a row of ordinary length, as most are: '
		|| n AS v FROM generate_series(1, 1450000) AS n"

run sh -c 'pgdumpz -v -j 4 -t narrow "$1" | gzverify >narrow.gz' - "$db"
status_is 0 'a table of many rows'
like "$(cat "$err")" 'copying 1 tables, 11[0-9]\.[0-9] MiB, in 3 tasks' \
	'is copied in three parts'
run sh -c 'pgdumpz -v -j 4 -t toasted "$1" | gzverify >toasted.gz' - "$db"
status_is 0 'one of few rows with large values'
like "$(cat "$err")" 'copying 1 tables, 11[0-9]\.[0-9] MiB, in 3 tasks' \
	'is too'
gunzip -c toasted.gz | awk -F '\t' '/^[0-9]+\t/ { print $1, substr($2, 1, 2) }' |
	sort -n >rows
sql 'SELECT n || chr(32) || left("a ""v""", 2) FROM toasted ORDER BY n' >want
same_file rows want 'with each row once'

# one row has nearly all of it
sql "TRUNCATE toasted; INSERT INTO toasted SELECT n, repeat('z',
	CASE n WHEN 9 THEN 90000000 ELSE 9000 END) FROM generate_series(1, 20) AS n"
run sh -c 'pgdumpz -v -j 4 -t toasted "$1" | gzverify >toasted.gz' - "$db"
status_is 0 'one with a single large value'
gunzip -c toasted.gz | grep -c '^[0-9].*z' >rows
is "$(cat rows)" 20 'has each row once, too'

# --- memory: nine tables at a time
for n in 1 2 3 4 5 6 7 8 9; do
	echo "CREATE TABLE m$n AS SELECT n, md5(n::text) || md5($n * n || '') AS v
		FROM generate_series(1, 40000) AS n;"
done >many.sql
sql "$(cat many.sql)"
peak() { # peak JOBS: in KiB
	"$tests/peak" kib sh -c 'exec pgdumpz -j "$1" -t "m*" "$2" >many.gz' - \
		"$1" "$db" && cat kib
}
one=$(peak 1) nine=$(peak 9)
diag "peak of 1 job: $one KiB, of 9: $nine KiB"
ok 'the dump is whole' gzverify many.gz
if instrumented; then
	skip 'memory means nothing here' 2
else
	ok 'one connection needs less than 32 MiB in all' test "$one" -lt 32768
	ok 'and each further one less than 16' \
		test "$nine" -lt $((one + 8 * 16384))
fi
no_backends_left "$db"
no_children_left
done_testing
