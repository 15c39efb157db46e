#!/bin/sh
# One of everything is restored in parallel, and proven to be what was dumped.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
use_pg
fresh_db
fill_db "$db"
ok 'a database with one of everything is dumped' \
	sh -c 'pgdumpz "$PGDATABASE" >dump.sql.gz'

# told EXPRESSION: of the object o that --json has printed
told() {
	python3 -c 'import json, sys
o = json.load(sys.stdin)
print(eval(sys.argv[1]))' "$1" <"$out"
}

# temporary databases of runs of this server
temps() {
	sql_in postgres "SELECT datname FROM pg_database
		WHERE datname ~ '^pgrestorez_'"
}

copy=$db.copy
run sh -c 'pgrestorez -j 3 --verify --json -d "$1" <dump.sql.gz' - "$copy"
status_is 0 'it is restored and verified'
err_is '' 'without a word'
is "$(told 'o["verified"], o["differences"], o["counted_only"]')" \
	'(True, [], [])' 'nothing differs'
is "$(told 'o["rows"]')" "$(gzverify -l dump.sql.gz |
	awk '!/\(large/ { n += $1 } END { print n }')" 'and that was every row'
same_db "$db" "$copy" 'restored'
no_file pwned
is "$(temps)" '' 'no temporary database is left'
no_children_left
no_backends_left "$copy"
no_temp_left
done_testing
