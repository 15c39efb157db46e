#!/bin/sh
# Objects that are not just there: with versions, locked, archived.
. "${0%/*}/../lib.sh"
. "$tests/retention.sh"
use_s3
fresh_bucket
tab=$(printf '\t')

# --- s3prune in a bucket with versions

echo '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>' >on
s3 call PUT "/$bucket?versioning=" on
old=app$(stamp '9 days ago') older=app$(stamp '10 days ago')
store "app$(stamp '1 day ago')" "$old" "$older" "$older" "$older.notes"
s3 put "$bucket" "app$(stamp '1 day ago')" sealed
run s3prune --days 8 --dry-run --versions "s3://$bucket"
cp "$out" plan
run s3prune --days 8 "s3://$bucket"
status_is 0 'without --versions'
same_file plan "$out" 'the same goes'
is "$(s3 versions "$bucket" "$older" | grep -c "^deleted$tab")" 1 \
	'but it is only hidden'
store "$old" "$older"
s3 rm "$bucket" "$old"
run s3prune --keep-last 1 --versions "s3://$bucket"
status_is 0 '--versions'
is "$(decided delete)" "$older" 'deletes what no rule keeps'
is "$(s3 versions "$bucket" "$older" | cut -f2 | sort -u)" "$older.notes" \
	'with all its versions and markers, and no longer key'
is "$(s3 versions "$bucket" "$old" | grep -vc "^deleted$tab")" 2 \
	'what was deleted earlier has its versions still'
is "$(s3 versions "$bucket" "app$(stamp '1 day ago')" | wc -l)" 2 \
	'and so has what stays'

# --- locked ones

bucket=$bucket-lock
s3 mb "$bucket" 'x-amz-bucket-object-lock-enabled: true'
export S3_BUCKET="s3://$bucket"
store "app$(stamp '1 day ago')"
run s3put --lock-mode GOVERNANCE --lock-days 1 "$old" sealed
run s3prune --keep-last 1 --versions "s3://$bucket"
status_is 4 'a locked version'
is "$(decided error)" "$old" 'is not deleted'
is "$(s3 versions "$bucket" "$old" | wc -l)" 1 'and is there'
run s3prune --keep-last 1 --bypass-governance "s3://$bucket"
status_is 2 '--bypass-governance is for --versions'
run s3prune --keep-last 1 --versions --bypass-governance "s3://$bucket"
status_is 0 'with both it goes'
is "$(s3 versions "$bucket" "$old")" '' 'for good'

# --- archived ones

use_sim
run s3put --storage-class DEEP_ARCHIVE cold sealed
run s3get -o back cold
status_is 4 'an archived object'
err_like "^s3get: cannot fetch 's3://sim/cold': it is archived \(DEEP_ARCHIVE\)$" \
	'can not be fetched'
err_like 'hint: .*: s3get --restore 7 s3://sim/cold$' 'it says how to restore it'
no_file back
run s3get --restore 7 cold
status_is 0 'as it says'
run s3get --restore 7 cold
status_is 0 'twice'
run s3get cold
status_is 4 'that takes its time'
err_like 'hint: it is being restored' 'and is said'
run s3get --restore 7 nothing
status_is 4 'nothing to restore'
run s3get --restore 7 -o back cold
status_is 2 'nothing is fetched then'
s3put warm sealed >/dev/null
run s3ls --storage-class
out_like "^20.{8} .{8} +$(wc -c <sealed) DEEP_ARCHIVE  cold\$" 'the class in a column'
out_like "^20.{8} .{8} +$(wc -c <sealed) STANDARD      warm\$" 'of each'
done_testing
