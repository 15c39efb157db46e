#!/bin/sh
# s3put: commands and filters that fail, and processes that are killed.
. "${0%/*}/../lib.sh"
use_s3
fresh_bucket
seal() {
	"$tests/seal.py" "$@"
}
seal 12 >sealed
gzip -c <"$tests/seal.py" >foreign

# --- s3put KEY -- COMMAND

run s3put a.gz -- cat foreign
status_is 0 'what a command made, which exited 0, need not be sealed'
s3 get "$bucket" a.gz >back
same_file foreign back 'it is stored'
run s3put no -- sh -c 'cat foreign; exit 3'
status_is 3 'a command that fails'
err_like "'sh' failed with exit status 3" 'is named'
run s3put --part-size 5M no -- sh -c 'cat sealed; exit 3'
status_is 3 'even after a whole stream'
run s3put --part-size 5M no -- sh -c 'cat sealed; kill -9 $$'
status_is 3 'a command that is killed'
err_like 'signal 9' 'is told'
run s3put no -- /no/such/command
status_is 3 'a command that is missing'
run s3put no -- true
status_is 1 'a command without output'
run s3put no -- head -c 5000000 sealed
status_is 1 'a command whose stream lacks its seal'
run s3put b -- sh -c 'cat; echo "[${AWS_SECRET_ACCESS_KEY-}]"'
status_is 0 'a command'
is "$(s3 get "$bucket" b)" '[]' 'has no input of ours, and not our secrets'
run s3put a.gz -- sh -c 'touch started; cat sealed'
status_is 1 'a key that exists'
no_file started
is "$(s3 ls "$bucket" no)" '' 'no object of these'
no_uploads_left "$bucket"

# --- --filter

run sh -c 'cat sealed | s3put --filter "tr e f" c'
status_is 0 'a filter'
s3 get "$bucket" c >back
tr e f <sealed >upper
same_file upper back 'makes what is stored'
out_like "	$(wc -c <upper)	.*	$(sha256sum <upper | cut -d' ' -f1)\$" \
	'and the receipt is of that'
run sh -c 'cat sealed | s3put --filter "openssl enc -aes-256-cbc -pbkdf2 -pass pass:x" \
	--name app --suffix .enc'
status_is 0 'an encryption'
key=$(s3 ls "$bucket" app_ | cut -f2)
like "$key" '^app_[0-9]{8}_[0-9]{6}.sql.gz.enc$' 'under its name'
s3 get "$bucket" "$key" | openssl enc -d -aes-256-cbc -pbkdf2 -pass pass:x >back
same_file sealed back 'can be undone'
for filter in 'cat >/dev/null; exit 3' 'head -c 1000; exit 3' 'kill -9 $$' \
	'exec no-such-program' 'cat; exit 1' 'sleep 0.3; exit 5'; do
	run sh -c 'cat sealed | s3put --part-size 5M --filter "$1" no' - "$filter"
	status_is 3 "filter '$filter'"
	err_like 'failed with exit status|ended by signal' 'is named'
done
run sh -c 'cat sealed | s3put --filter "cat >/dev/null; true" no'
status_is 3 'a filter that fails in silence'
err_like "filter 'cat >/dev/null; true' wrote nothing" 'is named'
run sh -c 'head -c 9000000 sealed | s3put --part-size 5M --filter cat no'
status_is 1 'a cut stream through a filter'
run sh -c 'cat foreign | s3put --filter cat no'
status_is 1 'a foreign stream through a filter'
run sh -c ': | s3put --filter cat no'
status_is 1 'an empty stream through a filter'
is "$(s3 ls "$bucket" no)" '' 'no object of these'
no_uploads_left "$bucket"

# --- the producer is killed

mkfifo pipe
for bytes in 0 10 100 6000000 12000000; do
	sh -c 'head -c "$1" sealed; exec sleep 600' - "$bytes" >pipe &
	writer=$!
	s3put --part-size 5M no <pipe >"$out" 2>"$err" &
	put=$!
	sleep 0.5
	kill -9 $writer
	wait $put
	status=$?
	status_is 1 "its producer killed after $bytes bytes: refused"
done
wait
nothing_left "$bucket" no

# --- s3put is stopped

# shellcheck disable=SC2317 # called by wait_for
uploading() {
	[ -n "$(s3 uploads "$bucket" no)" ]
}
# begin: s3put in the middle of an upload, its pipe open.
begin() {
	sh -c 'cat sealed; exec sleep 600' >pipe &
	writer=$!
	"$@" s3put --part-size 5M no <pipe >"$out" 2>"$err" &
	put=$!
	wait_for uploading
}
# shellcheck disable=SC2034 # status_is looks at it
finish() {
	wait $put
	status=$?
	kill $writer
	wait $writer
}
for signal in TERM:143 HUP:129 INT:130; do
	# a shell's background jobs ignore SIGINT
	begin env --default-signal=INT
	kill -s "${signal%:*}" $put
	finish
	status_is "${signal#*:}" "SIG${signal%:*} ends it as such"
	err_like 'stopped by signal' 'it says so'
	nothing_left "$bucket" no
done
begin nohup
kill -s HUP $put
kill -s TERM $put
finish
status_is 143 'nohup: SIGHUP stays ignored'
nothing_left "$bucket" no
begin env
kill -s KILL $put
finish
status_is 137 'SIGKILL'
is "$(s3 ls "$bucket" no)" '' 'leaves no object'
is "$(s3 uploads "$bucket" no | wc -l)" 1 'but an upload, for s3prune'
s3 call DELETE "/$bucket/no?uploadId=$(s3 uploads "$bucket" no | cut -f1)" \
	>/dev/null
begun=$(date +%s)
for how in 'cat sealed | timeout --foreground 1 s3put --filter "exec sleep 30" no' \
	'cat sealed | timeout --foreground 1 s3put --filter "cat; exec sleep 30 >&-" no' \
	'timeout --foreground 1 s3put no -- sh -c "cat sealed; exec sleep 30 >&-"'; do
	run sh -c "$how"
	status_is 124 "stopped: $how"
done
instrumented || ok 'none of them waits for a child' \
	test $(($(date +%s) - begun)) -lt 20
run timeout 5 s3put no -- sh -c 'cat sealed; sleep 30'
status_is 124 'a command outlives nobody'
nothing_left "$bucket" no
no_children_left
no_temp_left
done_testing
