#!/bin/sh
# slow
# restore-db.bat: what backup-db.sh has made comes back on Windows, from there
# and from S3, and nothing takes a database's place unasked.
. "${0%/*}/../lib.sh"
. "$tests/driver.sh"
. "$tests/windows/lib.sh"
. "$tests/windows/restore.sh"
use_wine
use_clients
PGDUMPZ_TEST_PG=''	# all databases and roles of the server are looked at
use_driver
sql 'CREATE INDEX ON t (n)'
sql_in postgres "CREATE ROLE \"r ' & 1\" PASSWORD 'secret-of-r'"
sql "ALTER TABLE t OWNER TO \"r ' & 1\""

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
before=$(databases)
windows_conf GLOBALS=yes

# --- list

restore_there --list
status_is 0 '--list'
err_is '' 'has nothing to complain of'
out_like "^ *[0-9]+h [0-9]{2}m +$(stat -c %s "backups/$new")  local  $new\$" 'a copy here'
out_like ' local  globals_' 'the roles'
is "$(sed -n "s/.* \(${db}_.*\)/\1/p" "$out" | tr -d '\r' | tr '\n' ' ')" \
	"$new $new $old $old " 'the newest come first'

# --- the newest, an older one

restore_there -d copy
status_is 0 'the newest'
is "$(count copy)" 1001 'is whole'
is "$(sql_in copy 'SELECT tableowner FROM pg_tables WHERE tablename = $$t$$')" \
	"r ' & 1" 'with its owner'
log_like "event=restore.done verdict=ok .*backup=\"?[^ ]*$new\"? .* into=copy .* tables=1 rows=1001 .*differences=0" \
	'it was compared'
odd="é & 'x !y! ^z"
restore_there -q -d "$odd" --before '2025-01-02 03:05' --remote
status_is 0 'into a name that is hard to say'
err_is '' 'quietly'
is "$(count "$odd")" 1000 '--before takes an older one'
log_like "event=restore.done .*backup=$remote/$old .*sha256=$(sha256sum <"backups/$old" | cut -d ' ' -f 1)" \
	'out of S3'
restore_there -q -d "$odd" --yes --no-verify -O -x "$(win "$T/backups/$old")"
is "$status $(cat "$err")" '0 ' 'once more, from its path'
kept=$(databases | grep -F "é & 'x !y! ^z_before_")
isnt "$kept" '' 'the one that was there is kept'
is "$(sql_in "$odd" 'SELECT tableowner FROM pg_tables WHERE tablename = $$t$$')" postgres \
	'whoever restores owns it'
drop_all "$odd" "$kept"

# --- a database that exists

sql_in copy 'DELETE FROM t'
restore_there -d copy
status_is 1 'one that exists is not touched'
err_like 'target.exists .*hint=.*--yes' 'the hint says how'
is "$(count copy)" 0 'it is as it was'
psql -XAtq -d copy -c 'SELECT pg_sleep(600)' >/dev/null 2>&1 &
sleeper=$!
restore_there -d copy -y "$old"
status_is 0 'it is replaced with --yes'
wait $sleeper
is "$(count copy)" 1000 'by the backup'
kept=$(databases | grep '^copy_before_')
is "$(count "$kept")" 0 'and kept beside it'
log_like "event=target.kept into=copy kept=$kept" 'the log says where'
like "$(tail -n 1 log.restores.jsonl)" "\"kept\":\"$kept\"" 'and the record'
drop_all "$kept"

# --- what is not there, or wrong

refused() { # refused STATUS ERE NAME ARG...
	want=$1 ere=$2 what=$3
	shift 3
	restore_there "$@"
	status_is "$want" "$what"
	err_like "$ere" "$what: the reason"
	is "$(databases)" "$(printf '%s\n' copy "$before")" "$what: nothing was made"
}
refused 1 "no backup 'x.sql.gz'.* hint=.*--list" 'a wrong name' -d c2 x.sql.gz
refused 2 'is no time' 'not a time' -d c2 --before yesterday
refused 2 "the server itself needs" "the server's own" -d postgres --yes
refused 4 'hint=.*--local' 'S3 is down' -d c2 -o AWS_ENDPOINT_URL=http://127.0.0.1:9 \
	-o AWS_MAX_ATTEMPTS=1
cp "backups/$new" whole
printf X | dd of="backups/$new" bs=1 seek=4000 conv=notrunc status=none
refused 1 'cannot trust' 'a damaged file' -d c2
cp whole "backups/$new"
refused 3 'hint=.*psql' 'no server' -d c2 -o DB_PORT=9

# --- roles, and what is encrypted

drop_all copy "$db"
sql_in postgres "DROP ROLE \"r ' & 1\""
before=$(databases)
restore_there -d "$db" --globals --remote
status_is 0 '--globals makes the roles'
log_like 'event=globals.done .* existing=[1-9]' 'those that exist are counted'
is "$(sql 'SELECT tableowner FROM pg_tables WHERE tablename = $$t$$')" "r ' & 1" \
	'the owner is there'
unlike "$(cat log log.restores.jsonl)" 'secret-of-r|SCRAM' 'no password is in the log'
globals=backups/$(files | grep '^globals_' | sort | tail -n 1)
cp "$globals" sound
before=$(databases)
gunzip -c sound | sed 's/^SET default_transaction.*/&\n\\! echo pwned >pwned/' |
	gzip | gzverify >"$globals"
restore_there -d c2 --globals --local
status_is 3 'a command of psql among them'
log_like 'event=globals.failed .*commands are restricted' 'is refused'
is "$(databases)" "$before" 'nothing was restored'
no_file pwned
cp sound "$globals"
cp "backups/$new" "backups/$new.enc"
s3 put "$bucket" "night/$new.enc" "backups/$new.enc"
windows_conf DECRYPT_CMD=gzverify
for place in --local --remote; do
	restore_there -q -d plain $place "$new.enc"
	is "$status $(cat "$err") $(count plain)" '0  1001' "encrypted: $place"
	drop_all plain
done
restore_there -d plain -o 'DECRYPT_CMD=s3put --nonsense' "$new.enc"
isnt "$status" 0 'with a wrong command'
is "$(databases | grep -cx plain)" 0 'nothing comes out'

# --- nothing is left

run auditlog check log.restores.jsonl
status_is 0 'the chain of records holds here'
run auditlog.exe check "$(win "$T/log.restores.jsonl")"
status_is 0 'and there'
is "$(sql_in postgres "SELECT count(*) FROM pg_database WHERE datname ~ 'pgrestorez|restored'")" 0 \
	'no temporary database is left'
no_driver_left
done_testing
