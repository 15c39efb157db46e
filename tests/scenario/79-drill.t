#!/bin/sh
# unsanitized
# restore-db.sh --drill: evidence when a backup restores, an alarm when it does
# not, and never anything left behind.
. "${0%/*}/../lib.sh"
. "$tests/driver.sh"
. "$tests/drill.sh"
PGDUMPZ_TEST_PG=''	# all databases of the server are looked at
use_driver
use_proxy
use_mail
sql 'CREATE INDEX ON t (n)'
sql_in postgres 'CREATE DATABASE "an odd/one"'
sql_in 'an odd/one' 'CREATE TABLE u (n int)'
conf "$alert" "$smtp" "DB_NAME=$db, an odd/one"
backup -q
status_is 0 'a night'
rm -f backups/*	# of no use to a drill

databases() {
	sql_in postgres 'SELECT oid, datname FROM pg_database ORDER BY 1'
}
before=$(databases)
nothing_is_left() {
	is "$(databases)" "$before" 'no database is left'
	is "$(files)" '' 'no file'
	no_work_left
}

# --- what an auditor wants to see

restore --drill -q
status_is 0 'a drill of two databases'
err_is '' 'is silent'
is "$(ls "$MAIL_BOX")" '' 'no mail'
nothing_is_left
proves 'an odd/one'

# --- damage

conf "$alert" "$smtp"
object=$(objects | grep "^$db")
s3 get "$bucket" "night/$object" >whole
cp whole bad
printf X | dd of=bad bs=1 seek=4500 conv=notrunc status=none
s3 put "$bucket" "night/$object" bad
restore --drill
damaged 1 'cannot trust|its seal does not' 'a changed byte'
head -c 4000 whole >bad
s3 put "$bucket" "night/$object" bad
restore --drill
damaged 1 'cannot trust|its seal does not' 'a cut object'
echo nonsense >bad
s3 put "$bucket" "night/$object" bad
restore --drill
isnt "$status" 0 'what is no backup'
the_mail >mail
nothing_is_left
s3 put "$bucket" "night/$object" whole

# A server that loses a row behind the back of the restore.
mkdir lossy
for tool in /usr/lib/postgresql/"${version%%.*}"/bin/*; do
	ln -s "$tool" lossy/
done
real=$(readlink lossy/pg_restore)
rm lossy/pg_restore
cat >lossy/pg_restore <<-E
	#!/bin/sh
	scratch=\$(psql -XAtq -d postgres -c "SELECT datname FROM pg_database
		WHERE datname ~ '^pgrestorez_'")
	psql -XAtq -d "\$scratch" -c 'DELETE FROM t WHERE n = 7' || :
	exec "$real" "\$@"
	E
chmod +x lossy/pg_restore
restore --drill -o PG_BIN="$T/lossy"
damaged 1 'differs from the backup in 1 point' 'a row that is missing'
like "$(cat mail)" 'rows: 1000 in the backup, 999 in the database' 'the mail says which'
is "$(of_record differences)" 1 'the record counts'
log_like 'event=drill.warning .*text="table public.t: rows' 'and the log names it'

# --- nothing to drill

restore --drill -o DB_NAME=other
damaged 1 'there is no backup in S3_BUCKET' 'no backup of that name'
old=${db}_20250102_030405.sql.gz
s3 put "$bucket" "night/$old" whole
s3 rm "$bucket" "night/$object"
restore --drill
status_is 1 'a backup that is too old'
like "$(the_mail)" 'backup.stale' 'is an alarm'
is "$(of_record verdict) $(of_record exit) $(of_record rows)" 'stale 1 1000' \
	'though it restores'
restore --drill --max-age=100000d
status_is 0 '--max-age says what is too old'
restore --drill --before 2026-01-01 -q
status_is 0 'an older one may be asked for'
restore --drill "$old" -q
status_is 0 'or one by its name'
restore --drill -o AWS_ENDPOINT_URL=http://127.0.0.1:9 -o AWS_MAX_ATTEMPTS=1
damaged 4 'cannot|refused|connect' 'S3 is down'
faults 'GET sql.gz always status 503'
restore --drill "$remote/$old" -o AWS_MAX_ATTEMPTS=1
damaged 4 's3get: .*503' 'S3 fails in the middle'
faults
restore --drill "$old" -o DB_HOST=/nonesuch
damaged 3 'No such file' 'no server'
for wrong in '-d x' '--globals' '--local' '--no-verify' "$T/whole"; do
	# shellcheck disable=SC2086 # words
	restore --drill $wrong
	status_is 2 "--drill takes no $wrong"
done

# --- stopped

# A pg_restore that waits, so that the scratch database is there meanwhile.
cat >lossy/pg_restore <<-E
	#!/bin/sh
	case " \$* " in *' -d '* | *--dbname*)
		touch "$T/waits"
		sleep 600 ;;
	esac
	exec "$real" "\$@"
	E
s3 put "$bucket" "night/$object" whole
for signal in TERM HUP; do
	rm -f waits
	restore-db.sh -c conf --drill -o PG_BIN="$T/lossy" </dev/null >"$out" 2>"$err" &
	pid=$!
	wait_for test -e waits
	isnt "$(databases)" "$before" 'while it works there is a database'
	kill -$signal $pid
	wait $pid
	status=$?
	damaged 1 "stopped by SIG$signal" "SIG$signal"
done
rm -f waits
restore-db.sh -c conf --drill -o PG_BIN="$T/lossy" </dev/null >"$out" 2>"$err" &
pid=$!
wait_for test -e waits
# shellcheck disable=SC2046 # process ids
kill -9 $(tagged_processes)
wait $pid 2>/dev/null
no_children_left
isnt "$(databases)" "$before" 'SIGKILL leaves the scratch database'
restore --drill
status_is 0 'the next drill'
log_like 'event=drill.warning .*text="dropped the database' 'drops it'
nothing_is_left
run auditlog check log.restores.jsonl
status_is 0 'the chain holds to the end'

# --- secrets

role=drill_$$
secret="pa\$\$ 'word\" #1"
sql "CREATE ROLE $role SUPERUSER LOGIN PASSWORD '$(printf %s "$secret" | sed "s/'/''/g")'"
key=$AWS_ACCESS_KEY_ID secret_key=$AWS_SECRET_ACCESS_KEY
conf "DB_HOST=$PGHOST" "DB_PORT=$PGPORT" "DB_USER=$role" "DB_PASSWORD='$secret'" \
	"AWS_ACCESS_KEY_ID=$key" "AWS_SECRET_ACCESS_KEY=$secret_key"
watch() { # what this scenario has started, servers are none of that
	while [ ! -e seen.all ]; do
		for pid in $(tagged_processes); do
			cat "/proc/$pid/cmdline" 2>/dev/null
		done | tr '\0' '\n' >>seen.argv
		find "$TMPDIR" -type f -exec cat {} + >>seen.files 2>/dev/null
	done
}
watch &
watcher=$!
run env -u PGHOST -u PGPORT -u PGUSER -u PGPASSWORD -u AWS_ACCESS_KEY_ID \
	-u AWS_SECRET_ACCESS_KEY restore-db.sh -c conf --drill </dev/null
touch seen.all
wait $watcher
status_is 0 'a drill with a password'
ok 'argv has been watched' grep -qF pgrestorez seen.argv
for place in seen.argv seen.files log log.restores.jsonl err; do
	! grep -qaF -e "$secret" -e "$secret_key" "$place"
	result $? "no secret is in $place"
done
no_work_left
done_testing
