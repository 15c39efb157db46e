#!/bin/sh
# unsanitized
# restore-db.sh: what is listed comes back, from here and from S3, and nothing
# takes a database's place unasked.
. "${0%/*}/../lib.sh"
. "$tests/driver.sh"
PGDUMPZ_TEST_PG=''	# all databases and roles of the server are looked at
use_driver
role="r ' \" 1"
sql "CREATE ROLE \"r ' \"\" 1\" PASSWORD 'secret-of-r'"
sql "ALTER TABLE t OWNER TO \"r ' \"\" 1\"; CREATE INDEX ON t (n)"

count() { # count DB: its rows
	sql_in "$1" 'SELECT count(*) FROM t'
}
databases() {
	sql_in postgres "SELECT datname FROM pg_database
		WHERE datname !~ '^template|^postgres$' ORDER BY 1"
}
all_files() {
	find "$T" -path "$T/tmp" -prune -o -type f -print | grep -v '/ok.log$' | sort
}

# Two nights, the first one as of long ago.
conf GLOBALS=yes
backup -q
status_is 0 'a night'
good=$(objects | grep "^$db")
old=${db}_20250102_030405.sql.gz
mv "backups/$good" "backups/$old"
s3 put "$bucket" "night/$old" "backups/$old"
s3 rm "$bucket" "night/$good"
sql 'INSERT INTO t VALUES (0)'
backup -q
new=$(files | grep -v "^globals\|$old")
isnt "$new" '' 'and another'
before=$(databases)

# --- list

restore --list
status_is 0 '--list'
err_is '' 'has nothing to complain of'
out_like "^ *[0-9]+h [0-9]{2}m +$(stat -c %s "backups/$new")  local  $new\$" 'a copy here'
out_like "^ *[0-9]+d [0-9]{2}h +$(stat -c %s "backups/$old") remote  $old\$" 'one there'
out_like ' local  globals_' 'the roles'
is "$(sed -n "s/.* \(${db}_.*\)/\1/p" "$out" | tr '\n' ' ')" "$new $new $old $old " \
	'the newest come first'
is "$(awk -v name="$old" '$NF == name { d = substr($1, 1, length($1) - 1); print d; exit }' "$out")" \
	"$((($(date +%s) - $(date -d '2025-01-02 03:04:05Z' +%s)) / 86400))" 'age in days'
restore --list --local --name "$db"
is "$(wc -l <"$out")" 2 'only what is here, of one name'
restore --list --name nonesuch
out_is '' 'nothing of another name'

# --- the newest, an older one, a named one

log_start=$(wc -l <log)
restore -d copy
status_is 0 'the newest'
is "$(count copy)" 1001 'is whole'
is "$(sql_in copy 'SELECT count(*) FROM pg_indexes WHERE tablename = $$t$$')" 1 'with its index'
log_like "event=restore.done verdict=ok .*backup=$T/backups/$new .* into=copy .* tables=1 rows=1001 .*differences=0" \
	'it was compared'
restore -d copy2 --before '2025-01-02 03:05' --remote
is "$(count copy2)" 1000 '--before takes an older one'
log_like "event=restore.done .*backup=$remote/$old .*sha256=$(sha256sum <"backups/$old" | cut -d ' ' -f 1)" \
	'out of S3'
for place in "$old" "./backups/$old" "$remote/$old"; do
	sql_in postgres 'DROP DATABASE copy2'
	restore -q -d copy2 "$place"
	is "$status $(cat "$err") $(count copy2)" '0  1000' "a named one: $place"
done
sql_in postgres 'DROP DATABASE copy2'
restore -q -d copy2 --no-verify -x --no-owner "$old"
status_is 0 'as pgrestorez does: no owner'
is "$(sql_in copy2 'SELECT tableowner FROM pg_tables WHERE tablename = $$t$$')" postgres \
	'whoever restores owns it'
run auditlog check log.restores.jsonl
status_is 0 'each is on record'
like "$(head -n 1 "$out")" '^6 ' 'and the chain holds'
like "$(tail -n 1 log.restores.jsonl)" '"action":"restore".*"into":"copy2"' 'the last one too'
sql_in postgres 'DROP DATABASE copy2'

# --- what is not there, or wrong

files_before=$(all_files)
refused() { # refused STATUS ERE NAME ARG...
	want=$1 ere=$2 what=$3
	shift 3
	restore "$@"
	status_is "$want" "$what"
	err_like "$ere" "$what: the reason"
	is "$(databases)" "$(printf '%s\n' copy "$before")" "$what: nothing was made"
}
refused 1 "no backup 'x.sql.gz'.* hint=.*--list" 'a wrong name' -d c2 x.sql.gz
refused 4 'no such object' 'a wrong URI' -d c2 "$remote/x.sql.gz"
refused 1 'is no file' 'a wrong path' -d c2 /nonesuch/x.sql.gz
refused 1 'there is no backup before' 'too early a time' -d c2 --before 2025-01-02
refused 1 'there is no backup' 'another database' -d c2 --name other
refused 2 'is no time' 'not a time' -d c2 --before yesterday
refused 2 'is no time' 'not a month' -d c2 --before 2025-13-01
refused 2 'no database is named' 'no target' --name "$db"
refused 2 'needs no --name' 'two ways to say which' -d c2 --name "$db" "$old"
refused 2 "the server itself needs" "the server's own" -d postgres --yes
refused 2 'DB_NAME names several' 'whose backup?' -d c2 -o "DB_NAME=$db,other"
refused 2 "there is no option or argument '--nonsense'" 'a wrong option' --nonsense
refused 4 'hint=.*--local' 'S3 is down' -d c2 -o AWS_ENDPOINT_URL=http://127.0.0.1:9 \
	-o AWS_MAX_ATTEMPTS=1
restore --list -o AWS_ENDPOINT_URL=http://127.0.0.1:9 -o AWS_MAX_ATTEMPTS=1
status_is 4 'a list without S3 fails'
out_like "local  $new" 'but tells what is here'
restore -q -d c2 --local -o AWS_ENDPOINT_URL=http://127.0.0.1:9
is "$status $(count c2)" '0 1001' 'as --local restores it'
sql_in postgres 'DROP DATABASE c2'
cp "backups/$new" whole
printf X | dd of="backups/$new" bs=1 seek=4000 conv=notrunc status=none
refused 1 'cannot trust' 'a damaged file' -d c2
head -c 5000 whole >cut
s3 put "$bucket" "night/$new" cut
refused 1 "its seal does not|cannot trust" 'a cut object' -d c2 --remote
restore -q -d c2 --before 2026-01-01
is "$status $(count c2)" '0 1000' 'the one before it is good'
sql_in postgres 'DROP DATABASE c2'
cp whole "backups/$new"
s3 put "$bucket" "night/$new" whole
rm whole cut
refused 3 'hint=.try: psql' 'no server' -d c2 -o DB_HOST=/nonesuch
restore -q -d c2 -o BACKUP_DIR=/nonesuch
is "$status $(cat "$err") $(count c2)" '0  1001' 'a host without BACKUP_DIR'
sql_in postgres 'DROP DATABASE c2'
is "$(all_files)" "$files_before" 'no file was left in all that'
no_work_left

# --- a database that exists

restore -d copy
status_is 1 'one that exists is not touched'
err_like 'target.exists .*hint=.*--yes' 'the hint says how'
sql_in copy 'DELETE FROM t; CREATE TABLE mine (n int)'
terminal() { # terminal ANSWER ARG...: with a terminal for standard input
	run python3 -c 'import os, pty, subprocess, sys
master, slave = pty.openpty()
os.write(master, sys.argv[1].encode() + b"\n")
sys.exit(subprocess.run(sys.argv[2:], stdin=slave).returncode)' "$@"
}
terminal no restore-db.sh -c conf -d copy
status_is 1 'nor when the answer is no'
err_like "'copy' exists \(.*, 0 sessions\)" 'after a question'
err_like 'would become .copy_before_' 'that says what will be'
is "$(count copy)" 0 'it is as it was'
psql -XAtq -d copy -c 'SELECT pg_sleep(600)' >/dev/null 2>&1 &
sleeper=$!
terminal yes restore-db.sh -c conf -d copy "$old"
status_is 0 'it is replaced when the answer is yes'
wait $sleeper
is "$(count copy)" 1000 'by the backup'
kept=$(databases | grep '^copy_before_')
is "$(sql_in "$kept" 'SELECT count(*) FROM mine')" 0 'and kept beside it'
log_like "event=target.kept into=copy kept=$kept" 'the log says where'
sql_in postgres "DROP DATABASE \"$kept\""
restore -d copy -y
is "$status $(count copy)" '0 1001' '--yes does not ask'
sql_in postgres "DROP DATABASE \"$(databases | grep '^copy_before_')\""
before=$(databases)
for what in "--remote $T/nonesuch.sql.gz" "-o PG_BIN=$T/nonesuch"; do
	# shellcheck disable=SC2086 # words
	restore -d copy -y $what
	isnt "$status" 0 "a failure with --yes: $what"
	is "$(databases)" "$before" 'leaves it alone'
done
for odd in "a=b c'd\\e\"f" 'postgres://nonesuch/x' "$(printf 'é%.0s' $(seq 31))"; do
	restore -q -d "$odd" "$old"
	status_is 0 "into '$odd'"
	restore -q -d "$odd" --yes "$new"
	is "$status $(cat "$err")" '0 ' 'and once more'
	is "$(databases | grep -cxF -e "$odd")" 1 'under that name'
done
sql_in postgres "SELECT format('DROP DATABASE %I;', datname) FROM pg_database
	WHERE datname ~ '=b|^postgres:|é'" >drops
psql -Xq -d postgres -f drops
is "$(databases)" "$before" 'nothing else was made'

# --- roles

sql_in postgres "DROP DATABASE \"$db\"" && sql_in postgres 'DROP DATABASE copy'
sql_in postgres 'DROP ROLE "r '"'"' "" 1"'
before=$(databases)
restore -d "$db"
status_is 3 'without its roles it fails'
err_like 'hint=".*roles' 'the hint tells'
is "$(databases)" "$before" 'nothing was made'
restore -d "$db" --globals
status_is 0 '--globals makes them'
log_like 'event=globals.done .* existing=[1-9]' 'those that exist are counted'
is "$(sql 'SELECT tableowner FROM pg_tables WHERE tablename = $$t$$')" "$role" \
	'the owner is there'
restore -q -d again --globals --before "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
is "$status $(cat "$err")" '0 ' 'and again, when all exist'
sql_in postgres 'DROP DATABASE again'
sql_in postgres "ALTER ROLE tester PASSWORD '$PGPASSWORD'"
restore -d again --globals -o DB_USER=tester
status_is 3 'roles that can not be made'
err_like 'event=globals.failed .*reason="42501 ' 'are a failure'
is "$(databases | grep -cx again)" 0 'nothing was restored'
unlike "$(cat log log.restores.jsonl)" 'secret-of-r|SCRAM' 'no password is in the log'

# more than roles could be
mkdir elsewhere
{
	pg_dumpall --roles-only | sed '/dump complete/,$d'
	yes -- "-- $(printf 'x%.0s' $(seq 900))" | head -n 75000
	pg_dumpall --roles-only | sed -n '/^SET/,$p'
} | gzip -1 | gzverify >"elsewhere/globals_$(date -u +%Y%m%d_%H%M%S).sql.gz"
cp "backups/$new" elsewhere/
restore -d again --globals -o "BACKUP_DIR=$T/elsewhere" --local
status_is 1 'globals without an end'
err_like "event=globals.failed .*globals.* holds more than 64 MiB" 'are refused'
is "$(databases | grep -cx again)" 0 'nothing was restored'

# nor do they have psql run a command here
rm elsewhere/globals_*
pg_dumpall --roles-only | sed "s|^SET default_transaction.*|&\\n\\\\! touch $T/pwned|" |
	gzip | gzverify >"elsewhere/globals_$(date -u +%Y%m%d_%H%M%S).sql.gz"
restore -d again --globals -o "BACKUP_DIR=$T/elsewhere" --local
status_is 3 'globals with a command of psql'
err_like 'event=globals.failed .*commands are restricted' 'are refused'
no_file "$T/pwned"
is "$(databases | grep -cx again)" 0 'nothing was restored'

# --- the moment in which the names change: a psql that something befalls then

mkdir fate
ln -s "$PG_SERVER_BIN/pg_restore" fate/
cat >fate/psql <<-E
	#!/bin/sh
	[ ! -e '$T/gone' ] || exit 2
	case " \$* " in *' -XAtqw -v ON_ERROR_STOP=1 '*) ;; *) exec '$PG_SERVER_BIN/psql' "\$@" ;; esac
	cat >'$T/statements'
	grep -q 'RENAME TO' '$T/statements' ||
		exec '$PG_SERVER_BIN/psql' "\$@" <'$T/statements'
	. '$T/fate.sh'
	echo 'psql: error: the connection was lost' >&2
	exit 2
E
chmod +x fate/psql
really="'$PG_SERVER_BIN/psql' \"\$@\" <'$T/statements' >'$T/swapped'"

# befalls WHAT STATUS NAME: while a database is replaced; $kept is what was there
befalls() {
	restore -q -d fated
	echo "$1" >fate.sh
	log_start=$(wc -l <log)
	restore -d fated --yes -o "PG_BIN=$T/fate"
	rm -f gone
	status_is "$2" "$3"
	kept=$(databases | grep '^fated_before_')
	fresh=$(databases | grep '^fated_restored_')
	sql_in postgres "SELECT format('DROP DATABASE %I;', datname)
		FROM pg_database WHERE datname ~ '^fated'" >drops
	psql -Xq -d postgres -f drops
}

befalls "$really" 0 'a swap whose answer was lost'
isnt "$kept" '' 'has been done'
log_like "event=target.kept into=fated kept=$kept" 'which is told'
befalls "$really; kill -TERM \$PPID" 1 'a signal just after the swap'
log_like "event=target.kept into=fated kept=$kept" 'it was done, which is told'
log_like 'event=restore.done .*verdict=ok' 'with its evidence'
log_like 'event=run.stopped .*SIGTERM' 'and that the run was stopped'
befalls "kill -TERM \$PPID" 1 'a signal just before the swap'
is "$kept" '' 'leaves the names as they were'
log_like "event=restore.failed .*restored one is called '$fresh'" \
	'and the restored one is mentioned'
befalls "$really; : >'$T/gone'" 3 'a server that is lost in the swap'
err_like "hint=.*if there is 'fated_restored_[0-9_]*', that is.*'$kept' what was" \
	'what to look for is told'
befalls 'true' 3 'a swap that fails'
log_like "event=restore.failed .*restored one is called '$fresh'" 'is told'

# --- encrypted

echo secret >pass
pass="openssl enc -aes-256-cbc -pbkdf2 -pass file:$T/pass"
rm -f backups/*
conf "ENCRYPT_CMD=$pass" "DECRYPT_CMD=$pass -d" GLOBALS=yes
sleep 1
backup -q
for place in --local --remote; do
	restore -q -d plain $place --globals
	is "$status $(cat "$err") $(count plain)" '0  1001' "encrypted: $place"
	sql_in postgres 'DROP DATABASE plain'
done
restore -d plain -o DECRYPT_CMD=
status_is 2 'without DECRYPT_CMD'
err_like 'hint=.*ENCRYPT_CMD' 'is refused'
restore -d plain -o "DECRYPT_CMD=${pass%pass}log -d"
isnt "$status" 0 'with a wrong one'
is "$(databases | grep -cx plain)" 0 'nothing comes out'

# --- what another tool has dumped

pg_dump -d "$db" | gzip >foreign.sql.gz
restore -d plain ./foreign.sql.gz
status_is 2 'it can not be compared'
is "$(databases | grep -cx plain)" 0 'so it is not restored'
restore -d plain --no-verify ./foreign.sql.gz
is "$status $(count plain)" '0 1001' 'unless it need not be'

# --- as it runs

rm -f on
withconf -c conf sh -c 'touch on; exec sleep 600' &
holder=$!
wait_for test -e on
restore -d plain
status_is 6 'another run is on'
restore --list
status_is 0 'which does not keep from looking'
kill $holder
wait $holder
restore -d "$db"
status_is 1 'and afterwards'
for option in --help --version; do
	run restore-db.sh $option
	status_is 0 "$option"
done
out_is "restore-db $(withconf --version | sed 's/.* //')" 'the version'
run auditlog check log.restores.jsonl
status_is 0 'the chain of records holds'
is "$(sql_in postgres "SELECT count(*) FROM pg_database WHERE datname ~ 'pgrestorez|restored'")" 0 \
	'no temporary database is left'
no_work_left
done_testing
