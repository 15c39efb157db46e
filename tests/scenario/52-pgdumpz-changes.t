#!/bin/sh
# Others change the database while it is dumped.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
use_pg
gated_bin "$T/gated" pg_dump

# meanwhile SQL NAME: SQL runs between the snapshot and the locks; what is
# restored must be a state that the database was in.
meanwhile() {
	rm -f pg_dump.started go.*
	pgdumpz -v --pg-bin "$T/gated" "$db" >gap.gz 2>gap.err &
	pid=$!
	wait_for test -e pg_dump.started
	sql "$1" >/dev/null
	: >go.all
	wait $pid
	is $? 0 "$2: dumped" || diag "$(cat gap.err)"
	empty_db
	run restore gap.gz "$target"
	status_is 0 "$2: restored"
}

new_db() {
	fresh_db
	sql "CREATE TABLE t AS SELECT n, 'row ' || n AS v
		FROM generate_series(1, 1000) n;
		CREATE TABLE other (a integer); INSERT INTO other VALUES (1)"
}

new_db
meanwhile 'TRUNCATE t' TRUNCATE
same_db "$db" "$target" 'the state after TRUNCATE, not an empty table by chance'
like "$(cat gap.err)" 'starting over' 'it began again'
new_db
meanwhile 'TRUNCATE t; INSERT INTO t VALUES (1, $$new$$)' 'TRUNCATE and INSERT'
same_db "$db" "$target" 'the state after both'
new_db
meanwhile 'ALTER TABLE t ALTER n TYPE numeric' 'a rewrite'
same_db "$db" "$target" 'the state after the rewrite'
new_db
meanwhile 'VACUUM FULL t' 'VACUUM FULL'
same_db "$db" "$target" 'nothing is lost'
new_db
meanwhile 'DROP TABLE t' 'DROP TABLE'
same_db "$db" "$target" 'the state after it'
new_db
meanwhile 'ALTER TABLE t RENAME TO t2; ALTER TABLE other RENAME TO t' 'renames'
same_db "$db" "$target" 'the state after the renames'
new_db
meanwhile 'ALTER TABLE t DROP COLUMN v' 'DROP COLUMN'
same_db "$db" "$target" 'the state after it'
new_db
meanwhile 'ALTER SCHEMA public RENAME TO private' 'a schema that is renamed'
is "$(rows_of "$target" | grep -c '|1000|')" 1 'nothing is lost'

# --- a job that truncates comes again, before pg_dump has its lock: it waits
# --- for us, and pg_dump for it

new_db
rm -f pg_dump.started go.*
timeout 120 pgdumpz -v --pg-bin "$T/gated" "$db" >gap.gz 2>gap.err &
pid=$!
wait_for test -e pg_dump.started
sql 'TRUNCATE t'
touch go.1
wait_for has_started pg_dump 2
sql 'TRUNCATE t; INSERT INTO t VALUES (2, $$second$$)' &
wait_query "$db" 'TRUNCATE%' Lock
touch go.all
wait $pid
is $? 0 'a TRUNCATE in the way of pg_dump: dumped' || diag "$(cat gap.err)"
wait
empty_db
run restore gap.gz "$target"
status_is 0 'and restored'
same_db "$db" "$target" 'the state after it'

# --- what no lock on a table protects

new_db
sql "CREATE SEQUENCE s; CREATE SEQUENCE kept"
meanwhile 'DROP SEQUENCE s; ALTER SEQUENCE kept RENAME TO renamed' \
	'sequences that are dropped and renamed'
same_db "$db" "$target" 'the state after it'
new_db
sql "CREATE TYPE mood AS ENUM ('good'); CREATE FUNCTION f(mood) RETURNS integer
	LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE FUNCTION g() RETURNS integer
	LANGUAGE sql AS 'SELECT 2'; CREATE TABLE m (a mood CHECK (f(a) = 1));
	CREATE INDEX m_a ON m (f(a)); CREATE VIEW v AS SELECT g()"
meanwhile "ALTER TYPE mood RENAME TO temper; ALTER FUNCTION f RENAME TO h;
	CREATE OR REPLACE VIEW v AS SELECT 3 AS g; DROP FUNCTION g;
	CREATE FUNCTION g(text) RETURNS integer LANGUAGE sql AS 'SELECT 4'" \
	'types, functions and views that are changed'
same_db "$db" "$target" 'the state after it'
new_db
sql 'ALTER TABLE t ADD PRIMARY KEY (n), ADD CONSTRAINT v CHECK (v <> $$$$)'
meanwhile 'ALTER TABLE t DROP CONSTRAINT t_pkey, DROP CONSTRAINT v' \
	'constraints that are dropped'
same_db "$db" "$target" 'the state after it'
new_db
meanwhile 'CREATE TABLE new (a integer); CREATE FUNCTION g() RETURNS integer
	LANGUAGE sql AS $$SELECT 2$$; GRANT SELECT ON other TO PUBLIC;
	ANALYZE' 'new objects'
unlike "$(cat gap.err)" 'starting over' 'are no reason to begin again'

# --- ordinary writes

new_db
before=$(rows_of "$db")
meanwhile 'INSERT INTO t VALUES (0, $$later$$); DELETE FROM other' \
	'ordinary writes'
is "$(rows_of "$target")" "$before" 'the snapshot is what is dumped'
unlike "$(cat gap.err)" 'starting over' 'without beginning again'
no_children_left
no_temp_left

# --- somebody waits for a table that is being dumped: no deadlock

fresh_db
sql "CREATE TABLE big AS SELECT n, repeat(md5(n::text), 40) AS v
	FROM generate_series(1, 80000) n; CREATE INDEX ON big (n);
	CREATE TABLE late AS SELECT 1 AS a"
rows_of "$db" >before
{
	pgdumpz -j 2 "$db" 2>"$err"
	echo $? >rc
} | {
	head -c 200000
	touch flowing
	sleep 2
	cat
} >locked.gz &
wait_for test -e flowing
for statement in 'TRUNCATE late' 'ALTER TABLE big ADD c integer' \
	'REINDEX TABLE big'; do
	sql "$statement" >/dev/null 2>&1 &
done
wait
is "$(cat rc)" 0 'statements that wait for their lock do not stop a dump'
empty_db
run restore locked.gz "$target"
status_is 0 'which is restored'
rows_of "$target" >after
same_file before after 'as it was before them'

# --- somebody waits for a catalog that the leader has read: no deadlock either

fresh_db
sql "DO 'BEGIN FOR i IN 1..150 LOOP EXECUTE format(''CREATE TABLE m_%s AS
	SELECT n, repeat(md5(n::text), 20) AS v FROM generate_series(1, %s) n'',
	i, 400 + i); END LOOP; END'"
rows_of "$db" >before
rm -f flowing
{
	timeout 120 pgdumpz -j 2 "$db" 2>"$err"
	echo $? >rc
} | {
	head -c 200000
	touch flowing
	sleep 2
	cat
} >catalog.gz &
wait_for test -e flowing
sql 'VACUUM FULL pg_attribute' >/dev/null 2>&1 &
wait
is "$(cat rc)" 0 'VACUUM FULL of a catalog does not stop a dump' ||
	diag "$(cat "$err")"
empty_db
run restore catalog.gz "$target"
status_is 0 'which is restored'
rows_of "$target" >after
same_file before after 'whole'

# --- a schema takes another one's place, behind the back of the leader

fresh_db
sql_in postgres "CREATE ROLE \"$db.slow\" LOGIN IN ROLE pg_read_all_data"
sql 'CREATE SCHEMA app; CREATE SCHEMA next; CREATE TABLE next.two (v text)'
# copied in this order; each waits for an advisory lock, of which the first three
# are held
for table in '1 public.gate 9000000' '2 public.one 8000000' \
	'3 public.next_gate 7500000' '4 app.two 7000000'; do
	size=${table##* } table=${table% *}
	sql "CREATE TABLE ${table#* } (v text);
		ALTER TABLE ${table#* } ALTER v SET STORAGE EXTERNAL;
		INSERT INTO ${table#* } SELECT repeat('v', $size);
		ALTER TABLE ${table#* } ENABLE ROW LEVEL SECURITY;
		CREATE POLICY wait ON ${table#* } USING (CASE
			WHEN current_query() LIKE 'COPY %' THEN true
			ELSE pg_advisory_xact_lock_shared(${table% *}) IS NOT NULL END)"
done
for lock in 1 2 3; do
	psql -Xqc "SELECT pg_advisory_lock($lock)" -c "SELECT pg_sleep(600 + $lock)" \
		>/dev/null 2>&1 &
	wait_query "$db" "SELECT pg_sleep(600 + $lock)"
done
# let_go LOCK
let_go() {
	sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE query = 'SELECT pg_sleep(600 + $1)'" >/dev/null
}
env PGUSER="$db.slow" PGHOST="$PG_SOCKET_DIR" \
	pgdumpz -j 1 --enable-row-security "$db" >gap.gz 2>"$err" &
pid=$!
wait_query "$db" 'BEGIN%COPY public.gate %'
for table in public.one app.two; do
	psql -Xqc "BEGIN; LOCK TABLE $table" >/dev/null 2>&1 &
	wait_query "$db" "%LOCK TABLE $table" Lock
done
let_go 1
ok 'the leader has a table' wait_query "$db" 'SAVEPOINT task;%COPY public.one %'
ok 'before the worker gives it another one' \
	wait_query "$db" 'BEGIN%COPY public.next_gate %'
let_go 3
ok 'and will have it' wait_for sh -c '[ "$(psql -XAtqc "SELECT count(*)
	FROM pg_stat_activity WHERE usename = '"'$db.slow'"' AND
	query ~ '"'^(BEGIN|ROLLBACK)'"'")" = 0 ]'
sql 'ALTER SCHEMA app RENAME TO last; ALTER SCHEMA next RENAME TO app'
let_go 2
wait $pid
is $? 3 'the rows of another table are not dumped'
err_like 'another name now than when the dump began' 'and the message says why'
not_ok 'nothing is sealed' gzverify gap.gz
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
	WHERE datname = '$db' AND pid <> pg_backend_pid()" >/dev/null
wait
sql "DROP OWNED BY \"$db.slow\""
sql_in postgres "DROP ROLE \"$db.slow\""

# --- sums that agree only within one snapshot

fresh_db
sql "CREATE TABLE account AS SELECT n AS id, 100 AS balance,
	repeat('x', 700) AS filler FROM generate_series(1, 100000) n;
	CREATE TABLE ledger (id serial, account integer, amount integer);
	CREATE INDEX ON account (id)"
cat >transfer.sql <<'SQL'
\set a random(1, 100000)
\set b random(1, 100000)
BEGIN;
UPDATE account SET balance = balance - 7 WHERE id = :a;
INSERT INTO ledger (account, amount) VALUES (:a, -7);
UPDATE account SET balance = balance + 7 WHERE id = :b;
INSERT INTO ledger (account, amount) VALUES (:b, 7);
COMMIT;
SQL
"$PG_SERVER_BIN/pgbench" -n -f transfer.sql -T 6 -c 2 "$db" >/dev/null 2>&1 &
wait_for sh -c '[ "$(psql -XAtqc "SELECT count(*) > 50 FROM ledger")" = t ]'
run sh -c 'pgdumpz -j 3 "$PGDATABASE" >busy.gz'
status_is 0 'a busy database is dumped'
wait
empty_db
run restore busy.gz "$target"
status_is 0 'and restored'
is "$(sql_in "$target" 'SELECT sum(balance) FROM account')" 10000000 \
	'no money is lost'
is "$(sql_in "$target" 'SELECT count(*) FROM account a WHERE balance <> 100 +
	coalesce((SELECT sum(amount) FROM ledger l WHERE l.account = a.id), 0)
	AND id IN (SELECT account FROM ledger)')" 0 \
	'and every account agrees with its ledger'
ok 'the sequence is not behind' test "$(sql_in "$target" \
	'SELECT (SELECT max(id) FROM ledger) <= last_value
	FROM ledger_id_seq')" = t
no_children_left
no_temp_left
done_testing
