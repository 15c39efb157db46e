#!/bin/sh
# s3put: what becomes an object, and what is refused. One PUT when small.
. "${0%/*}/../lib.sh"
use_s3
fresh_bucket
seal() {
	"$tests/seal.py" "$@"
}
sha() {
	sha256sum <"$1" | cut -d' ' -f1
}
tab=$(printf '\t')

# refused KEY NAME: exit 1, and nothing of it is there.
refused() {
	status_is 1 "$2: refused"
	out_is '' "$2: no receipt"
	is "$(s3 ls "$bucket" "$1")" '' "$2: no object"
}

# --- the law

seal 1 >sealed
run sh -c 's3put a.sql.gz <sealed'
status_is 0 'a sealed file on standard input is stored'
run sh -c 'cat sealed | s3put dir/b.sql.gz'
status_is 0 'a sealed stream out of a pipe is stored'
err_is '' 'silently'
etag=$(md5sum <sealed | cut -d' ' -f1)
out_is "s3://$bucket/dir/b.sql.gz$tab$(wc -c <sealed)$tab$etag$tab-$tab$(sha sealed)" \
	'with a receipt'
s3 get "$bucket" dir/b.sql.gz >back
same_file sealed back 'and is the same'
like "$(s3 head "$bucket" dir/b.sql.gz)" '^content-type: application/gzip$' \
	'it is gzip'
like "$(s3 head "$bucket" dir/b.sql.gz)" '^x-amz-meta-pgdumpz-upload: .{32}$' \
	'and bears the id of its upload'

gzip -c sealed >foreign
run sh -c 'cat foreign | s3put no'
refused no 'a foreign stream'
err_like 'is not a sealed stream' 'it says why'
err_like 'hint: put gzverify before' 'and what to do'
run sh -c ': | s3put no'
refused no 'an empty stream'
run sh -c 'printf x | s3put no'
refused no 'a single byte'
run sh -c ': | s3put --unsealed no'
refused no 'an empty stream even with --unsealed'
head -c 20 sealed >cut20
run sh -c 'cat cut20 | s3put no'
refused no 'a stream cut in its first header'
for n in 36 46 1000 $(($(wc -c <sealed) - 102)) $(($(wc -c <sealed) - 1)); do
	head -c "$n" sealed >short
	run sh -c 'cat short | s3put no'
	refused no "a stream cut at $n"
	run sh -c 'cat short | s3put --unsealed no'
	refused no "a stream cut at $n with --unsealed"
	run s3put no short
	refused no "a file cut at $n"
done
{ cat sealed; printf x; } >longer
run sh -c 'cat longer | s3put no'
refused no 'a stream with a byte behind its seal'
cp sealed flipped
printf 'other bytes' | dd of=flipped bs=1 seek=5000 conv=notrunc 2>/dev/null
run sh -c 'cat flipped | s3put no'
refused no 'a stream with a changed byte'

run sh -c 'cat foreign | s3put --unsealed foreign.gz'
status_is 0 '--unsealed trusts the producer'
run s3put file.gz foreign
status_is 0 'a FILE may be anything'
run sh -c 's3put stdin.gz <foreign'
status_is 0 'a redirected file too'
: >nothing
run s3put nothing nothing
status_is 0 'even empty'
is "$(s3 ls "$bucket" nothing)" "0${tab}nothing" 'it is stored as such'
run s3put dash - <sealed
status_is 0 '- is standard input'

# --- keys

run sh -c 's3put a.sql.gz <sealed'
status_is 1 'an object is not replaced'
err_like 'exists already' 'it says why'
err_like 'hint: .*--force' 'and how to'
run sh -c 'cat foreign | s3put --unsealed --force a.sql.gz'
status_is 0 'but by --force'
s3 get "$bucket" a.sql.gz >back
same_file foreign back 'it is replaced'
run sh -c 'cat short | s3put --force a.sql.gz'
status_is 1 'a refused stream does not replace anything'
s3 get "$bucket" a.sql.gz >back
same_file foreign back 'the old object is still there'
run s3put "s3://$bucket/odd key/ü+&=%41?.gz" sealed
status_is 0 'an odd key'
s3 get "$bucket" 'odd key/ü+&=%41?.gz' >back
same_file sealed back 'is stored under that very name'
run env S3_BUCKET="s3://$bucket/pre/fix" s3put --name 'my db' sealed
status_is 0 '--name'
out_like "^s3://$bucket/pre/fix/my%20db_$(date -u +%Y%m%d)_[0-9]{6}.sql.gz$tab" \
	'makes a key of name and time, below S3_BUCKET'
run s3put --name app --suffix .age foreign
out_like '/app_[0-9]{8}_[0-9]{6}.sql.gz.age' '--suffix ends it'

# --- wrong use

for args in '' 'a b c' '--name a b c' '--name a b -- true' 'a b -- true' '--jobs 0 a' \
	'--part-size 1M a' '--max-parts 20000 a' '--suffix .age a' 'dir/' \
	'--name a --suffix .zip' '--part-size x a' '--nonsense a' 'a missing' \
	'--filter cat app_20250104_020000.sql.gz'; do
	# shellcheck disable=SC2086 # words
	run sh -c 's3put "$@" <sealed' - $args
	case $args in
	*missing) status_is 3 "s3put $args" ;;
	*) status_is 2 "s3put $args" ;;
	esac
done
run s3put
err_like 'hint: give one of them' 'neither KEY nor --name: says what to do'
run s3put a .
status_is 2 'a directory'
run env -u S3_BUCKET s3put a sealed
status_is 2 'a relative key without S3_BUCKET'
run sh -c 's3put --help | grep -c expected-size'
out_is 1 '--help'

# --- what fails outside

run env AWS_SECRET_ACCESS_KEY=wrong s3put no sealed
status_is 4 'a wrong secret'
run s3put s3://no-such-bucket-here/no sealed
status_is 4 'no such bucket'
err_like 'no-such-bucket-here' 'is named'
run env AWS_ENDPOINT_URL=http://127.0.0.1:1 AWS_MAX_ATTEMPTS=2 s3put no sealed
status_is 4 'server down'
run env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY s3put no sealed
status_is 2 'no credentials'
run sh -c 's3put full <sealed >/dev/full'
status_is 3 'a receipt that can not be written'
err_like 'is stored, but its receipt is lost' 'says that the object is there'
is "$(s3 ls "$bucket" full | wc -l)" 1 'and it is'
run sh -c 's3put closed <sealed >&-'
status_is 3 'a closed standard output'
is "$(s3 ls "$bucket" no)" '0	nothing' 'none of these left an object'
no_uploads_left "$bucket"
no_children_left
no_temp_left
done_testing
