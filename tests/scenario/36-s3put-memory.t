#!/bin/sh
# s3put: a stream of any length within 96 MiB, all steps of part sizes.
# unsanitized
. "${0%/*}/../lib.sh"
use_s3
fresh_bucket
seal() {
	"$tests/seal.py" "$@"
}
tab=$(printf '\t')

# fits NAME: the last peak is below the limit
fits() {
	ok "$1: $(cat kib) KiB" test "$(cat kib)" -lt 98304
}

seal 1024 | "$tests/peak" kib s3put --force -j9 big >"$out" 2>"$err"
is "$?" 0 'a gigabyte out of a pipe'
fits 'needs less than 96 MiB'
seal 300 | "$tests/peak" kib s3put --force -j9 --max-parts 10 big >"$out"
fits 'so do parts that grow, beyond memory'
like "$(cat "$out")" "^s3://$bucket/big${tab}314572948${tab}[0-9a-f]{32}-9$tab" \
	'in nine parts'
is "$(s3get big | sha256sum | cut -d' ' -f1)" \
	"$(cut -f5 "$out")" 'that are put together in order'
for size in 16M 40M; do
	seal 200 | "$tests/peak" kib s3put --force -j9 --part-size $size big >"$out" 2>"$err"
	fits "so do parts of $size"
done
seal 200 | AWS_ENDPOINT_URL=$S3_TEST_TLS_URL "$tests/peak" kib s3put --force -j9 \
	--part-size 16M big >"$out"
fits 'and TLS'
s3 rm "$bucket" big
no_uploads_left "$bucket"
no_temp_left
done_testing
