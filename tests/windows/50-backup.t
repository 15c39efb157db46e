#!/bin/sh
# slow
# backup-db.bat with real servers: a good night, and nights that are not.
. "${0%/*}/../lib.sh"
. "$tests/driver.sh"
. "$tests/windows/lib.sh"
use_wine
use_clients
use_driver
backups=$(win "$T/backups")

# there LINE...: a configuration as an editor of Windows makes it
there() {
	conf "$@" "BACKUP_DIR=$backups"
	sed -e '/^LOG_FILE=/d' -e 's/$/\r/' conf >windows.conf
	printf 'LOG_FILE=%s\r\n' "$(win "$T/log")" >>windows.conf
	chmod 600 windows.conf
}

# cmd.exe of Wine leaves its files of pipes, so that has a place of its own.
bat() {
	mkdir -p there
	AWS_CA_BUNDLE=$(win "$AWS_CA_BUNDLE") WINETEMP=$(win "$T/there") \
		WINETMP=$(win "$T/there") "$WINE" \
		"$(win "$WINDOWS_BIN/backup-db.bat")" -c "$(win "$T/windows.conf")" \
		"$@" </dev/null
}
night() {
	run bat -q
}

nothing_of_the_run() {
	no_work_left
	# shellcheck disable=SC2010 # names are cmd.exe's or the driver's
	is "$(ls there | grep -v '^CMD.*\.tmp$')" '' 'nor a file of the run'
}

# --- a good night

there RETENTION_DAYS=30 MAX_LOCAL_BACKUPS=3
old=${db}_$(date -u -d '40 days ago' +%Y%m%d_%H%M%S).sql.gz
pgdumpz "$db" >sealed
for ago in 1 2 3; do
	name=${db}_$(date -u -d "$ago days ago" +%Y%m%d_%H%M%S).sql.gz
	cp sealed "backups/$name"
	s3 put "$bucket" "night/$name" sealed
done
s3 put "$bucket" "night/$old" sealed
night
status_is 0 'a night'
err_is '' 'without a word'
new=$(files | grep "^${db}_" | tail -n 1)
ok 'the new file is whole' gzverify "backups/$new"
s3 get "$bucket" "night/$new" >back
same_file back "backups/$new" 'the object is the file'
is "$(files | grep -c "^${db}_")" 3 'retention here'
is "$(objects | grep -c "^${db}_")" 4 'and there'
is "$(objects | grep -c "$old")" 0 'what is too old is gone'
log_like ' event=run.end exit=0 verdict=ok ' 'the log tells of it'
log_like "event=dump.done db=$db .* rows=1000 seal=[0-9a-f]{64} " 'with rows and seal'
log_unlike "$PGPASSWORD|$AWS_SECRET_ACCESS_KEY" 'and without secrets'
run auditlog check log.runs.jsonl
status_is 0 'the chain of records holds'
sql_in postgres "CREATE DATABASE \"${db}_back\""
gunzip -c "backups/$new" | psql -Xq -v ON_ERROR_STOP=1 -d "${db}_back" >/dev/null
is "$(sql_in "${db}_back" 'SELECT count(*) FROM t')" 1000 'it restores here'
nothing_of_the_run
before=$(files) stored=$(objects)

# --- what fails

unchanged() {
	is "$(files)" "$before" "$1: no file has come or gone"
	is "$(objects)" "$stored" "$1: nor an object"
	nothing_of_the_run
}
there DB_PASSWORD=wrong "DB_HOST=$PGHOST" "DB_PORT=$PGPORT" "DB_USER=$PGUSER"
night
status_is 3 'a wrong password'
err_like 'event=database.unreachable .*password' 'the reason is told'
unchanged 'a wrong password'
there NO_SUCH_KEY=1
night
status_is 2 'an unknown key'
unchanged 'an unknown key'
sql 'CREATE TABLE hidden AS SELECT 1 AS n; REVOKE ALL ON hidden FROM PUBLIC;
	GRANT SELECT ON t TO tester'
there "DB_PASSWORD=$PG_TESTER_PASSWORD" "DB_HOST=$PGHOST" "DB_PORT=$PGPORT" DB_USER=tester
night
status_is 1 'a table that may not be read'
err_like 'event=dump.failed .*hidden' 'is named'
unchanged 'a dump that fails'

there S3_BUCKET=s3://no-such-bucket/night
night
status_is 4 'no bucket: a backup here only'
is "$(files | grep -vxcF "$before")" 1 'there is one more file'
err_like 'event=bucket.unusable ' 'which is told'
nothing_of_the_run

# --- two at once

# hold: a table is locked, so that a dump waits, until release
mkfifo lock
hold() {
	psql -Xq -d "$db" <lock >/dev/null 2>&1 &
	holder=$!
	exec 8>lock
	echo 'BEGIN; LOCK TABLE hidden;' >&8
}
release() {
	echo 'ROLLBACK;' >&8
	exec 8>&-
	wait $holder
}
# begin: a run that has come to its dump, as $first
begin() {
	: >log
	bat -q 8>&- >first 2>&1 &
	first=$!
	wait_for grep -q 'event=dump.start' log
}
there
hold
begin
night 8>&-
status_is 6 'a second run at once'
err_like 'another run' 'which is told'
release
wait $first
is $? 0 'the first one goes on'
nothing_of_the_run
done_testing
