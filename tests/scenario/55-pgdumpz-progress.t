#!/bin/sh
# How far a dump is, for people: on a terminal, and with --verbose.
. "${0%/*}/../lib.sh"
use_pg
fresh_db
# random, so that it stays large; one table in ranges, two in one task
sql "CREATE TABLE wide AS SELECT n, (SELECT string_agg(md5(random()::text), '')
	FROM generate_series(1, 30) WHERE n > 0) AS v
	FROM generate_series(1, 75000) AS n;
	CREATE TABLE small AS SELECT generate_series(1, 7) AS n;
	CREATE TABLE \"none of
it\" (n int);
	SELECT lo_from_bytea(0, 'three'), lo_from_bytea(0, '')"

run "$tests/terminal.py" --until ' left' seen dump.gz pgdumpz -j 2 "$PGDATABASE"
status_is 0 'a dump whose errors go to a terminal'
tr '\r' '\n' <seen >lines
like "$(cat lines)" \
	'^[0-9]+ % of [0-9.]+ MiB, [0-9.]+ [KM]?i?B/s, [0-9]+ .* left, [0-9.]+ [KM]?i?B written' \
	'shows the part done, the rate, the time left'
# shellcheck disable=SC1003
is "$(tail -c 4 seen)" "$(printf '\r\033[K')" 'and takes the line away in the end'
ok 'it is whole' gzverify dump.gz

run pgdumpz -j 2 "$PGDATABASE"
status_is 0 'a dump without a terminal'
is "$(cat "$err")" '' 'has nothing to say'

run pgdumpz -j 2 -v "$PGDATABASE"
status_is 0 'a verbose one'
grep '^pgdumpz: copied ' "$err" >copied
is "$(wc -l <copied)" 4 'names each table once, and large objects'
like "$(cat copied)" \
	'^pgdumpz: copied public.wide: 75000 rows, 69\.[0-9] MiB, [0-9]+\.[0-9]{3} s$' \
	'one that was copied in parts with all its rows and bytes'
like "$(cat copied)" \
	'^pgdumpz: copied public.small: 7 rows, 14 B, [0-9]+\.[0-9]{3} s$' \
	'and a small one'
like "$(cat copied)" '^pgdumpz: copied public."none of.*it": 0 rows, 0 B, ' \
	'and an empty one, on one line'
like "$(cat copied)" '^pgdumpz: copied large objects: 1 pages, 5 B, ' \
	'large objects by their pages'
no_backends_left "$PGDATABASE"
no_children_left
done_testing
