#!/bin/sh
# step: a driver's options, its tools, its files, and what is told of a run that
# was stopped.
. "${0%/*}/../lib.sh"

# A driver that is run by step as one of cmd.exe is.
cat >driver.sh <<'E2'
#!/bin/sh
if [ "${STEP_DRIVER:-}" != driver ]; then
	exec step again "$0" "check d/dbname= +stopped BACKUP" "$@"
fi
if [ -n "${OPT_HELP:-}" ]; then
	echo 'usage: driver'
	exit
fi
step begin || exit 9
if [ -n "${OPT_STOPPED:-}" ]; then
	step fail 1 run.stopped reason=x
	step show good
	step end
	exit 1
fi
. ./body
status=$?
step end
exit $status
E2
chmod +x driver.sh
printf 'DB_NAME=a b\nLOG_FILE=%s\nBACKUP_DIR=%s\n' "$T/log" "$T" >conf
chmod 600 conf
body() { # body LINE...: what the driver does
	printf '%s\n' "$@" >body
}
driver() {
	run ./driver.sh -c "$T/conf" "$@" </dev/null
}

# --- options

body 'echo "$OPT_CHECK|$OPT_DBNAME|$OPT_BACKUP|$OPT_QUIET|$DB_NAME|$JOBS"'
driver -q --check -d 'x & y' file -o JOBS=4
status_is 0 'options'
out_is 'yes|x & y|file|yes|a b|4' 'are variables'
driver
out_is '||||a b|' 'or are not'
for wrong in --nonsense -d --dbname= 'a b'; do
	# shellcheck disable=SC2086 # words
	driver $wrong
	status_is 2 "'$wrong' is refused"
	err_like 'hint: see .driver --help' 'with a hint'
done
run ./driver.sh --help
status_is 0 '--help'
out_is 'usage: driver' 'is the driver'\''s'
run withconf -c conf ./driver.sh -c other
status_is 2 'withconf has its options already'
body '(exit 5)'
driver
status_is 5 'an exit status comes back'

# --- tools

body 'step take 1' 'step keep said' \
	'step run -a said -s "X={db}" sh -c '\''echo "$X"; echo one >&2; exit 3'\'' |
		step run -n stage -a said -o got sh -c '\''cat; echo two >&2; exit 4'\''' \
	'echo "$?"; step show stage; echo; step show got; step show said | sort' \
	'step run -k -i got cat; step show out' \
	'step run -k nonesuch; echo "$?"; step show said' \
	'step run -k -t 1s sleep 20; echo "$?"; step show said' \
	'step run -k -s V=1 -x '\''echo "$V$STEP_DRIVER"; exit 7'\''; echo "$?"; step show out'
driver
out_is "4
4
a b
one
two
a b
125
step: cannot run 'nonesuch': No such file or directory
124
step: 'sleep' did not end within 1 seconds
7
1" 'tools get values, give output, words and statuses'
err_is '' 'and nothing else is said'
body 'step nonsense; echo $?; step keep; echo $?; step in a; echo $?'
driver
out_is '125
125
125' 'a step that cannot be done has a status of its own'
err_like 'no such chore' 'and says why'

# --- the log

printf '%s\n' 's3put: warning: slow' 's3put: cannot reach it' \
	's3put: hint: is it up?' >words
body 'step take 1; step settings' 'step run -e said sh -c "cat words >&2"' \
	'step fail 4 upload.failed "db={db}"; echo "$?"' \
	'step fail 5 other.failed reason=r hint=h; echo "$?"' \
	'step warn dump.warning "db={db}"' 'step report "bad {verdict}"; step show report'
rm -f log
driver -q
like "$(cat log)" 'event=setting key=DB_NAME value="a b" source=file:1$' 'settings'
like "$(cat log)" 'level=error .*event=upload.failed db="a b" reason="s3put: cannot reach it" hint="is it up\?"$' \
	'a failure has the reason and hint of the tool'
like "$(cat log)" 'level=warn .*event=dump.warning db="a b" text=slow' 'a warning'
is "$(head -n 4 "$out" | tr '\n' '|')" '4|4|bad 4||' 'the lower status counts'
out_like '^    hint=is it up' 'the report tells'
err_like 'event=upload.failed' 'failures are shown'
! grep -q 'key=DB_NAME' "$err"
result $? 'and nothing else, if it should be quiet'
body 'step event x.y; step same "{unlogged}" ""; echo $?'
driver -o "LOG_FILE=$T/nonesuch/log"
out_is 1 'a log that cannot be written is noted'

# --- a log file of the run's own

printf 'DB_NAME=app\nBACKUP_DIR=%s\n' "$T" >conf2
: >app-backup_20200101_000000.log
: >app-backup_99990101_000000.log
: >other-backup_20200101_000000.log
body 'step take 1; step logfile backup; step event x.y a=b'
run ./driver.sh -c "$T/conf2"
status_is 0 'no LOG_FILE'
# shellcheck disable=SC2012 # plain names
is "$(ls ./*.log | wc -l)" 3 'one file is new, one is gone'
no_file app-backup_20200101_000000.log
like "$(cat app-backup_2*.log)" 'event=x.y a=b' 'the new one has the log'

# --- a run that is stopped

body 'step add good app; step keep verdict 0; : >started; exec sleep 30'
rm -f started
driver -o MAX_RUNTIME=10s
status_is 1 'the end of MAX_RUNTIME'
out_is app 'is told, with what was good'
like "$(tail -n 1 log)" 'event=run.stopped reason=x' 'in the log'
rm -f started
./driver.sh -c "$T/conf" </dev/null >"$out" 2>"$err" &
driver=$!
wait_for test -e started
kill -INT $driver
kill -TERM $driver
wait $driver
status=$?
status_is 1 'a signal'
out_is app 'is told, too'
body 'kill -9 $$'
driver
status_is 1 'a driver that is killed'
is "$(find "$TMPDIR" -name 'driver.*')" '' 'no directory is left'
no_children_left
no_temp_left
done_testing
