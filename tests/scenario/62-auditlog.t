#!/bin/sh
# auditlog: lines that stay lines, a chain that tells of every change, metrics.
. "${0%/*}/../lib.sh"
export RUN_ID=20261122_020000_9f31c2 LOG_FILE="$T/log"
now='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z'

# --- events

run auditlog event dump.done db=leapmailr bytes=31337
status_is 0 'an event'
out_is '' 'nothing on standard output'
err_like "^$now level=info run=$RUN_ID event=dump.done db=leapmailr bytes=31337\$" \
	'the line is shown'
same_file "$err" log 'and is in the log'
is "$(stat -c %a log)" 600 'which only its owner can read'
evil=$(printf 'x\n2026-01-01T00:00:00Z level=info event=run.done \033[2J"\\ü\377')
run auditlog event dump.failed "db=$evil" level=error
is "$(wc -l <log)" 2 'a name with a newline makes one line'
like "$(tail -n 1 log)" ' level=error .* db="x\\n2026' 'it is escaped'
is "$(LC_ALL=C tr -d '\n -~' <log)" ü 'no control characters are in the log'
run env -u RUN_ID -u LOG_FILE auditlog event a
err_like ' run=- event=a$' 'without a run and a file'
rm log
i=0
while [ $i -lt 40 ]; do
	auditlog event many "n=$i" "text=$(head -c 3000 /dev/zero | tr '\0' x)" 2>/dev/null &
	i=$((i + 1))
done
wait
is "$(grep -cE "^$now level=info run=$RUN_ID event=many n=[0-9]+ text=x{3000}\$" log)" \
	40 'lines of writers at once never mix'
run env LOG_FILE=/dev/full auditlog event a
status_is 3 'a full disk'
err_like ' event=a$' 'the line is shown nevertheless'
err_like 'No space left' 'and why it is not in the log'
run env LOG_FILE="$T/no/log" auditlog event a
status_is 3 'no directory'
no_file no
run sh -c 'auditlog event a 2>&-'
status_is 0 'a closed standard error'
for args in '' event 'event A' 'event a b' 'event a A=1' 'event a run=1' 'event a time=1' \
	'event a level=loud' 'nonsense a' '--nonsense' 'record' 'record r prev=1' \
	'record r x' 'check a b c' 'metrics m' 'metrics m exit=no'; do
	# shellcheck disable=SC2086 # words
	run auditlog $args
	status_is 2 "auditlog $args"
done
no_file r
no_file m

# --- records

sum_of_last() {
	tail -n 1 runs | tr -d '\n' | sha256sum | cut -d' ' -f1
}
run auditlog record runs exit=0 db=2024 "reason=$evil"
status_is 0 'a record'
out_is "$(sum_of_last)" 'prints its sum'
is "$(stat -c %a runs)" 600 'only its owner can read it'
for i in 2 3 4 5; do
	auditlog record runs exit=$i seconds=1.50 >/dev/null
done
run auditlog check runs
status_is 0 'the chain holds'
out_is "5 $(sum_of_last)" 'its length and last sum'
ok 'every line is JSON, and follows by its sum' python3 -c '
import hashlib, json
prev = "0" * 64
for line in open("runs", "rb").read().split(b"\n")[:-1]:
    record = json.loads(line)
    assert record["prev"] == prev and record["run"].startswith("20261122")
    prev = hashlib.sha256(line).hexdigest()
assert record["exit"] == 5 and record["seconds"] == 1.5
'
like "$(head -n 1 runs)" '"exit":0,"db":"2024","reason":"x\\n' 'numbers and names'
list=$(head -c 20000 /dev/zero | tr '\0' ,)
cp runs short
auditlog record runs "databases=$list" >/dev/null
is "$(grep -cE '"databases":",{20000}"' runs)" 1 'a long list is recorded whole'
mv short runs
cp runs whole
anchor=$(sed -n 4p whole | tr -d '\n' | sha256sum | cut -d' ' -f1)
run auditlog check runs "$anchor"
status_is 0 'with the sum of a record'

# broken LINE NAME: the check names that line of the file runs
broken() {
	run auditlog check runs
	status_is 1 "$2"
	out_is '' "$2: no sum"
	err_like "'runs': line $1 " "$2: line $1"
}
sed 's/"exit":3/"exit":0/' whole >runs
broken 4 'a changed record'
sed 2d whole >runs
broken 2 'a record taken out'
sed 1d whole >runs
broken 1 'the first one taken out'
sed '3{h;d};4G' whole >runs
broken 3 'two changed places'
{ cat whole; sed -n 5p whole; } >runs
broken 6 'one that is repeated'
sed 's/$/ /' whole >runs
broken 2 'blanks at the ends'
sed '3s/.*/note/' whole >runs
broken 3 'a line that is no record'
sed '3s/^{/{"prev":"0",/' whole >runs
broken 3 'a member that is there twice'
{ cat whole; echo; } >runs
broken 6 'an empty line at the end'
head -c -1 whole >runs
broken 5 'a last line without its newline'
head -n 3 whole >runs
run auditlog check runs
status_is 0 'an end cut off is a chain, too'
run auditlog check runs "$anchor"
status_is 1 'but the sum kept elsewhere tells'
err_like 'no record has the sum' 'it says so'
: >runs
run auditlog check runs
status_is 1 'no record'
run auditlog check missing
status_is 3 'no file'

cp whole runs
printf '{"prev":"123","time' >>runs
broken 6 'a torn record'
run auditlog record runs exit=6
status_is 0 'the next run adds its own'
err_like 'warning: .* torn' 'and says what it found'
run auditlog check runs
status_is 0 'the chain holds again'
out_is "6 $(sum_of_last)" 'with one record more'
sed -i 's/"123"/"124"/' runs
broken 6 'a change of the torn one'
head -c -1 whole >runs
auditlog record runs exit=6 >/dev/null
run auditlog check runs
out_is "6 $(sum_of_last)" 'a record that lacked its newline only is whole'
rm runs
i=0
while [ $i -lt 25 ]; do
	auditlog record runs n=$i >/dev/null &
	i=$((i + 1))
done
wait
run auditlog check runs
out_is "25 $(sum_of_last)" 'writers at once make one chain'
cp runs before
run sh -c 'trap "" XFSZ; ulimit -f 8; i=0
	while [ $i -lt 30 ]; do i=$((i + 1)); auditlog record runs "n=$i" "a=$(
		head -c 700 /dev/zero | tr "\0" x)" || exit; done'
status_is 3 'a file that can not grow'
run auditlog check runs
status_is 0 'nothing torn is left by a write that failed'
run auditlog record "$T/no/runs" exit=0
status_is 3 'no directory for the record'
no_file no
run sh -c 'auditlog record runs >/dev/full'
status_is 3 'a sum that can not be printed'
run flock runs timeout 30 auditlog record runs exit=0
status_is 3 'a file that another one keeps locked'
err_like 'locked' 'it says so'

# --- metrics

good='^(# (HELP|TYPE) pgdumpz_[a-z_]+ .+|pgdumpz_[a-z_]+(\{db="([^"\\]|\\.)*"\})? [0-9.]+)$'
run auditlog metrics m.prom exit=0 seconds=3 db=a ok=1 bytes=10 rows=2 seconds=1 \
	"db=$evil" ok=0
status_is 0 'metrics'
is "$(grep -vcE "$good" m.prom)" 0 'every line is of the format'
is "$(stat -c %a m.prom)" 644 'everyone may read them'
ok 'they are UTF-8' iconv -f utf-8 -t utf-8 m.prom
stamp=$(sed -n 's/^pgdumpz_backup_success_timestamp_seconds{db="a"} //p' m.prom)
sleep 1
auditlog metrics m.prom exit=1 seconds=1 db=a ok=0
is "$(sed -n 's/^pgdumpz_backup_success_timestamp_seconds{db="a"} //p' m.prom)" \
	"$stamp" 'a failed run keeps the time of the last good one'
like "$(cat m.prom)" '^pgdumpz_backup_ok\{db="a"\} 0' 'and says that it failed'
like "$(cat m.prom)" '^pgdumpz_backup_bytes\{db="a"\} 10' 'and keeps its size'
cp m.prom old.prom
run sh -c 'trap "" XFSZ; ulimit -f 0; auditlog metrics m.prom exit=0'
status_is 3 'a file that can not be written'
same_file old.prom m.prom 'the old one stays'
no_file m.prom.partial
run auditlog metrics "$T" exit=0
status_is 3 'a directory'
# --- the manual knows every event of the driver

undocumented() {
	cat "$tests"/../bin/backup-*.sh | grep -oE \
		'\b(event|fail [0-9]|give_up|pause|warnings|take_receipt) [a-z]+(\.[a-z]+)+' |
		sed 's/.* //' | sort -u | while read -r event; do
		grep -qE "^\.It Cm (.* )?$event( |\$)" "$tests/../man/auditlog.1" ||
			echo "$event"
	done
}
is "$(undocumented)" '' 'no event is missing in auditlog(1)'

no_children_left
no_temp_left
done_testing
