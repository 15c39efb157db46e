#!/bin/sh
# Properties of a database itself that could be in a restore's way.
. "${0%/*}/../lib.sh"
# shellcheck source=56-pgrestorez.sh
. "$tests/scenario/56-pgrestorez.sh"
own_pg
fresh_db
sql "CREATE TABLE t AS SELECT n FROM generate_series(1, 9) n"

# --- a template can't be dropped

sql_in postgres "ALTER DATABASE \"$db\" IS_TEMPLATE true"
ok 'a template is dumped' sh -c 'pgdumpz "$PGDATABASE" >template.gz'
run sh -c 'pgrestorez --scratch --verify <template.gz'
status_is 0 'tried'
err_is '' 'without a word'
is "$(temps)" '' 'and dropped again'
run sh -c 'pgrestorez -d "$1" <template.gz' - "$db.copy"
status_is 0 'or restored'
is "$(sql_in postgres "SELECT datistemplate FROM pg_database
	WHERE datname = '$db.copy'")" t 'as a template'
sql_in postgres "CREATE DATABASE pgrestorez_0123abcd IS_TEMPLATE true"
run sh -c 'pgrestorez --scratch <template.gz'
status_is 0 'one that a killed run left'
err_like "dropped the database 'pgrestorez_0123abcd'" 'is dropped, too'
is "$(temps)" '' 'and nothing is left'
no_temp_left
done_testing
