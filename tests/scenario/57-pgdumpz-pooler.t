#!/bin/sh
# Behind a pooler each transaction may get another connection of the server,
# and what a session had set is lost: nothing is dumped then.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
use_pg
fresh_db
sql "CREATE TABLE t AS SELECT n, md5(n::text) FROM generate_series(1, 1000) n"

# through MODE COMMAND...: by a pooler in that mode
through() {
	pooler=$(POOL_MODE=$1 start_server pooler) || exit 1
	shift
	(
		. "$pooler/env"
		"$@"
	) >"$out" 2>"$err"
	status=$?
	"$tests/servers/pooler.sh" stop "$pooler"
}

through transaction pgdumpz -j 2 "$db"
status_is 3 'a pool of transactions is refused'
err_like 'another connection' 'and named'
err_like 'hint: connect to the server itself' 'with what to do'
out_is '' 'nothing is dumped'
through transaction pgdumpz --globals
status_is 3 'globals are refused there, too'
out_is '' 'and not dumped'
through statement pgdumpz "$db"
status_is 3 'a pool of statements is refused'
out_is '' 'and nothing dumped'
no_children_left
no_temp_left

pgdumpz "$db" >direct.gz
through transaction sh -c 'pgrestorez -d "$1" <direct.gz' - "$db.back"
status_is 3 'nothing is restored by such a pool, either'
err_like 'another connection' 'which is told'
is "$(sql_in postgres "SELECT datname FROM pg_database
	WHERE datname ~ '^pgrestorez_' OR datname = '$db.back'")" '' 'or made'

through session pgdumpz -j 2 "$db"
status_is 0 'a pool of sessions serves'
mv "$out" pooled.gz
ok 'what is dumped is whole' gzverify pooled.gz
empty_db
run restore pooled.gz "$target"
status_is 0 'it is restored'
same_db "$db" "$target" 'through a pooler'
no_children_left
no_backends_left "$db"
done_testing
