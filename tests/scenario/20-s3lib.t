#!/bin/sh
# lib/s3 against a real server, by itself and behind the fault proxy.
. "${0%/*}/../lib.sh"
use_s3
fresh_bucket
call=$unit/test_s3call
[ -x "$call" ] || skip_all 'unit tests are not built'
echo hello >hello
head -c 12000000 /dev/urandom >big

# --- objects and listings

run "$call" head "$bucket" none
out_is missing 'a missing key is not an error'
run "$call" put "$bucket" one hello id1 new
out_is 'ok b1946ac92492d2347c6235b4d2611184' 'an object goes up'
run "$call" put "$bucket" one hello id2 new
out_is exists 'and is not overwritten'
run "$call" head "$bucket" one
out_is '6 b1946ac92492d2347c6235b4d2611184 id1' 'it bears our id'
run "$call" get "$bucket" one 1 3
out_is ell 'a range of it comes back'
run "$call" get "$bucket" one 1 30
status_is 4 'a range beyond its end is an error'
err_like 'it is shorter than expected' 'and says so'
run "$call" get "$bucket" one 1 3 0123
status_is 4 'another ETag is an error'
err_like 'it was replaced while it was read' 'and says so'
run "$call" delete "$bucket" one none
status_is 0 'deleting, also what is not there'
out_is '' 'succeeds for each key'

odd='a b
a+b
%41
a&b<c>"d
ünï/ç
a//b
../x/../y
./z
/lead
q?x=y#z
*~()!'"'"
echo "$odd" | while IFS= read -r key; do
	"$call" put "$bucket" "$key" hello id new
done >put.log 2>&1
"$call" put "$bucket" "$(printf 'new\nline')" hello id new >>put.log 2>&1
"$call" put "$bucket" "$(printf 'tab\there\177')" hello id new >>put.log 2>&1
is "$(grep -c '^ok' put.log)" 13 'odd keys go up'
is "$(s3 ls "$bucket" | grep -cxF -e "$(echo "$odd" | sed 's/^/6	/')")" 11 \
	'under their very names'
run "$call" list "$bucket" ''
is "$(sed -n 's/^6 //p' "$out" | grep -cxF -e "$odd")" 11 'and are listed'
out_like '^6 new\\x0aline$' 'newlines too'
run "$call" list "$bucket" '' /
out_like '^- a/$' 'common prefixes are listed'
echo "$odd" | {
	set --
	while IFS= read -r key; do set -- "$@" "$key"; done
	"$call" delete "$bucket" "$@" "$(printf 'new\nline')" \
		"$(printf 'tab\there\177')"
} >"$out" 2>&1
out_is '' 'odd keys are deleted'
nothing_left "$bucket"

# --- multipart uploads

run "$call" multipart "$bucket" big big idbig new
out_like '^ok .*-3$' 'three parts become an object'
"$call" get "$bucket" big 0 12000000 >back
same_file big back 'which is what went up'
run "$call" multipart "$bucket" big big idother new
out_is exists 'and is not overwritten'
id=$(s3 begin "$bucket" left/behind)
run "$call" uploads "$bucket" left/
out_is "$id left/behind" 'an upload left behind is listed'
run "$call" abort "$bucket" left/behind "$id"
status_is 0 'and aborted'
s3 rm "$bucket" big
nothing_left "$bucket"

# --- refusals

run env AWS_SECRET_ACCESS_KEY=wrong "$call" head "$bucket" k
status_is 4 'a wrong secret'
err_like 'SignatureDoesNotMatch' 'is named even though HEAD has no body'
err_like 'hint: check the secret key' 'with a hint'
unlike "$(cat "$err")" wrong 'and the secret is not shown'
run env AWS_SECRET_ACCESS_KEY=wrong "$call" put "$bucket" k big
err_like 'SignatureDoesNotMatch' 'a large body does not hide it'
run env AWS_ACCESS_KEY_ID=NOBODY "$call" list "$bucket" ''
err_like 'InvalidAccessKeyId' 'an unknown key'
run env AWS_ACCESS_KEY_ID="$S3_TEST_OTHER_KEY" \
	AWS_SECRET_ACCESS_KEY="$S3_TEST_OTHER_SECRET" "$call" list "$bucket" ''
err_like 'AccessDenied' "somebody else's bucket"
for command in 'head nobucket-x k' 'put nobucket-x k hello' \
	'multipart nobucket-x k big id' 'list nobucket-x a' 'get nobucket-x k 0 1'; do
	# shellcheck disable=SC2086 # words
	run "$call" $command
	err_like 'NoSuchBucket' "no bucket: ${command%% *}"
done
run env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY "$call" list "$bucket" ''
status_is 2 'no credentials'
err_like "looked at .*$HOME/.aws/credentials" 'says where it looked'
run env AWS_MAX_ATTEMPTS=2 AWS_ENDPOINT_URL=http://127.0.0.1:1 \
	"$call" list "$bucket" ''
status_is 4 'no server'
err_like 'hint: check that the server runs' 'with a hint'
nothing_left "$bucket"

# --- endpoints and TLS

run env AWS_ENDPOINT_URL="$S3_TEST_TLS_URL" "$call" put "$bucket" t hello
status_is 0 'TLS with its own CA'
run env -u AWS_CA_BUNDLE AWS_ENDPOINT_URL="$S3_TEST_TLS_URL" \
	"$call" put "$bucket" u hello
status_is 4 'TLS without it'
err_like 'certificate' 'is refused'
run env AWS_CA_BUNDLE="$T/none" AWS_ENDPOINT_URL="$S3_TEST_TLS_URL" \
	"$call" put "$bucket" u hello
status_is 4 'a bundle that is not there is refused'
other=${S3_TEST_TLS_URL%:*}
other=https://other.localhost${S3_TEST_TLS_URL#"$other"}
run env AWS_ENDPOINT_URL="$other" AWS_MAX_ATTEMPTS=1 "$call" put "$bucket" u hello
status_is 4 'a certificate for another host is refused'
mkdir -p .aws
cat >.aws/config <<E
[profile virtual]
services = local
s3 =
  addressing_style = virtual
[services local]
s3 =
  endpoint_url = $S3_TEST_VHOST_URL
E
run env -u AWS_ENDPOINT_URL AWS_PROFILE=virtual "$call" list "$bucket" ''
out_is '6 t' "a virtual host, by the profile's endpoint and style"
run env -u AWS_ENDPOINT_URL AWS_PROFILE=virtual "$call" put "$bucket" 'v//w x' hello
status_is 0 'takes odd keys too'
run env AWS_PROFILE=nobody "$call" list "$bucket" ''
status_is 2 'a profile that is not there is an error'
s3 rm "$bucket" t
s3 rm "$bucket" 'v//w x'
nothing_left "$bucket"

# --- a clock that is off

cat >shift.c <<'E'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

time_t
time(time_t *t)
{
	time_t (*real)(time_t *) = (time_t (*)(time_t *))dlsym(RTLD_NEXT, "time");
	time_t now = real(NULL) + atol(getenv("TIME_SHIFT"));

	if (t != NULL)
		*t = now;
	return now;
}
E
if "${CC:-cc}" -shared -fPIC -o shift.so shift.c 2>shift.log; then
	for shift in 7200 -7200; do
		# a sanitizer's own library would insist on being the first
		off="env TIME_SHIFT=$shift LD_PRELOAD=$T/shift.so \
			ASAN_OPTIONS=verify_asan_link_order=0 $call"
		run $off put "$bucket" off hello
		status_is 0 "a clock off by $shift s is corrected for a PUT"
		run $off head "$bucket" off
		status_is 0 'and for a HEAD'
		run $off delete "$bucket" off
		status_is 0 'and for a delete'
	done
else
	skip 'no compiler for a shifted clock' 6
fi
nothing_left "$bucket"

# --- faults

use_proxy
export AWS_MAX_ATTEMPTS=4
for fault in 'status 503' 'status 500' 'status 429 TooManyRequests' \
	'status 400 RequestTimeout' 'status 400 BadDigest' close reset drop \
	'cut 5000000' 'early 503' 'after 500'; do
	faults "PUT partNumber=2 first:2 $fault"
	run "$call" multipart "$bucket" k big id new
	out_like '^ok' "a part survives: $fault"
	faults "PUT /l first:1 $fault"
	run "$call" put "$bucket" l big id2 new
	out_like '^ok' "an object survives: $fault"
	s3 rm "$bucket" k
	s3 rm "$bucket" l
done
for fault in drop 'error InternalError' 'error-after InternalError' empty \
	empty-after 'after 503' 'status 503' 'truncate 60'; do
	faults "POST uploadId first:1 $fault"
	run "$call" multipart "$bucket" k big id new
	out_like '^ok' "completing survives: $fault"
	"$call" get "$bucket" k 0 12000000 >back
	same_file big back 'and the object is whole'
	s3 rm "$bucket" k
done
nothing_left "$bucket"
for fault in 'error AccessDenied' 'error InternalError' 'status 403 AccessDenied' \
	'status 500' close empty; do
	faults "POST uploadId always $fault"
	run env AWS_MAX_ATTEMPTS=2 "$call" multipart "$bucket" k big id new
	status_is 4 "completing fails: $fault"
done
for fault in 'status 403 AccessDenied' 'status 500' close; do
	faults "PUT . always $fault"
	run env AWS_MAX_ATTEMPTS=2 "$call" multipart "$bucket" k big id new
	status_is 4 "parts fail: $fault"
	run env AWS_MAX_ATTEMPTS=2 "$call" put "$bucket" k big id new
	status_is 4 "an object fails: $fault"
done
faults
nothing_left "$bucket"
faults 'POST uploadId from:1 drop'
run env AWS_MAX_ATTEMPTS=1 "$call" multipart "$bucket" k big id new
out_like '^ok' 'an answer that is lost for good is resolved by our id'
faults 'PUT . first:1 status 501 NotImplemented'
run "$call" put "$bucket" m hello id new
out_like '^ok' 'a store without If-None-Match: a HEAD instead'
is "$(requests HEAD /m)" 1 'was sent'
faults 'PUT . first:1 status 403 AccessDenied'
forget_requests
run "$call" put "$bucket" n hello id new
status_is 4 'a refusal'
is "$(requests PUT /n)" 1 'is not tried again'
for fault in 'truncate 5000000' 'reset-after 5000000' drop close 'status 503'; do
	faults "GET /k first:2 $fault"
	"$call" get "$bucket" k 0 12000000 >back 2>"$err"
	same_file big back "reading survives: $fault"
done
faults 'GET /k first:1 stall-after 30 5000000'
STALL_SECONDS=2 "$call" get "$bucket" k 0 12000000 >back 2>"$err"
same_file big back 'reading survives a stall'
for fault in 'error SlowDown' 'truncate 200' empty-after 'status 503'; do
	faults "GET list-type first:2 $fault"
	run "$call" list "$bucket" ''
	out_is '12000000 k
6 m' "listing survives: $fault"
done
faults
s3 rm "$bucket" k
s3 rm "$bucket" m

# --- a signal

faults 'PUT partNumber=2 always stall 60'
"$call" multipart "$bucket" stopped big id new >"$out" 2>"$err" &
pid=$!
wait_for grep -q 'partNumber=1' "$FAULT_REQUESTS"
sleep 0.5
kill -TERM "$pid"
wait "$pid"
# shellcheck disable=SC2034 # status_is reads it
status=$?
status_is 143 'SIGTERM ends it the way it should'
faults
nothing_left "$bucket"
no_children_left
no_temp_left
done_testing
