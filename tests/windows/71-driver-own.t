#!/bin/sh
# backup-db.bat: what it has of its own, from a directory with blanks and letters.
. "${0%/*}/../lib.sh"
. "$tests/windows/lib.sh"
. "$tests/windows/standin.sh"
use_wine
use_standins
fresh

# --- options

there() { # there LINE...: a configuration for Windows
	prepare windows "$(win "$T/windows")" "$@"
}
there DB_NAME=app BACKUP_DIR=@/backups
backup_bat --help
status_is 0 '--help'
out_like '^usage: backup-db.bat' 'tells'
backup_bat --version
out_is "$(printf 'backup-db %s\r' "$STANDIN_VERSION")" '--version'
backup_bat --nonsense
status_is 2 'an option that is not there'
err_like "hint: see 'backup-db --help'" 'is refused'
backup_bat --check -q -o 'DB_NAME=a & b'
status_is 0 '--check, with a name that cmd.exe would run'
like "$(cat windows/calls)" '^pgdumpz PGDATABASE=a & b \[--check\]$' 'is only a name'
unlike "$(cat windows/calls)" '^gzverify .*--json' 'nothing is dumped'
err_is '' '--quiet'

# --- log files

there DB_NAME=app BACKUP_DIR=@/backups RETENTION_DAYS=9
for old in app-backup_20200101_000000 app-backup_99990101_000000 crm-backup_20200101_000000; do
	: >"windows/backups/$old.log"
done
sed -i 's/$/\r/' windows/conf
backup_bat -q
status_is 0 'CRLF, and no LOG_FILE'
find windows/backups -name '*.log' | sed 's,.*/,,' | sort >logs
like "$(tr '\n' ' ' <logs)" \
	'^app-backup_2[0-9]{7}_[0-9]{6}.log app-backup_9[0-9_]*.log crm-[^ ]* $' \
	'a log of this run; an old one is gone'
log=windows/backups/$(head -n 1 logs)
like "$(cat "$log")" ' event=run.end exit=0 verdict=ok ' 'it tells of the run'
is "$(ls windows/backups/backup.runs.jsonl)" windows/backups/backup.runs.jsonl \
	'the record of runs is one file'

# --- another run, and a run that is stopped

there DB_NAME=app BACKUP_DIR=@/backups LOG_FILE=@/log MAX_RUNTIME=60s \
	'HOOK_PRE=set /p x=' ALERT_EMAIL=a@example.org
mkfifo never
exec 3<>never
STANDIN_DIR=$(win "$T/windows") WINETEMP=$(win "$T/windows/tmp") "$WINE" \
	"$(win "$windows_tools/backup-db.bat")" -q -o MAX_RUNTIME=25s \
	-c "$(win "$T/windows/conf")" <never >"$T/first" 2>&1 &
first=$!
wait_for grep -q 'event=run.start' windows/log
backup_bat -q
status_is 6 'a second run at once'
err_like 'another run holds the lock' 'says why'
wait $first
is $? 1 'MAX_RUNTIME is over: exit status 1'
like "$(tail -n 3 windows/log)" 'level=error .*event=run.stopped reason=' 'which is told'
like "$(cat windows/calls)" '^alertmail \[-s\] \[backup on .*: a backup was not made\] \[a@example.org\]$' \
	'and mailed'
is "$(find windows/tmp -name 'backup-db.*')" '' 'no directory is left'
is "$(find windows/backups -name '*.gz*')" '' 'and no file'
no_children_left
answer s3put 0 '4 cannot reach it'
there DB_NAME=app BACKUP_DIR=@/backups LOG_FILE=@/log S3_BUCKET=s3://bucket/night \
	RETRY_WAIT=60s METRICS_FILE=@/metrics MAX_RUNTIME=60s
backup_bat -q
status_is 4 'a stop between two uploads: the backup is here'
like "$(tail -n 3 windows/log)" 'level=error .*event=run.stopped reason=' 'which is told'
like "$(cat windows/metrics)" 'pgdumpz_backup_ok\{db="app"\} 1' 'the metrics know it'
like "$(cat windows/log)" 'event=run.end exit=4 verdict=not-uploaded' 'and the verdict'
no_children_left
done_testing
