#!/bin/sh
# A database whose rows and tables are changed all the time: each dump is what
# it held at one moment, and each ends.
# unsanitized
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
use_pg
fresh_db

# In any snapshot each of these has as many rows as its name says, and those of
# pgbench agree.
"$PG_SERVER_BIN/pgbench" -i -q -s 2 -F 30 "$db" >/dev/null 2>&1 || exit 1
sql "CREATE TYPE mood AS ENUM ('good', 'bad');
	CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE
	AS 'SELECT \$1 * 2';
	CREATE TABLE hot_100 AS SELECT generate_series(1, 100) AS n;
	CREATE TABLE altered_2000 AS SELECT generate_series(1, 2000) AS n,
	'good'::mood AS m;
	CREATE TABLE full_3000 AS SELECT generate_series(1, 3000) AS n;
	CREATE TABLE indexed_4000 AS SELECT generate_series(1, 4000) AS n;
	CREATE INDEX indexed_n ON indexed_4000 (n);
	CREATE TABLE anew_500 AS SELECT generate_series(1, 500) AS n;
	CREATE TABLE whole (n integer) PARTITION BY RANGE (n);
	CREATE TABLE part_600 PARTITION OF whole FOR VALUES FROM (0) TO (1000);
	INSERT INTO whole SELECT generate_series(1, 600);
	CREATE SEQUENCE counter; CREATE VIEW seen AS SELECT n FROM full_3000"

# again PAUSE: run the SQL on stdin over and over, with pauses
again() {
	cat >"job.$1.sql"
	while [ -e busy ]; do
		psql -Xq -v ON_ERROR_STOP=1 -f "job.$1.sql" || echo "$1 failed"
		sleep "$2"
	done >>jobs.log 2>&1 &
}

: >busy
"$PG_SERVER_BIN/pgbench" -n -c 3 -T 600 "$db" >pgbench.log 2>&1 &
pgbench=$!
again truncate 1 <<'SQL'
BEGIN; TRUNCATE hot_100; INSERT INTO hot_100 SELECT generate_series(1, 100);
COMMIT;
SQL
again alter 1.5 <<'SQL'
ALTER TABLE altered_2000 ADD c integer DEFAULT 1, ALTER n TYPE bigint;
ALTER TABLE altered_2000 DROP c, ALTER n TYPE integer;
SQL
again full 2 <<'SQL'
VACUUM FULL full_3000;
VACUUM FULL pg_class;
SQL
again index 1 <<'SQL'
CREATE INDEX indexed_twice ON indexed_4000 (twice(n));
REINDEX TABLE indexed_4000;
DROP INDEX indexed_twice;
REINDEX TABLE pgbench_accounts;
SQL
again anew 1.5 <<'SQL'
BEGIN; DROP TABLE anew_500;
CREATE TABLE anew_500 AS SELECT generate_series(1, 500) AS n; COMMIT;
SQL
again attach 1 <<'SQL'
ALTER TABLE whole DETACH PARTITION part_600;
ALTER TABLE whole ATTACH PARTITION part_600 FOR VALUES FROM (0) TO (1000);
SQL
again other 3 <<'SQL'
DROP SEQUENCE counter; CREATE SEQUENCE counter;
ALTER TYPE mood RENAME TO temper; ALTER TYPE temper RENAME TO mood;
CREATE OR REPLACE VIEW seen AS SELECT n FROM full_3000 WHERE n > 0;
CREATE OR REPLACE FUNCTION twice(integer) RETURNS integer LANGUAGE sql
	IMMUTABLE AS 'SELECT $1 + $1';
SQL

check() {
	psql -XAtq -d "$1" <<'SQL'
SELECT (SELECT sum(abalance) FROM pgbench_accounts) = ALL (ARRAY[
	(SELECT sum(tbalance) FROM pgbench_tellers),
	(SELECT sum(bbalance) FROM pgbench_branches),
	(SELECT sum(delta) FROM pgbench_history)]),
	(SELECT count(*) FROM pgbench_accounts), (SELECT count(*) FROM hot_100),
	(SELECT count(*) FROM altered_2000), (SELECT count(*) FROM full_3000),
	(SELECT count(*) FROM indexed_4000), (SELECT count(*) FROM anew_500),
	(SELECT count(*) FROM part_600), (SELECT count(*) FROM seen)
SQL
}

for i in 1 2 3; do
	run timeout 300 pgdumpz -v -j 3 "$db"
	status_is 0 "dump $i ends"
	mv "$out" "$i.gz"
	empty_db
	run restore "$i.gz" "$target"
	status_is 0 "dump $i is restored"
	is "$(check "$target")" 't|200000|100|2000|3000|4000|500|600|3000' \
		"dump $i is the database at one moment"
	sql_in postgres "DROP DATABASE \"$target\""
done
rm busy
kill "$pgbench"
wait
is "$(cat jobs.log)" '' 'and no other statement has failed'
no_children_left
no_backends_left "$db"
no_temp_left
done_testing
