#!/bin/sh
# s3put with credentials that may write and not read, and in a bucket that
# keeps versions.
. "${0%/*}/../lib.sh"
use_s3
fresh_bucket
"$tests/seal.py" 11 >sealed
"$tests/seal.py" 1 >small

# --- a writer that may not look

cat >policy <<E
{ "Version": "2012-10-17", "Statement": [ { "Effect": "Allow",
  "Principal": "*", "Action": [ "s3:PutObject", "s3:AbortMultipartUpload" ],
  "Resource": "arn:aws:s3:::$bucket/*" } ] }
E
s3 call PUT "/$bucket?policy=" policy >/dev/null
writer() {
	run env AWS_ACCESS_KEY_ID="$S3_TEST_OTHER_KEY" \
		AWS_SECRET_ACCESS_KEY="$S3_TEST_OTHER_SECRET" "$@"
}
writer s3get any
status_is 4 'it may not read'
writer s3put small small
status_is 0 'it may store, in one PUT'
writer s3put small small
status_is 1 'once'
err_like 'exists already' 'as it is told'
writer s3put --force small small
status_is 0 'or twice with --force'
writer s3put --part-size 5M large sealed
status_is 0 'and in parts'
is "$(s3 ls "$bucket" large | cut -f1)" "$(wc -c <sealed)" 'all of it'
head -c 11000000 sealed >short
writer sh -c 'cat short | s3put --part-size 5M no'
status_is 1 'a cut stream is refused'
s3 call DELETE "/$bucket?policy=" >/dev/null
writer s3put no small
status_is 4 'without the right to write it fails'
err_like 'AccessDenied' 'and says why'
is "$(s3 ls "$bucket" no)" '' 'there is nothing'
no_uploads_left "$bucket"

# --- versions

fresh_bucket
echo '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>' >on
s3 call PUT "/$bucket?versioning=" on >/dev/null
version() {
	cut -f4 "$out"
}
run s3put a small
first=$(version)
run s3put --force --part-size 5M a sealed
second=$(version)
isnt "$first" - 'the receipt tells the version'
isnt "$second" - 'also of an upload in parts'
s3 versions "$bucket" a | cut -f1 | sort >there
printf '%s\n' "$first" "$second" | sort >told
same_file there told 'and they are those of the bucket'
no_uploads_left "$bucket"
no_children_left
done_testing
