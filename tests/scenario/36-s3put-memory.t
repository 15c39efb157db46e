#!/bin/sh
# s3put: a stream of any length within 96 MiB, all steps of part sizes.
# slow
. "${0%/*}/../lib.sh"
use_s3
fresh_bucket
seal() {
	"$tests/seal.py" "$@"
}
tab=$(printf '\t')

peak() { # peak COMMAND...: its output, and a line with KiB
	python3 -c 'import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)' "$@"
}

seal 1024 | peak s3put --force -j9 big >"$out" 2>"$err"
is "$?" 0 'a gigabyte out of a pipe'
diag "peak: $(tail -n 1 "$out") KiB"
ok 'needs less than 96 MiB' test "$(tail -n 1 "$out")" -lt 98304
seal 300 | peak s3put --force -j9 --max-parts 10 big >"$out"
diag "peak: $(tail -n 1 "$out") KiB"
ok 'so do parts that grow, beyond memory' test "$(tail -n 1 "$out")" -lt 98304
like "$(head -n 1 "$out")" "^s3://$bucket/big${tab}314572948${tab}[0-9a-f]{32}-9$tab" \
	'in nine parts'
is "$(s3get big | sha256sum | cut -d' ' -f1)" \
	"$(head -n 1 "$out" | cut -f5)" 'that are put together in order'
for size in 16M 40M; do
	seal 200 | peak s3put --force -j9 --part-size $size big >"$out" 2>"$err"
	diag "peak: $(tail -n 1 "$out") KiB"
	ok "so do parts of $size" test "$(tail -n 1 "$out")" -lt 98304
done
seal 200 | AWS_ENDPOINT_URL=$S3_TEST_TLS_URL peak s3put --force -j9 \
	--part-size 16M big >"$out"
diag "peak: $(tail -n 1 "$out") KiB"
ok 'and TLS' test "$(tail -n 1 "$out")" -lt 98304
s3 rm "$bucket" big
no_uploads_left "$bucket"
no_temp_left
done_testing
