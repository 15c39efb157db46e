#!/bin/sh
# Another store: the tests of the S3 tools on Swift, and what it refuses.
# unsanitized
. "${0%/*}/../lib.sh"
swift=$(start_server swift)
[ -r "$swift/env" ] || {
	echo 'Bail out! no Swift'
	exit 1
}
PGDUMPZ_TEST_S3=$swift
export PGDUMPZ_TEST_S3

# --- the same scenarios

for name in 22-odd-keys 30-s3put 35-s3get 40-s3ls 41-s3prune; do
	"$tests/scenario/$name.t" >log 2>&1
	result $? "all of $name" || diag "$(grep -A 9 '^not ok' log | head -n 60)"
	ok "$(grep -c '^ok ' log) of them" test "$(grep -c '^ok ' log)" -ge 40
done

# --- uploads in parts: equal ones, few ones, and none left

use_s3
fresh_bucket
"$tests/seal.py" 26 >sealed
run s3put --part-size 6M equal sealed
status_is 0 'equal parts'
like "$(cat "$out")" '	[0-9a-f]{32}-5	' 'five of them'
run s3get equal
same_file "$out" sealed 'which come back'
run sh -c 's3put --max-parts 10 --part-size 5M few - <sealed'
status_is 0 'a store that allows few parts'
run sh -c 'cat sealed | s3put --max-parts 3 --part-size 5M no'
status_is 2 'too many for it'
head -c 20000000 sealed >cut
run sh -c 'cat cut | s3put --part-size 5M no'
status_is 1 'a cut stream'
no_uploads_left "$bucket"
run s3put --check probe
status_is 0 '--check'
run s3put equal sealed
status_is 1 'an object is not replaced, though the server knows no condition'

# --- a wrong region, which this one minds

export AWS_REGION=eu-nowhere-1
run s3put far sealed
status_is 0 'stored, in the region that the server names'
run s3get far
same_file "$out" sealed 'and fetched'
run s3ls far
out_like ' far$' 'and listed'
run sh -c 's3put --part-size 5M parts - <sealed'
status_is 0 'and stored in parts'
unset AWS_REGION

# --- what the store does not know

for option in '--storage-class GLACIER' '--sse AES256' '--tag a=b'; do
	# shellcheck disable=SC2086 # words
	run s3put $option no cut
	status_is 1 "$option: a cut file is a cut file"
	# shellcheck disable=SC2086
	echo | s3put --unsealed $option no >"$out" 2>"$err"
	status=$?
	status_is 4 "$option is refused"
	err_like "hint: if the store doesn't know it, leave out ${option%% *}\$" \
		'the hint names the option'
done
echo x >file
run s3put --lock-mode COMPLIANCE --lock-days 1 lock file
status_is 4 'a lock that the store ignores'
err_like 'is stored, but not locked' 'is found out'
run s3bucket check "$S3_BUCKET"
status_is 1 'a bucket that can be given versions'
out_like '^gap	versioning	' 'lacks them'
run s3bucket apply "$S3_BUCKET"
status_is 0 'what the store can is set'
out_like '^note	lifecycle	not set: ' 'what it can not is said'
run s3bucket check "$S3_BUCKET"
status_is 0 'then there is no gap'
is "$(s3 ls "$bucket" no)" '' 'nothing of all this was stored'
no_uploads_left "$bucket"
no_children_left
done_testing
