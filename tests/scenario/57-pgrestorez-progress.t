#!/bin/sh
# How far a restore is, for people: on a terminal, and with --verbose.
. "${0%/*}/../lib.sh"
use_pg
fresh_db
sql "CREATE TABLE wide AS SELECT n, (SELECT string_agg(md5(random()::text), '')
	FROM generate_series(1, 30) WHERE n > 0) AS v
	FROM generate_series(1, 20000) AS n"
pgdumpz "$db" >dump.gz

shown() {
	tr '\r' '\n' <seen >lines
	# shellcheck disable=SC1003
	is "$(tail -c 4 seen)" "$(printf '\r\033[K')" \
		"$1: the line is taken away in the end"
}

run "$tests/terminal.py" seen stdout \
	sh -c 'pgrestorez --scratch --verify <dump.gz'
status_is 0 'a restore of a file whose errors go to a terminal'
shown 'a file'
like "$(cat lines)" '^[0-9]+ % of [0-9.]+ MiB' 'the part done is shown'

# one that comes in two halves, a while apart
run "$tests/terminal.py" seen stdout sh -c '{ head -c 9000000 dump.gz; sleep 1
	tail -c +9000001 dump.gz; } | pgrestorez --scratch'
status_is 0 'a restore from a pipe'
shown 'a pipe'
like "$(cat lines)" '[0-9.]+ [KM]iB, [0-9.]+ [KM]?i?B/s' \
	'what has come is shown, and its rate'
unlike "$(cat lines)" '%' 'of a size that nobody knows'

run sh -c 'pgrestorez --scratch --verify <dump.gz'
status_is 0 'a restore without a terminal'
err_is '' 'has nothing to say'
run sh -c 'pgrestorez -v --scratch --verify <dump.gz'
status_is 0 'a verbose one'
err_like 'the stream is whole and its rows are loaded' 'tells where it is'
err_like '1 tables, 20000 rows compared, 0 differences' 'and what came of it'
no_backends_left "$db"
no_children_left
done_testing
