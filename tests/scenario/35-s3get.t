#!/bin/sh
# s3get: what it brings is whole, or its exit status says that it is not.
. "${0%/*}/../lib.sh"
use_s3
fresh_bucket
use_proxy
export AWS_MAX_ATTEMPTS=3
"$tests/seal.py" 40 >sealed
head -c 100000 /dev/urandom >foreign
: >empty
s3 put "$bucket" sealed.gz sealed
s3 put "$bucket" dir/foreign foreign
s3 put "$bucket" empty empty

# --- round trips

run s3get sealed.gz
status_is 0 'a sealed object'
same_file sealed "$out" 'is the same'
err_is '' 'silently'
is "$(requests GET sealed.gz)" 6 'by ranges of 8 MiB'
run s3get "s3://$bucket/dir/foreign"
status_is 0 'a foreign object'
same_file foreign "$out" 'is fetched as it is'
run s3get empty
status_is 0 'an empty object'
same_file empty "$out" 'is empty'
for jobs in 1 2 9 99; do
	run s3get -j "$jobs" sealed.gz
	same_file sealed "$out" "--jobs $jobs"
done
run s3get -o file sealed.gz
status_is 0 'into a file'
same_file sealed file 'is the same'
is "$(stat -c %a file)" 600 'for its owner only'
out_is '' 'and nothing on standard output'
no_file file.partial
run s3get -o file dir/foreign
same_file foreign file 'an older file is replaced'
run s3get -o - dir/foreign
same_file foreign "$out" '-o - is standard output'
run sh -c 'cat sealed | s3put --part-size 5M up >sent &&
	s3get --receipt=got up | cmp - sealed'
status_is 0 'what s3put stored in parts comes back'
same_file sent got 'and its receipt is that of s3put'
for what in dir/foreign empty; do
	run s3get -o file --receipt got $what
	is "$(cut -f 2,5 got)" "$(wc -c <file)	$(sha256sum <file | cut -d ' ' -f 1)" \
		"the receipt of $what"
done
rm got
run s3get --receipt=/nonesuch/got empty
status_is 3 'a receipt that can not be written'
if has_feature tls; then
	run env AWS_ENDPOINT_URL="$S3_TEST_TLS_URL" sh -c \
		's3put --part-size 5M tls sealed && s3get tls | cmp - sealed'
	status_is 0 'over TLS too'
	run env AWS_ENDPOINT_URL="$S3_TEST_TLS_URL" AWS_CA_BUNDLE=/etc/hostname \
		s3get sealed.gz
	isnt "$status" 0 'not from a server that can not be trusted'
	run env -u AWS_CA_BUNDLE AWS_ENDPOINT_URL="$S3_TEST_TLS_URL" s3get sealed.gz
	status_is 4 'nor from one nobody vouches for'
	run env -u AWS_CA_BUNDLE AWS_ENDPOINT_URL="$S3_TEST_TLS_URL" \
		s3get --ca-bundle "$AWS_CA_BUNDLE" sealed.gz
	status_is 0 '--ca-bundle'
	run env AWS_ENDPOINT_URL="$S3_TEST_VHOST_URL" s3get --virtual-host sealed.gz
	status_is 0 '--virtual-host'
fi

# --- a bad network

for rule in 'GET . every:3 status 503' 'GET . every:2 close' \
	'GET . nth:2 truncate 100000' 'GET . nth:3 reset-after 3000000' \
	'HEAD . nth:1 status 500' 'GET . nth:1 drop' \
	'GET . every:3 truncate 5000000'; do
	faults "$rule"
	# ranges go side by side, so chance may hit one of them again and again
	run env AWS_MAX_ATTEMPTS=12 s3get -o file sealed.gz
	status_is 0 "$rule"
	same_file sealed file "$rule: whole all the same"
	rm -f file
done
faults 'GET . nth:2 truncate 5000000'
forget_requests
run s3get -j 1 sealed.gz
is "$(requests GET sealed.gz)" 7 'only what is missing is fetched again'
for rule in 'GET . always status 503' 'GET . from:3 close' \
	'GET . from:2 truncate 0' 'HEAD . always status 403 AccessDenied' \
	'GET . from:4 status 403 AccessDenied'; do
	faults "$rule"
	run s3get -o file sealed.gz
	status_is 4 "$rule"
	no_file file
	no_file file.partial
	run sh -c 's3get sealed.gz | cat >part; exit 0'
	ok "$rule: what came out is a beginning" sh -c \
		'head -c "$(wc -c <part)" sealed | cmp - part'
done

# --- a damaged object

faults 'GET . nth:3 flip 1000'
run s3get -o file sealed.gz
status_is 1 'a byte that is wrong'
err_like 'its seal does not hold' 'is seen'
no_file file
no_file file.partial
faults
head -c 30000000 sealed >short
s3 put "$bucket" cut short
run s3get --receipt got cut
status_is 1 'an object without the end of its stream'
no_file got
run s3get -o file cut
status_is 1 'the same with -o'
no_file file

# --- replaced while it is read

faults "GET . nth:2 hold $T/replaced"
forget_requests
s3get -j 1 -o file sealed.gz >"$out" 2>"$err" &
get=$!
wait_for grep -q '^GET' "$FAULT_REQUESTS"
s3 put "$bucket" sealed.gz short
touch replaced
wait $get
status=$?
status_is 4 'an object replaced meanwhile'
err_like 'replaced while it was read' 'is not mixed with the new one'
no_file file
faults
s3 put "$bucket" sealed.gz sealed
faults 'GET . nth:2 header ETag "another"'
run s3get -o file sealed.gz
status_is 4 'ranges of two objects, from a server that does not know If-Match'
err_like 'replaced while it was read' 'are not mixed'
no_file file
faults 'HEAD . always header Content-Length'
run s3get -o file sealed.gz
status_is 4 'an object of unknown size'
err_like 'does not say how long it is' 'is not taken for an empty one'
no_file file
faults

# --- what is not there

run s3get nothing.gz
status_is 4 'a missing object'
err_like "no such object" 'says so'
err_like 'hint: .*s3ls' 'and how to look'
run s3get -o file nothing.gz
no_file file
no_file file.partial
run s3get s3://no-such-bucket-here/a
status_is 4 'a missing bucket'
run env AWS_SECRET_ACCESS_KEY=wrong s3get sealed.gz
status_is 4 'a wrong secret'
run env AWS_ENDPOINT_URL=http://127.0.0.1:1 s3get sealed.gz
status_is 4 'nobody listens'
for args in '' 'a b' '--jobs 0 a' '-j x a' '--nonsense a'; do
	# shellcheck disable=SC2086 # words
	run s3get $args
	status_is 2 "s3get $args"
done
run s3get -o no "s3://$bucket"
status_is 2 'a bucket without a key'
err_like "'s3://$bucket' names no object" 'is not an object'
no_file no

# --- nowhere to put it

run sh -c 's3get sealed.gz >/dev/full'
status_is 3 'a full device'
run sh -c 's3get sealed.gz >&-'
status_is 3 'a closed standard output'
run sh -c '{ s3get sealed.gz; echo $? >code; } | head -c 10 >/dev/null'
is "$(cat code)" 3 'a pipe that nobody reads'
run sh -c 'ulimit -f 2000; trap "" XFSZ; s3get -o file sealed.gz'
status_is 3 'a file that may not grow'
no_file file
no_file file.partial
run s3get -o no/such/dir/file sealed.gz
status_is 3 'a missing directory'
for signal in TERM:143 HUP:129 INT:130; do
	faults 'GET . from:3 stall 60'
	env --default-signal=INT s3get -j 1 -o file sealed.gz >"$out" 2>"$err" &
	wait_for test -e file.partial
	sleep 0.3
	kill -s "${signal%:*}" $!
	wait $!
	status=$?
	status_is "${signal#*:}" "SIG${signal%:*} ends it as such"
	no_file file
	no_file file.partial
done
no_children_left
no_temp_left
done_testing
