#!/bin/sh
# withconf: alone, for a time, and ended in order.
. "${0%/*}/../lib.sh"

conf() { # conf LINE...: the file
	printf '%s\n' DB_NAME=one "$@" >conf
	chmod 600 conf
}

start() { # start COMMAND...: in the background, as $pid; has made the file on
	rm -f on
	"$@" >"$out" 2>"$err" &
	pid=$!
	wait_for test -e on
}

stop() { # stop SIGNAL: sets status
	kill "-$1" "$pid"
	wait "$pid"
	# shellcheck disable=SC2034 # for lib.sh
	status=$?
}

# --- one at a time

conf
start withconf -c conf sh -c 'touch on; exec sleep 60'
run withconf -c conf touch ran
status_is 6 'a second run is refused'
err_like "^withconf: another run holds the lock on 'conf'" 'says why'
err_like "^withconf: hint: wait for its end; 'fuser -v conf' shows it" \
	'and what to do'
no_file ran
run withconf -c conf -o LEVEL=1 touch ran
status_is 6 'with other options too'
run withconf -c "$T/conf" touch ran
status_is 6 'by another path too'
ln conf link
run withconf -c link touch ran
status_is 6 'or another name'
run withconf -c conf --print
status_is 0 '--print needs no lock'
run withconf -c conf --no-lock touch ran
status_is 0 'nor does --no-lock'
rm ran
cp -p conf other
run withconf -c other true
status_is 0 'another file is another lock'
before=$(ls -A)
stop KILL
status_is 137 'withconf is killed'
run withconf -c conf true
status_is 0 'and its lock is gone'
is "$(ls -A)" "$before" 'nothing is left of it'
no_children_left

mkdir dir
unset PGDUMPZ_CONF
start env DB_NAME=one BACKUP_DIR="$T/dir" withconf \
	sh -c 'touch on; exec sleep 60'
if [ -e /etc/pgdumpz/backup.conf ]; then
	skip 'there is a configuration on this machine' 3
else
	run env DB_NAME=one BACKUP_DIR="$T/dir" withconf true
	status_is 6 'without a file the lock is in BACKUP_DIR'
	err_like "$T/dir/.pgdumpz.lock" 'and named'
	stop TERM
	run env DB_NAME=one BACKUP_DIR="$T/dir" withconf true
	status_is 0 'it goes with its run'
	run env DB_NAME=one BACKUP_DIR="$T/nonesuch" withconf touch ran
	status_is 3 'a directory that is missing'
	no_file ran
fi

# --- signals

# A script that takes its time to end, and says what it got.
cat >script <<'E'
trap 'echo TERM; touch off; exit 7' TERM
trap 'echo HUP' HUP
trap 'echo INT; exit 8' INT
touch on
while :; do
	sleep 60 &
	wait $!
done
E
start withconf -c conf sh script
stop TERM
status_is 7 'TERM is passed on, and the exit status comes back'
out_is TERM 'once'
unlike "$(cat "$err")" withconf 'in silence'
ok 'withconf has waited' test -e off
no_children_left
start withconf -c conf sh script
kill -HUP $pid
wait_for grep -q HUP "$out"
ok 'HUP is passed on' grep -q HUP "$out"
ok 'a command that goes on is let go on' kill -0 $pid
stop TERM
status_is 7 'until it ends'
start setsid python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
os.execvp(sys.argv[1], sys.argv[1:])' withconf -c conf sh script
stop INT
status_is 8 'INT is passed on'
rm -f on
# shellcheck disable=SC2094 # it watches what the other end writes
(
	wait_for test -e on
	printf '\003'
	wait_for grep -q INT typed
) | script -qec 'exec withconf -c conf sh script' /dev/null >typed
is $? 8 'Ctrl-C ends the command'
is "$(grep -c INT typed)" 1 'which gets it once'
# Both signals are there when withconf looks again, and the command is not.
run withconf -c conf sh -c 'trap "" INT TERM; exec >/dev/null 2>&1
	setsid sh -c "sleep 0.3; kill -CONT $PPID" &
	kill -STOP $PPID; kill -INT $PPID; kill -TERM $PPID; exit 8'
status_is 8 'signals that the end of the command has overtaken'
no_children_left
start nohup withconf -c conf sh -c 'touch on; exec sleep 1'
kill -HUP $pid
wait $pid
is $? 0 'an ignored HUP stays ignored'
start withconf -c conf sh -c 'sleep 50 | sleep 51 & sleep 52 | (touch on; cat)'
stop TERM
status_is 143 'a signal reaches a whole pipeline'
no_children_left
start withconf -c conf sh -c \
	'trap "trap - TERM" TERM; touch on; while :; do sleep 0.1; done'
stop TERM
status_is 143 'a command that went on is asked again'
no_children_left
start withconf -c conf sh -c \
	'(trap "" TERM HUP; while :; do sleep 0.1; done) & touch on; wait'
kill -9 $pid
wait $pid
# shellcheck disable=SC2046 # process ids
kill -9 $(tagged_processes)
no_children_left
withconf -c conf sh -c 'sleep 61 & echo $! >daemon'
ok 'what a command that succeeds leaves running is left running' \
	kill -0 "$(cat daemon)"
kill "$(cat daemon)"
no_children_left
( # with SIGCHLD ignored the system would take the exit status
	trap '' CHLD
	exec env -C "$T" withconf -c conf sh -c 'exit 5'
)
is $? 5 'SIGCHLD may have been ignored'

# --- time

conf MAX_RUNTIME=1s
run withconf -c conf true
status_is 0 'who is quick is not stopped'
began=$(date +%s)
run withconf -c conf sh -c 'sleep 60 | sleep 61; echo never'
status_is 1 'who is late is stopped'
err_like "^withconf: stopped 'sh': it ran for more than 1 s$" 'with a message'
err_like '^withconf: hint: MAX_RUNTIME' 'and a hint'
out_is '' 'it does not go on'
ok 'at once' test $(($(date +%s) - began)) -lt 10
no_children_left
run withconf -c conf -o MAX_RUNTIME=5s \
	sh -c 'trap "echo bye; exit 0" TERM; sleep 60 & wait'
status_is 1 'it may end in order'
out_is bye 'and say good-bye'
run withconf -c conf -o MAX_RUNTIME=5s \
	sh -c 'trap "exit 4" TERM; sleep 60 & wait'
status_is 4 'a verdict of its own comes back'
err_like "^withconf: stopped 'sh': it ran for more than 5 s$" 'with the message'
run withconf -c conf -o MAX_RUNTIME=0 sleep 1.5
status_is 0 '0 is no limit'
# Two at a time: each takes its 90 seconds.
timed() { # timed FILE COMMAND...: exit status and seconds, into FILE
	began=$(date +%s)
	file=$1
	shift
	withconf -c conf --no-lock -o MAX_RUNTIME=5s "$@" 2>"$file.err"
	echo "$? $(($(date +%s) - began))" >"$file"
}
timed deaf sh -c 'trap "" TERM; while :; do sleep 0.2; done' &
timed left sh -c '(trap "" TERM; while :; do sleep 0.2; done) & sleep 600'
wait
like "$(cat deaf)" '^1 (9[5-9]|1[0-4][0-9])$' \
	'who does not hear is killed after 90 seconds'
like "$(cat left)" '^1 (9[5-9]|1[0-4][0-9])$' 'and who stays behind'
is "$(cat deaf.err)" "$(cat left.err)" 'which both are told'
no_children_left
no_temp_left
done_testing
