#!/bin/sh
# slow
# restore-db.bat --drill: evidence when a backup restores, an alarm when it does
# not, and never anything left behind.
. "${0%/*}/../lib.sh"
. "$tests/driver.sh"
. "$tests/drill.sh"
. "$tests/windows/lib.sh"
. "$tests/windows/restore.sh"
use_wine
use_clients
PGDUMPZ_TEST_PG=''	# all databases of the server are looked at
use_driver
use_mail
sql 'CREATE INDEX ON t (n)'
sql_in postgres 'CREATE DATABASE "an odd/one é"'
sql_in 'an odd/one é' 'CREATE TABLE u (n int)'
conf "DB_NAME=$db, an odd/one é"
backup -q
status_is 0 'a night'
rm -f backups/*	# of no use to a drill

before=$(databases)
nothing_is_left() {
	is "$(databases)" "$before" 'no database is left'
	is "$(files)" '' 'no file'
	no_driver_left
}

# --- what an auditor wants to see

windows_conf "$alert" "$smtp" "DB_NAME=$db, an odd/one é"
restore_there --drill -q
status_is 0 'a drill of two databases'
err_is '' 'is silent'
is "$(ls "$MAIL_BOX")" '' 'no mail'
nothing_is_left
proves 'an odd/one é'

# --- damage

windows_conf "$alert" "$smtp"
object=$(objects | grep "^$db")
s3 get "$bucket" "night/$object" >whole
cp whole bad
printf X | dd of=bad bs=1 seek=4500 conv=notrunc status=none
s3 put "$bucket" "night/$object" bad
restore_there --drill
damaged 1 'cannot trust|its seal does not' 'a changed byte'
head -c 4000 whole >bad
s3 put "$bucket" "night/$object" bad
restore_there --drill
damaged 1 'cannot trust|its seal does not' 'a cut object'
s3 put "$bucket" "night/$object" whole
restore_there --drill -o DB_NAME=other
damaged 1 'there is no backup in S3_BUCKET' 'no backup of that name'
restore_there --drill -o AWS_ENDPOINT_URL=http://127.0.0.1:9 -o AWS_MAX_ATTEMPTS=1
damaged 4 'cannot|refused|connect' 'S3 is down'
old=${db}_20250102_030405.sql.gz
s3 put "$bucket" "night/$old" whole
s3 rm "$bucket" "night/$object"
restore_there --drill
status_is 1 'a backup that is too old'
like "$(the_mail)" 'backup.stale' 'is an alarm'
is "$(of_record verdict) $(of_record exit) $(of_record rows)" 'stale 1 1000' \
	'though it restores'
restore_there --drill "$old" -q
status_is 0 'it may be asked for by its name'
for wrong in '-d x' '--globals' '--local'; do
	# shellcheck disable=SC2086 # words
	restore_there --drill $wrong
	status_is 2 "--drill takes no $wrong"
done

# --- stopped

# A restore that waits for long, and only there.
sql "CREATE FUNCTION slow(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS \$\$
	BEGIN
		IF current_database() ~ '^pgrestorez' THEN PERFORM pg_catalog.pg_sleep(300); END IF;
		RETURN n;
	END \$\$; CREATE TABLE s AS SELECT 1 AS n; CREATE INDEX ON s (slow(n))"
pgdumpz "$db" >slow.sql.gz
slow=${db}_20250103_030405.sql.gz
s3 put "$bucket" "night/$slow" slow.sql.gz
restore_there --drill "$slow" -o MAX_RUNTIME=75s
status_is 1 'the end of MAX_RUNTIME'
like "$(the_mail)" 'stopped' 'is told by mail'
is "$(of_record verdict) $(of_record exit) $(of_record backup)" \
	"failed 1 $remote/$slow" 'it is on record'
like "$(of_record reason)" 'stopped' 'and why'
# what was ended could not drop its database
sql_in postgres "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
	WHERE datname ~ '^pgrestorez'" >ended
restore_there --drill "$old"
status_is 0 'the next drill'
log_like 'event=drill.warning .*text="dropped the database' 'drops what was left'
run auditlog check log.restores.jsonl
status_is 0 'the chain holds to the end'
nothing_is_left
done_testing
