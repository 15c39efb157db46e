#!/bin/sh
# s3put: how an object is kept, by options; on a real server.
. "${0%/*}/../lib.sh"
use_s3
fresh_bucket
"$tests/seal.py" 6 >sealed
echo other >small

# header KEY ERE NAME: a header of the object
header() {
	like "$(s3 head "$bucket" "$1")" "^$2\$" "$3"
}

# --- tags, metadata, type, class; in one request and in parts

for size in 5M 8M; do
	run s3put --part-size $size --tag a=b --tag 'c d=x/ü&=' \
		--metadata host=db1 --metadata 'note=a b, c' \
		--content-type application/x-dump --storage-class STANDARD_IA \
		--force kept sealed
	status_is 0 "parts of $size: stored"
	header kept 'x-amz-meta-host: db1' "parts of $size: metadata"
	header kept 'x-amz-meta-note: a b, c' "parts of $size: with blanks"
	header kept 'content-type: application/x-dump' "parts of $size: type"
	header kept 'x-amz-storage-class: STANDARD_IA' "parts of $size: class"
done
tags=$(s3 call GET "/$bucket/kept?tagging=")
like "$tags" '<Key>a</Key><Value>b</Value>' 'a tag'
like "$tags" '<Key>c d</Key><Value>x/ü&amp;=</Value>' 'an odd tag'
run s3put --storage-class NONESUCH --tag a=b no sealed
status_is 4 'a storage class that the server does not know'
err_like 'hint: .*leave out --storage-class or --tag$' \
	'names the options that may be meant'

# --- object lock

locked=$bucket-lock
s3 mb "$locked" 'x-amz-bucket-object-lock-enabled: true'
run s3put --lock-mode GOVERNANCE --lock-days 2 "s3://$locked/days" sealed
status_is 0 'a lock for days'
like "$(s3 head "$locked" days)" "^x-amz-object-lock-retain-until-date: $(
	date -u -d '+2 days' +%Y-%m-%dT%H)" 'counts from now'
run s3put --lock-mode GOVERNANCE --lock-until 2099-01-31 --legal-hold \
	"s3://$locked/date" sealed
status_is 0 'a lock until a date, and a legal hold'
found=$(s3 head "$locked" date)
like "$found" '^x-amz-object-lock-mode: GOVERNANCE$' 'its mode'
like "$found" '^x-amz-object-lock-retain-until-date: 2099-01-31T00:00:00' 'its end'
like "$found" '^x-amz-object-lock-legal-hold: ON$' 'the hold'
run s3put --lock-mode GOVERNANCE --lock-days 2 --part-size 5M \
	"s3://$locked/parts" sealed
status_is 4 'a server that ignores the lock of an upload in parts'
err_like "^s3put: 's3://$locked/parts' is stored, but not locked" 'is found out'
err_like 'hint: let the bucket lock' 'with a way out'
use_proxy
faults 'HEAD one always status 403' 'GET one always status 403 AccessDenied'
run env AWS_MAX_ATTEMPTS=1 s3put --force --lock-mode GOVERNANCE --lock-days 2 \
	"s3://$locked/one" sealed
status_is 0 'who may not look relies on the server'
faults 'HEAD two always close'
run env AWS_MAX_ATTEMPTS=1 s3put --force --lock-mode GOVERNANCE --lock-days 2 \
	"s3://$locked/two" sealed
status_is 4 'a server that can not be asked'
err_like 'is stored, but it is not known whether it is locked' 'is no proof'
AWS_ENDPOINT_URL=$s3_direct
run s3put --lock-mode GOVERNANCE --lock-days 2 no sealed
status_is 4 'a bucket without object lock'
err_like 'hint: .*leave out --lock-mode' 'says what to leave out'

# --- encryption by the server

run s3put --sse aws:kms --sse-kms-key-id testkey-1 --part-size 5M kms sealed
status_is 0 'SSE-KMS'
header kms 'x-amz-server-side-encryption-aws-kms-key-id: testkey-1' 'its key'
openssl rand -base64 32 >key
openssl rand -base64 32 >other
AWS_ENDPOINT_URL=$S3_TEST_TLS_URL
for size in 5M 8M; do
	run s3put --sse-c-key-file key --part-size $size --force mine sealed
	status_is 0 "SSE-C, parts of $size"
	run s3get --sse-c-key-file key mine
	same_file "$out" sealed "SSE-C, parts of $size: comes back"
done
not_ok 'nobody reads it without the key' s3 get "$bucket" mine
run s3get mine
status_is 4 's3get without the key'
err_like 'hint: .*--sse-c-key-file' 'says what it may want'
run env S3_SSE_C_KEY_FILE=other s3get mine
status_is 4 'another key'
run env S3_SSE_C_KEY="$(cat key)" s3put mine sealed
status_is 1 'it is seen to be there'
run env S3_SSE_C_KEY="$(cat key)" \
	s3put --unsealed env -- sh -c 'echo "${S3_SSE_C_KEY-none}"'
status_is 0 'the key in the environment'
run env S3_SSE_C_KEY_FILE=key s3get env
out_is none 'is not handed on to the command'
run env AWS_ENDPOINT_URL="$s3_direct" s3put --sse-c-key-file key no sealed
status_is 2 'no key goes in the clear'
err_like "^s3put: the key in key would be sent in the clear" 'it says so'
for day in 03 04; do
	S3_SSE_C_KEY_FILE=key s3put "kept/app_202501${day}_020000.sql.gz" sealed \
		>receipt
done
run s3prune --keep-last 1 kept
status_is 4 's3prune can not read seals without the key'
run env S3_SSE_C_KEY_FILE=other s3prune --keep-last 1 kept
status_is 4 'nor with another'
is "$(s3 ls "$bucket" kept/ | wc -l)" 2 'and deletes nothing'
run s3prune --sse-c-key-file key --keep-last 1 kept
status_is 0 'with the key'
is "$(s3 ls "$bucket" kept/ | cut -f2)" kept/app_20250104_020000.sql.gz \
	'it prunes'
: >empty
for file in small empty; do
	run s3put --sse-c-key-file $file no sealed
	status_is 2 "what is no key: $file"
	unlike "$(cat "$err")" 'other' 'is not shown'
done
run s3put --sse-c-key-file missing no sealed
status_is 3 'a key file that is missing'
AWS_ENDPOINT_URL=$s3_direct

# --- rate

run sh -c 'head -c 3000000 /dev/urandom >part; s3put --limit-rate 1M rate part &
	pid=$!; sleep 1; kill -0 $pid && kill $pid; wait $pid'
status_is 143 'a limited upload is under way after a second'
run s3put --limit-rate 100M --part-size 5M rate sealed
status_is 0 'a limit that is not reached'

# --- progress

run "$tests/terminal.py" seen receipt s3put --limit-rate 4M shown sealed
status_is 0 'an upload with a terminal'
tr '\r' '\n' <seen >lines
like "$(cat lines)" '^[0-9]+ % of 6.0 MiB, .*/s, .* left' \
	'shows the part done, the rate, the time left'
like "$(tail -n 1 lines)" '^.\[K$' 'and takes the line away in the end'
run "$tests/terminal.py" seen back s3get shown
same_file back sealed 'a download with a terminal is the same'

# --- wrong use

for args in '--lock-mode GOVERNANCE' '--lock-days 3' '--lock-mode X --lock-days 3' \
	'--lock-mode GOVERNANCE --lock-until 2020-01-01' \
	'--lock-mode GOVERNANCE --lock-until soon' \
	'--lock-mode GOVERNANCE --lock-days 1 --lock-until 2099-01-01' \
	'--tag a' '--tag =a' '--metadata A=b' '--metadata pgdumpz-upload=x' \
	'--metadata a=ü' '--bucket-key' '--sse-kms-key-id k --sse AES256' \
	'--limit-rate 1K' '--force --if-none-match' '--checksum sha1' \
	'--sse AES256 --sse-c-key-file key'; do
	# shellcheck disable=SC2086 # words
	run s3put $args no sealed
	status_is 2 "s3put $args"
done
is "$(s3 ls "$bucket" no)" '' 'nothing of all this was stored'
no_uploads_left "$bucket"
no_uploads_left "$locked"
no_children_left
no_temp_left
done_testing
