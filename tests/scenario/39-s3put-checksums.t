#!/bin/sh
# s3put: checksums as AWS verifies them, and a stream of a thousand parts.
# unsanitized
. "${0%/*}/../lib.sh"
use_sim
"$tests/seal.py" 6 >sealed
head -c 100000 /dev/urandom >small

# --- which one

run s3put a small
status_is 0 'elsewhere than on AWS'
is "$(sim_sent PUT /a content-md5)" "$(openssl md5 -binary small | base64)" \
	'bytes are checked by MD5'
is "$(sim_sent PUT /a x-amz-checksum-crc64nvme)" - 'and by nothing newer'
run env AWS_REQUEST_CHECKSUM_CALCULATION=when_supported s3put b small
status_is 0 'when_supported'
isnt "$(sim_sent PUT /b x-amz-checksum-crc64nvme)" - 'asks for CRC64NVME'
is "$(sim_sent PUT /b content-md5)" - 'instead of MD5'
printf '[default]\nrequest_checksum_calculation = WHEN_SUPPORTED\n' >config
run env AWS_CONFIG_FILE=config s3put c small
isnt "$(sim_sent PUT /c x-amz-checksum-crc64nvme)" - 'so does the profile'
run env AWS_CONFIG_FILE=config AWS_REQUEST_CHECKSUM_CALCULATION=when_required \
	s3put d small
is "$(sim_sent PUT /d x-amz-checksum-crc64nvme)" - 'when_required goes before it'
run env AWS_REQUEST_CHECKSUM_CALCULATION=often s3put no small
status_is 2 'anything else is an error'
run s3put --checksum crc32c e small
isnt "$(sim_sent PUT /e x-amz-checksum-crc32c)" - 'an option goes before all'

# --- of a whole upload in parts, which the server puts together by itself

for name in crc64nvme crc32; do
	run s3put --checksum $name --part-size 5M "of-$name" sealed
	status_is 0 "$name of two parts is that of the whole"
	is "$(sim_sent POST "of-$name.uploads" x-amz-checksum-type)" FULL_OBJECT \
		"$name was asked for as the whole's"
done
{ cat sealed sealed; } >twice
run sh -c 'cat twice | s3put --unsealed --checksum crc32 --part-size 41M temp'
status_is 1 'broken seal'
run s3put --checksum crc32 --part-size 5M --filter cat filtered sealed
status_is 0 'behind a filter'

# --- a store that does not know a header

echo x-amz-tagging >"$SIM_REFUSE"
run s3put --tag a=b --metadata host=db1 no small
status_is 4 'a store without tags'
err_like '^s3put: hint: .*leave out --tag$' 'names the one option'
echo x-amz-checksum-algorithm >"$SIM_REFUSE"
run s3put --checksum crc32 --part-size 5M --tag a=b no sealed
status_is 4 'a store without checksums'
err_like '^s3put: hint: .*give --checksum md5$' 'names the one it knows'
echo if-none-match >"$SIM_REFUSE"
run s3put once small
status_is 0 'a store without conditions'
run s3put once small
status_is 1 'is looked at first'
: >"$SIM_REFUSE"

# --- terms that go with each request

run s3put --expected-bucket-owner 123456789012 --request-payer terms small
status_is 0 'owner and payer'
is "$(sim_sent HEAD /terms x-amz-expected-bucket-owner)" 123456789012 \
	'the owner is checked when looking'
is "$(sim_sent PUT /terms x-amz-expected-bucket-owner)" 123456789012 \
	'and when storing'
is "$(sim_sent PUT /terms x-amz-request-payer)" requester 'who pays'

# --- a thousand parts, and more

if instrumented; then
	skip 'too long under instruments' 4
else
	"$tests/seal.py" 5110 | "$tests/peak" kib s3put --checksum crc32 --part-size 5M \
		long >"$out" 2>"$err"
	status=$?
	status_is 0 'a stream of more than a thousand parts'
	out_like '	5358223508	[0-9a-f]{32}-1023	' 'of 5 MiB each'
	is "$(sim_sent PUT /long content-length | sort | uniq -c | wc -l)" 2 \
		'but the last'
	ok "needs less than 96 MiB: $(cat kib) KiB" test "$(cat kib)" -lt 98304
fi
no_children_left
no_temp_left
done_testing
