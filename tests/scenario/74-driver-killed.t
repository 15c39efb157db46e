#!/bin/sh
# unsanitized
# backup-db.sh: killed, stopped, late, two at once, and on a full disk; nothing
# stays but what is whole, and the next night is a good one.
. "${0%/*}/../lib.sh"
. "$tests/driver.sh"
use_driver

# Holds the table so that a dump waits for it.
hold() {
	env -u PGDUMPZ_TEST_TAG psql -XAtq -d "$db" -c "BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
		SELECT pg_sleep(600)" >hold.out 2>&1 &
	holder=$!
	wait_for is_held || diag "$(cat hold.out)"
}
is_held() {
	[ "$(sql "SELECT count(*) FROM pg_locks WHERE relation = 't'::regclass
		AND mode = 'AccessExclusiveLock' AND granted")" = 1 ]
}
let_go() {
	sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE '%pg_sleep(600)%'
		AND pid <> pg_backend_pid()" >/dev/null
	wait "$holder" 2>/dev/null
}
begin() { # begin COMMAND...: until a dump has begun
	: >"$err"
	"$@" </dev/null >"$out" 2>"$err" &
	pid=$!
	wait_for grep -q event=dump.start "$err"
}
start() {
	begin backup-db.sh -c "$T/conf"
	wait_for has_begun
}
has_begun() {
	ls "$T/backups"/*.partial
}

# --- two at once

hold
start
backup
status_is 6 'a second run'
is "$(files | grep -c 'gz$')" 0 'makes nothing'
let_go
wait $pid
is $? 0 'the first one goes on'
is "$(objects)" "$(files)" 'to its end'
no_work_left
good=$(files)

# --- signals

for signal in TERM INT HUP; do
	hold
	if [ $signal = INT ]; then # the background of a shell does not hear it
		begin python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
os.execvp(sys.argv[1], sys.argv[1:])' backup-db.sh -c "$T/conf"
	else
		start
	fi
	kill -$signal $pid
	wait $pid
	is $? 1 "$signal stops it: no backup"
	log_like 'event=run.stopped .*reason="stopped by SIG' 'the log tells'
	log_like 'event=run.end exit=1' 'it ends in order'
	no_work_left
	let_go
	no_backends_left "$db"
	is "$(files)" "$good" 'nothing was made'
	is "$(objects)" "$good" 'nor there'
done
mkdir early
cp "$bin"/*.sh early/
for tool in "$bin"/*; do
	[ -e "early/${tool##*/}" ] || ln -s "$tool" early/
done
rm early/auditlog
cat >early/auditlog <<-E
	#!/bin/sh
	case "\$*" in 'event run.start '*) kill -TERM \$PPID ;; esac
	exec "$bin/auditlog" "\$@"
	E
chmod +x early/auditlog
run early/backup-db.sh -c "$T/conf" </dev/null
status_is 1 'a stop before there is anything'
log_like 'event=run.stopped ' 'the log tells'
log_like 'event=run.end exit=1' 'it ends in order'
no_work_left
hold
backup -o MAX_RUNTIME=2s
status_is 1 'MAX_RUNTIME is over'
err_like "withconf: stopped .*: it ran for more than 2 s" 'is told'
log_like 'event=run.stopped' 'in the log too'
no_work_left
let_go
no_backends_left "$db"
is "$(files)$(objects)" "$good$good" 'nothing was made'
conf S3_BUCKET= BACKUP_DIR="$T/late" 'HOOK_POST=touch hooked; sleep 60'
mkdir late
begin backup-db.sh -c "$T/conf"
wait_for test -e hooked
kill -TERM $pid
wait $pid
is $? 5 'HOOK_POST is stopped'
log_like 'event=hook.failed' 'the log tells'
log_like 'event=run.end exit=5' 'to the end'
is "$(grep -c '"exit":5' log.runs.jsonl)" 1 'and the record, too'
no_work_left
conf

# --- what hangs, after a stop

mkdir hanging
cat >hanging/sendmail <<-E
	#!/bin/sh
	echo asked >"$T/asked"
	exec sleep 60
	E
chmod +x hanging/sendmail
conf ALERT_EMAIL=ops@mail.test 'HOOK_POST=cp asked saw; exec sleep 60'
hold
tools=$PATH PATH=$T/hanging:$PATH
start
PATH=$tools
kill -TERM $pid
wait_for test -e asked
kill -TERM $pid
wait $pid
is $? 1 'a stop, a mail and a hook that hang'
log_like "event=mail.failed .*reason=\"'alertmail' did not end within" \
	'the mail is given up'
log_like "event=hook.failed .*reason=\"'sh' did not end within" 'and the hook'
is "$(cat saw)" asked 'which came after it'
log_like 'event=run.end exit=1 .*record=[0-9a-f]{64}$' 'the record is there'
unlike "$(cat "$err")" Killed 'the shell does not speak in between'
no_work_left
let_go
no_backends_left "$db"
conf

# --- kill -9

hold
start
all=$(tagged_processes)
for one in $all; do # it would tidy up when it saw the others end
	[ "$(cat "/proc/$one/comm")" != gzverify ] || kill -9 "$one"
done
# shellcheck disable=SC2086 # process ids
kill -9 $all 2>/dev/null
wait $pid 2>/dev/null
no_children_left
let_go
no_backends_left "$db"
is "$(files | grep -v '\.partial$')" "$good" 'no backup was made'
sleep 1
backup
status_is 0 'the next night is a good one'
no_temp_left
is "$(files | grep -c 'gz$')" 2 'here'
is "$(objects | wc -l)" 2 'and there'
is "$(files | grep -c '\.partial$')" 1 'a partial file is left'
run auditlog check log.runs.jsonl
status_is 0 'the chain of records holds'
touch -d '8 days ago' backups/*.partial
sleep 1
backup
is "$(files | grep -c '\.partial$')" 0 'for a week'
no_work_left

# --- a backup that is here, but not yet there

before=$(objects)
use_proxy
conf "AWS_ENDPOINT_URL=$AWS_ENDPOINT_URL" AWS_MAX_ATTEMPTS=1 RETRY_WAIT=60s \
	METRICS_FILE="$T/metrics"
faults 'PUT gz from:1 status 503'
begin backup-db.sh -c "$T/conf"
wait_for grep -q event=upload.retry "$err"
kill -TERM $pid
wait $pid
is $? 4 'a stop between two uploads'
log_like 'event=run.stopped ' 'the log tells'
log_like 'event=run.end exit=4 verdict=not-uploaded' 'what there is'
like "$(cat metrics)" "pgdumpz_backup_ok\{db=\"$db\"\} 1\$" 'so do the metrics'
no_work_left
no_backends_left "$db"
isnt "$(files)" "$before" 'the backup is here'
is "$(objects)" "$before" 'not there'
# A withconf that sleeps sees only later that the time is over.
sleep 1
begin withconf -c "$T/conf" -o MAX_RUNTIME=10s \
	sh -c 'kill -STOP $PPID; exec sh "$0"' "$bin/backup-db.sh"
wait_for grep -q event=upload.retry "$err"
kill -CONT $pid
wait $pid
is $? 4 'the end of MAX_RUNTIME between two uploads'
err_like 'withconf: stopped .*: it ran for more than 10 s' 'is told'
log_like 'event=run.end exit=4 verdict=not-uploaded' 'with the same verdict'
no_work_left
faults
backup
status_is 0 'the next night is a good one'
is "$(objects)" "$(files)" 'and brings it there'

# --- a stop between deletions and their lines in the log

ln -sf "$bin/auditlog" early/auditlog
rm early/s3prune
cat >early/s3prune <<-E
	#!/bin/sh
	[ "\$1" != --version ] || exec "$bin/s3prune" --version
	printf 'keep\tone\tnew\ndelete\ttwo\told\n'
	kill -TERM \$PPID
	exit 4
	E
chmod +x early/s3prune
run early/backup-db.sh -c "$T/conf" </dev/null
status_is 5 'a stop in the retention'
log_like "event=retention.delete db=$db place=remote name=two reason=old\$" \
	'what is gone by then is in the log'
log_unlike 'name=one' 'and only that'
no_work_left

# --- a full disk

sql 'CREATE TABLE big AS SELECT sha512(n::text::bytea) AS s
	FROM generate_series(1, 40000) AS n'
mkdir small
if mount -t tmpfs -o size=1m none small 2>/dev/null; then
	trap 'cd /; umount "$T/small"; rm -rf "$T"' EXIT
	before=$(objects)
	conf BACKUP_DIR="$T/small"
	backup
	status_is 1 'the disk is full in the middle'
	log_like 'event=dump.failed .*No space left' 'the reason is told'
	is "$(ls -A small)" '' 'nothing is left on it'
	is "$(objects)" "$before" 'and nothing was uploaded'
	head -c 900000 /dev/urandom >"small/${db}_20200101_000000.sql.gz"
	backup
	status_is 3 'the disk is known to be too small'
	log_like 'event=disk.full .*reason=.*KiB.*hint=' 'with a hint'
	is "$(ls -A small)" "${db}_20200101_000000.sql.gz" 'nothing was tried'
	no_work_left
else
	skip 'only root can make a small disk' 8
fi
done_testing
