#!/bin/sh
# unsanitized
# backup-db.sh: every exit status, its hint, and nothing left behind.
. "${0%/*}/../lib.sh"
. "$tests/driver.sh"
use_driver
use_server mail ''
use_server web ''
alert="ALERT_EMAIL=ops@mail.test,dba@mail.test"
smtp="SMTP_URL=smtp://127.0.0.1:$MAIL_PORT"
dead=http://127.0.0.1:9

mail_came() {
	[ "$(grep -c ' => ' "$MAIL_LOG")" -ge 2 ]
}
# the_mail: the last failure's, decoded
the_mail() {
	wait_for mail_came
	cat "$MAIL_BOX"/* | python3 -c '
import email, email.policy, sys
m = email.message_from_bytes(sys.stdin.buffer.read().split(b"\nReturn-path: ")[0],
	policy=email.policy.default)
print("subject:", m["subject"])
print(m.get_content())'
	rm -f "$MAIL_BOX"/*
	: >"$MAIL_LOG"
}

backup_without_keys() {
	run env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY \
		backup-db.sh -c "$T/conf" </dev/null
}

# --- 2: the configuration

conf BACKUP_DIR= S3_BUCKET=
backup
status_is 2 'nowhere to put a backup'
err_like 'neither BACKUP_DIR nor S3_BUCKET.*hint=' 'with a hint'
conf NONSENSE=1
backup
status_is 2 'an unknown key'
conf BACKUP_NAME=100% "$alert" "$smtp"
backup
status_is 2 'a name that is not percent-encoded'
err_like 'write %25' 'with a hint'
like "$(the_mail | tr '\n' ' ')" \
	'^subject: backup on .*: the configuration is wrong.* hint=write %25' \
	'both are mailed'
is "$(grep -c '"exit":2,' log.runs.jsonl)" 2 'and both runs are on record'
backup --check
status_is 2 'the same with --check'
conf DB_NAME=globals
backup
status_is 2 "a database called 'globals'"
conf DB_NAME=globals BACKUP_NAME=other GLOBALS=yes
backup
status_is 2 'that, and the roles'
is "$(files)$(objects)" '' 'nothing was made'
no_work_left

# --- 3: it could not begin

preflight_fails() { # preflight_fails EVENT WHAT
	status_is 3 "$2"
	log_like "level=error .*event=$1 .*reason=.*hint=" 'with reason and hint'
	is "$(objects)" '' 'nothing was stored'
	no_work_left
}
conf DB_NAME=nonesuch "$alert" "$smtp" \
	"HEALTHCHECK_URL=http://127.0.0.1:$WEB_PORT/check"
backup
preflight_fails database.none 'no database can be reached'
the_mail >mail
like "$(cat mail)" '^subject: backup on .*: nothing could be backed up' 'a mail comes'
like "$(cat mail)" 'nonesuch.*does not exist' 'with the reason'
like "$(cat mail)" 'hint=.*DB_HOST' 'the hint'
like "$(cat mail)" 'event=run.start' 'and the log'
like "$(tail -n 1 "$WEB_DIR/requests")" '/check/fail' 'the failure is pinged'
conf DB_NAME='none reason=a hint=b level=info'
backup
preflight_fails database.none 'a missing one, whose name looks like pairs'
log_like 'unreachable db="none .*" hint=".*DB_HOST.*" reason=".*does not exist' \
	'has its reason and hint all the same'
conf BACKUP_DIR="$T/nonesuch"
backup
preflight_fails disk.missing 'there is no BACKUP_DIR'
no_file "$T/nonesuch"
conf PG_BIN=/nonesuch
backup
preflight_fails database.none 'there is no pg_dump'
log_like 'database.unreachable .*pg_dump.*PG_BIN' 'which is told'
conf HOOK_PRE='exit 1'
backup
status_is 3 'HOOK_PRE fails'
conf
for missing in od awk timeout; do
	mkdir no
	printf '#!/bin/sh\nexit 127\n' >no/$missing
	chmod +x no/$missing
	run env PATH="$T/no:$PATH" backup-db.sh -c "$T/conf" </dev/null
	rm -r no
	preflight_fails tool.missing "there is no $missing"
done
conf "$alert" "$smtp"
run env TMPDIR=/nonesuch backup-db.sh -c "$T/conf" </dev/null
preflight_fails temp.failed 'TMPDIR is missing'
like "$(the_mail)" 'No such file or directory' 'which is mailed'
no_file "$(last_log | sed -n 's/.* instead=\([^ ]*\) .*/\1/p')"
mkdir no
printf '#!/bin/sh\necho "mktemp: no room" >&2\nexit 1\n' >no/mktemp
chmod +x no/mktemp
run env PATH="$T/no:$PATH" backup-db.sh -c "$T/conf" </dev/null
rm -r no
status_is 3 'no place for temporary files at all'
like "$(tail -n 1 log)" \
	'level=error .*event=temp.failed reason="no room" hint=".*TMPDIR"$' \
	'is in the log'
like "$(the_mail | tr '\n' ' ')" \
	'^subject: backup on .*: nothing could be backed up *no room' 'and mailed'
conf BACKUP_DIR= "AWS_ENDPOINT_URL=$dead" AWS_MAX_ATTEMPTS=1
backup
preflight_fails bucket.unusable 'no bucket, and no BACKUP_DIR'
conf BACKUP_DIR= S3_BUCKET=s3://nonesuch-bucket
backup
preflight_fails bucket.unusable 'a bucket that is missing'
conf BACKUP_DIR=
backup_without_keys
preflight_fails bucket.unusable 'no credentials, and no BACKUP_DIR'
conf BACKUP_DIR="$T/nonesuch"
backup --check
status_is 3 '--check fails as the night would'
hooks='HOOK_PRE=echo pre >>hooks'
conf "$hooks" 'HOOK_POST=echo "$VERDICT $EXIT_STATUS" >>hooks'
backup --check
status_is 0 '--check with hooks'
is "$(cat hooks)" "$(printf 'pre\nchecked 0')" 'runs both'
rm hooks
backup --check -o BACKUP_DIR="$T/nonesuch"
status_is 3 'and when it fails'
is "$(cat hooks)" "$(printf 'pre\nnot-started 3')" 'the second ends what the first began'
rm hooks
backup --check -o HOOK_PRE=
status_is 0 'without a first one'
backup --check -o BACKUP_NAME=100%
status_is 2 'or before it'
no_file hooks
backup --check -o HOOK_POST=false
status_is 5 'the second one fails'
log_like 'event=hook.failed .*hook=post' 'which is told'
rm hooks
if setpriv --help >/dev/null 2>&1 && [ "$(id -u)" != 0 ]; then
	mkdir locked
	chmod 500 locked
	conf BACKUP_DIR="$T/locked"
	backup
	preflight_fails disk.denied 'BACKUP_DIR is not ours'
fi
is "$(files)" '' 'no file was made in all that'

# --- 1: a database has no good backup

conf "DB_NAME=nonesuch, $db" "$alert" "$smtp" METRICS_FILE="$T/m.prom"
backup
status_is 1 'one database of two is missing'
is "$(files | grep -c "^${db}_")" 1 'the other one is backed up'
is "$(objects)" "$(files)" 'and uploaded'
log_like 'event=database.unreachable db=nonesuch' 'the log tells'
like "$(cat m.prom)" '^pgdumpz_backup_ok\{db="nonesuch"\} 0' 'and the metrics'
like "$(cat m.prom)" "^pgdumpz_backup_ok\{db=\"$db\"\} 1" 'of each'
like "$(the_mail)" '^subject: .*a backup was not made' 'a mail comes'
before=$(files)
mkdir broken
cat >broken/pgdumpz <<-B
	#!/bin/sh
	[ "\$1" != --version ] || exec "$bin/pgdumpz" --version
	"$bin/pgdumpz" "\$@" | head -c 3000
	B
chmod +x broken/pgdumpz
cp "$bin"/*.sh broken/
for tool in withconf gzverify s3put s3ls s3prune keeplocal auditlog alertmail pingurl; do
	ln -s "$bin/$tool" broken/
done
conf
run broken/backup-db.sh -c "$T/conf"
status_is 1 'a dump that breaks off'
log_like 'event=dump.failed .*reason="gzverify: cannot trust' 'is told'
is "$(files)" "$before" 'leaves no file'
is "$(objects)" "$before" 'and no object'
no_work_left
conf BACKUP_DIR=
run broken/backup-db.sh -c "$T/conf"
status_is 1 'streamed only'
log_like 'event=dump.failed .*reason=' 'is told'
is "$(objects)" "$before" 'leaves no object'
no_work_left
conf 'ENCRYPT_CMD=false'
backup
status_is 1 'an encryption that fails'
is "$(files)" "$before" 'leaves no file'
no_work_left

# --- 4: not uploaded

conf "AWS_ENDPOINT_URL=$dead" AWS_MAX_ATTEMPTS=1 RETRIES=2 "$alert" "$smtp"
backup
status_is 4 'S3 is away'
is "$(files | wc -l)" 2 'the backup is here'
ok 'and whole' gzverify "$T/backups/$(files | tail -n 1)"
is "$(last_log | grep -c 'event=upload.retry')" 2 'it was tried again'
log_like 'event=upload.failed .*reason=' 'the log tells'
log_unlike 'event=retention.delete' 'nothing is deleted'
like "$(the_mail)" '^subject: .*backups were made, but not all uploaded' 'a mail comes'
rm -f backups/*
conf RETRIES=0 "$alert" "$smtp"
backup_without_keys
status_is 4 'credentials are gone'
ok 'a whole backup is here' gzverify "$T/backups/$(files)"
like "$(the_mail)" 'cannot find credentials' 'a mail comes'
rm -f backups/*

# --- 5: safe, but

backup_is_safe() { # backup_is_safe EVENT WHAT
	status_is 5 "$2"
	log_like "level=error .*event=$1 .*reason=" 'the log tells'
	log_like 'event=upload.done' 'the backup is safe'
}
conf METRICS_FILE=/nonesuch/m.prom
backup
backup_is_safe metrics.failed 'metrics that cannot be written'
conf HOOK_POST='echo sorry >&2; exit 1' "$alert" "$smtp"
backup
backup_is_safe hook.failed 'HOOK_POST fails'
like "$(the_mail)" 'reason=sorry' 'is told by mail'
conf "HEALTHCHECK_URL=http://127.0.0.1:9/x" "$alert" "$smtp"
backup
backup_is_safe ping.failed 'no ping'
like "$(the_mail)" '^subject: .*backups are safe' 'is told by mail'
conf "$alert" SMTP_URL=smtp://127.0.0.1:9
backup
backup_is_safe mail.unusable 'no way to mail'
echo nonsense >>log.runs.jsonl
conf
backup
backup_is_safe records.broken 'a broken chain of records'
rm log.runs.jsonl
conf
backup -o LOG_FILE=/nonesuch/log
status_is 5 'no log'
err_like 'event=upload.done' 'the backup is safe'

# --- 6: another run

conf
rm -f on
withconf -c conf sh -c 'touch on; exec sleep 600' &
holder=$!
wait_for test -e on
before=$(files)
backup
status_is 6 'another run is on'
err_like 'another run holds the lock' 'says why'
is "$(files)" "$before" 'nothing was made'
kill $holder
wait $holder
no_work_left
no_backends_left "$db"
done_testing
