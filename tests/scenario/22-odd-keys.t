#!/bin/sh
# Keys with every odd byte go through s3put, s3ls, s3get and s3prune unchanged:
# each is a folder of two backups, and once a key of its own.
. "${0%/*}/../lib.sh"
. "$tests/retention.sh"
use_s3
fresh_bucket
export AWS_MAX_ATTEMPTS=2
old=app$(stamp '9 days ago') new=app$(stamp '1 day ago')

# through FOLDER NAME
through() {
	folder=s3://$bucket/$1
	run sh -c 's3put "$1" <sealed && s3put "$2" <sealed' - \
		"$folder/$old" "$folder/$new"
	status_is 0 "$2: goes up"
	cp "$out" receipt
	is "$(s3ls --json "$folder/" | /usr/bin/python3 -c '
import json, sys
print(sorted(i["key"] for i in json.load(sys.stdin)) == sorted(sys.argv[1:]))
' "$1/$old" "$1/$new")" True "$2: is listed, exactly"
	run s3get "$folder/$new"
	same_file sealed "$out" "$2: comes down"
	run s3prune --keep-last 1 "$folder"
	status_is 0 "$2: is pruned"
	is "$(s3 ls "$bucket" "$1/" | sed '1s/^[0-9]*	//')" "$1/$new" \
		"$2: only the newest is left"
}

long=$(head -c 980 /dev/zero | tr '\0' k)
through 'a b' 'a space'
through 'a+b' 'a plus'
through '100%41' 'a percent sign'
through 'a&b;c=d' 'an ampersand'
through '<a>"b' 'brackets'
through 'ü/日本' 'unicode'
through 'new
line' 'a newline'
like "$(head -n 1 receipt)" "^s3://$bucket/new.x0aline/app_.*	[0-9a-f]{64}\$" \
	'its receipt is one line'
through "tab	$(printf '\177')" 'control characters'
through '/lead' 'a leading slash'
through 'a//b' 'two slashes'
through 'a/../b' 'dots'
through './.' 'a dot'
through 'q?x=y#z' 'a query'
through "$long" 'a long one'
longest=$long$(head -c 44 /dev/zero | tr '\0' z)
run sh -c 's3put "$1" <sealed' - "s3://$bucket/$longest"
status_is 0 'a key of 1,024 bytes'
run s3get "s3://$bucket/$longest"
same_file sealed "$out" 'comes down'
run sh -c 's3put "$1" <sealed' - "s3://$bucket/${longest}z"
status_is 2 'one of 1,025 is refused'
is "$(s3 ls "$bucket" | grep -c '	')" 15 'nothing else is there'
no_uploads_left "$bucket"
no_temp_left
done_testing
