#!/bin/sh
# backup-db.sh and backup-db.bat: the same configuration makes the same calls of
# tools, the same events, the same record and exit status.  The tools are
# stand-ins, but for withconf, auditlog and step: see standin.c.
. "${0%/*}/../lib.sh"
. "$tests/windows/lib.sh"
. "$tests/windows/standin.sh"
use_wine
use_standins

# both STATUS WHAT LINE...: both drivers with that configuration, and $option
option=-q
both() {
	wanted=$1 what=$2
	shift 2
	prepare unix "$T/unix" "$@" LOG_FILE=@/log
	prepare windows "$(win "$T/windows")" "$@" LOG_FILE=@/log
	STANDIN_DIR=$T/unix TMPDIR=$T/unix/tmp \
		run unix.tools/backup-db.sh "$option" -c "$T/unix/conf" </dev/null
	status_is "$wanted" "$what: exit status here"
	backup_bat "$option"
	status_is "$wanted" "$what: and there"
	the_same "$what: the same calls" calls
	the_same "$what: the same events" log
	[ $option = --check ] ||
		the_same "$what: the same record" log.runs.jsonl
	is "$(find unix/tmp windows/tmp -name 'backup-db*')" '' \
		"$what: no temporary file is left"
}

# --- good nights

fresh
both 0 'the least' DB_NAME=app BACKUP_DIR=@/backups
like "$(cat windows/calls)" '^gzverify \[--json\] \[--list\] \[-o\] \[Z:.*app_' \
	'calls have been noted'
like "$(cat windows/log)" ' event=dump.done db=app .*bytes=5 rows=43 seal=5ea1 ' \
	'and what was learnt'

fresh
both 0 'a bucket only' 'DB_NAME=app, sp ace' S3_BUCKET=bucket/night/
like "$(cat windows/calls)" '^s3put \[s3://bucket/night/app_' 'it is a pipe'

fresh
echo 'delete	app_20240101_020000.sql.gz	old' >answers/s3prune.out
answer gzverify '0 warning: it is slow'
both 0 'all options' DB_NAME=app BACKUP_DIR=@/backups S3_BUCKET=s3://bucket \
	JOBS=3 LEVEL=4 'PG_BIN=@/Program Files' 'ENCRYPT_CMD=age -r "age1 & x" %A%' \
	STORAGE_CLASS=STANDARD_IA SSE=aws:kms KMS_KEY=key BACKUP_NAME=a%20b \
	RETENTION_DAYS=9 MAX_LOCAL_BACKUPS=2 KEEP_DAILY=1 KEEP_WEEKLY=2 KEEP_MONTHLY=3 \
	KEEP_YEARLY=4 ALERT_EMAIL=a@example.org,b@example.org \
	SMTP_URL=smtp://u:p%26@example.org HEALTHCHECK_URL=http://127.0.0.1/x \
	METRICS_FILE=@/m.prom 'HOOK_PRE=exit 0' 'HOOK_POST=exit 0'
like "$(cat windows/calls)" '\[--filter=age -r "age1 & x" %A%\]' \
	'a command is handed on as it is'
the_same 'the same metrics' m.prom

fresh
earlier app_20260101_020000.sql.gz
earlier 'a%26b_20260101_020000.sql.gz.gpg'
both 0 'odd names, the roles, files of a night before' \
	'DB_NAME=app, a&b, %PATH%^"|<!>( level=x' GLOBALS=yes \
	BACKUP_DIR=@/backups S3_BUCKET=s3://bucket/night
like "$(cat windows/calls)" '^pgdumpz PGDATABASE=%PATH%\^"\|<!>\( level=x$' 'a name is only a name'
like "$(cat windows/calls)" '^s3put .*/app_20260101_020000.sql.gz\]$' \
	'what the bucket lacked is uploaded'

fresh
earlier app_20260101_020000.sql.gz
earlier app_20260102_020000.sql.gz.gpg
earlier globals_20260101_020000.sql.gz
both 0 'an encryption that is new' DB_NAME=app GLOBALS=yes \
	BACKUP_DIR=@/backups S3_BUCKET=s3://bucket 'ENCRYPT_CMD=age -r age1'
is "$(grep -c 'event=upload.skipped' windows/log)" 2 'keeps what is plain here'
unlike "$(cat windows/calls)" '^s3put .*\.gz\]$' 'all of it'

# --- bad ones

fresh
answer s3put 0 '4 cannot reach it' '4 cannot reach it' 0
both 0 'an upload that is tried again' DB_NAME=app BACKUP_DIR=@/backups \
	S3_BUCKET=s3://bucket RETRY_WAIT=1s
is "$(grep -c 'event=upload.retry' windows/log)" 2 'twice'

fresh
answer s3put '0' '4 cannot reach it'
both 4 'an upload that fails' 'DB_NAME=app,crm' BACKUP_DIR=@/backups \
	S3_BUCKET=s3://bucket RETRIES=1 RETRY_WAIT=0 ALERT_EMAIL=a@example.org

fresh
answer gzverify '1 cannot trust what came' 0
answer alertmail 0 '4 cannot mail'
both 1 'a dump that fails' 'DB_NAME=app,crm' BACKUP_DIR=@/backups \
	ALERT_EMAIL=a@example.org HEALTHCHECK_URL=http://127.0.0.1/x
is "$(grep -c 'event=dump.failed' windows/log)" 1 'one of two'

fresh
answer pgdumpz '3 cannot connect'
both 3 'no database' DB_NAME=app BACKUP_DIR=@/backups METRICS_FILE=@/m.prom
answer pgdumpz 0
both 3 'no directory' DB_NAME=app BACKUP_DIR=@/nonesuch
both 2 'a wrong name' DB_NAME=app BACKUP_DIR=@/backups BACKUP_NAME=100%

# --- looked at only

option=--check
fresh
both 5 'a second hook that fails' DB_NAME=app BACKUP_DIR=@/backups \
	'HOOK_PRE=exit 0' 'HOOK_POST=exit 1'
both 3 'a first one' DB_NAME=app BACKUP_DIR=@/backups 'HOOK_PRE=exit 1' \
	'HOOK_POST=exit 1'
is "$(grep -c event=hook.failed windows/log)" 2 'the second comes all the same'
both 0 'no first one' DB_NAME=app BACKUP_DIR=@/backups 'HOOK_POST=exit 1'
no_children_left
no_temp_left
done_testing
