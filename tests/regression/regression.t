#!/bin/sh
# PostgreSQL's own test databases, which hold what no user would think of:
# dumped by pgdumpz and by pg_dump, restored, compared.  REGRESSION_SOURCE has
# the sources, see source.sh.
from=$(cd "${REGRESSION_SOURCE:?}/src" && pwd) || exit 1
. "${0%/*}/../lib.sh"
# shellcheck source=../scenario/50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"

# the server's user reads data there, loads regress.so, and writes a few files
chmod 755 "$T"
chmod 777 "$T/tmp"
mkdir "$T/regress" "$T/tmp/results"
chmod 777 "$T/tmp/results"
cp -r "$from/test/regress/sql" "$from/test/regress/data" \
	"$from/test/regress/"*.so "$from/test/regress/parallel_schedule" "$T/regress"
# shellcheck disable=SC2089,SC2090 # lines for postgresql.conf
PG_CONF="max_locks_per_transaction = 512
	wal_level = logical
	allow_in_place_tablespaces = on
	session_preload_libraries = '$T/regress/dummy_seclabel'"
# shellcheck disable=SC2090
export PG_CONF
own_pg
make_roles

# --- as pg_regress runs it, one by one; what it prints is not looked at

db=regression
sql_in postgres 'CREATE DATABASE regression TEMPLATE template0'
for setting in lc_messages lc_monetary lc_numeric lc_time; do
	sql_in postgres "ALTER DATABASE regression SET $setting = 'C'"
done
regress() {
	PG_ABS_SRCDIR="$T/regress" PG_LIBDIR="$T/regress" PG_DLSUFFIX=.so \
		PG_ABS_BUILDDIR="$T/tmp" PGTZ=PST8PDT \
		PGDATESTYLE='Postgres, MDY' \
		PGOPTIONS='-c intervalstyle=postgres_verbose' \
		psql -X -a -q -d regression -v HIDE_TABLEAM=on \
		-v HIDE_TOAST_COMPRESSION=on >regress.log 2>&1
}
sed -n 's/^test: //p' "$T/regress/parallel_schedule" | tr ' ' '\n' >names
while read -r name; do
	regress <"$T/regress/sql/$name.sql" || diag "$name ended early"
done <names
rm -rf "$T/tmp/"*
sql "SECURITY LABEL ON TABLE tenk1 IS 'classified';
	SECURITY LABEL ON COLUMN tenk1.two IS 'secret';
	SECURITY LABEL ON FUNCTION binary_coercible(oid, oid) IS 'unclassified'"
tables=$(sql "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p', 'm')
	AND oid > 16383")
ok "the regression database is there: $tables tables" test "$tables" -gt 400
twins 'regression database' as_super as_super
labels() {
	sql_in "$1" "SELECT objtype, objname, provider, label FROM pg_seclabels
		ORDER BY 1, 2"
}
is "$(labels "$ours")" "$(labels regression)" 'security labels'
is "$(labels "$ours" | wc -l)" 3 'all of them'
# pg_restore 15 with --jobs, also without us, now and then leaves the primary
# key of fkpart5.pk invalid, whose partitions' it attaches at the same time
run sh -c 'pgrestorez --jobs 1 --verify -d regression_back <ours.gz'
status_is 0 'pgrestorez restores it, and finds all rows as they were'
same_db regression_back "$theirs" 'by pgrestorez'

# --- the objects by which pg_dump is tested

db=objects
sql_in postgres 'CREATE DATABASE objects TEMPLATE template0'
"$tests/regression/objects.pl" "$from/bin/pg_dump/t/002_pg_dump.pl" >objects.sql
run psql -Xq -v ON_ERROR_STOP=1 -d objects -f objects.sql
status_is 0 "the objects of pg_dump's tests are there"
twins "pg_dump's tests" as_super as_super

no_children_left
no_temp_left
done_testing
