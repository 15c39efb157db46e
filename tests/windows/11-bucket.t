#!/bin/sh
# The tools that look after a bucket and a directory, on Windows: the same words
# as here, the same bytes.
. "${0%/*}/../lib.sh"
. "$tests/windows/lib.sh"
. "$tests/retention.sh"
use_wine
use_s3
fresh_bucket
mkdir dir

# same NAME COMMAND...: NAME.exe prints what NAME prints
same() {
	"$@" >here 2>&1
	here_status=$?
	tool=$1
	shift
	"$tool.exe" "$@" >there 2>&1
	is $? $here_status "$tool $*: the exit status"
	same_file here there "$tool $*: the words"
}

for ago in 1 2 3 40 41; do
	store "d/app$(stamp "$ago days ago")"
	cp sealed "dir/app$(stamp "$ago days ago")"
done
store "d/$(printf 'd\303\274 b')$(stamp '1 day ago')"
cp foreign "dir/app$(stamp '45 days ago')"
same s3ls d/
same s3ls --uri
same s3ls --uri d
same s3ls --json d/
same s3ls --human-readable --summarize d/
same s3ls --max-age 26h d/
same s3ls --max-age 3h d/
same s3prune --dry-run --days 30 d
same keeplocal --dry-run --days 30 dir
same gzverify -l sealed
same gzverify foreign missing
same s3bucket check
same s3bucket whoami
is "$(keys | wc -l)" 6 'nothing has been deleted by all this'

run s3prune.exe --days 30 d
status_is 0 's3prune.exe'
is "$(keys | grep -c app)" 3 'deletes what is old'
run keeplocal.exe --days 30 dir
status_is 0 'keeplocal.exe'
# shellcheck disable=SC2012
is "$(ls dir | wc -l)" 4 'too, but for what has no seal'
run sh -c 's3ls.exe --uri d | s3prune.exe --keep-last 1 -'
status_is 0 'names through a pipe'
is "$(keys | grep app)" "d/app$(stamp '1 day ago')" 'lines end as they should'
ls dir/*.gz >list
sed 's/$/\r/' list >list.crlf
run sh -c 'keeplocal.exe --keep-last 1 - <list'
status_is 0 'paths through a pipe'
ok 'the newest stays' test -e "dir/app$(stamp '1 day ago')"
no_file "dir/app$(stamp '2 days ago')"

new=t-windows-$$
run s3bucket.exe create "s3://$new"
status_is 0 's3bucket.exe create'
run s3bucket.exe check "s3://$new"
status_is 0 'and check'
is "$(s3 versions "$new")" '' 'its probe is gone'

# --- files

head -c 20000000 /dev/urandom >big
run s3put.exe --part-size 5M big big
status_is 0 'a file in parts'
s3 get "$bucket" big >back
same_file big back 'comes as it is'
run s3get.exe -o again big
same_file big again 'and goes so'
run s3put.exe big big
status_is 1 'nothing is overwritten'
run sh -c 's3put.exe --filter "findstr x" big2 <sealed'
isnt "$status" 0 'a filter that fails'
run sh -c ': | s3put.exe empty'
status_is 1 'an empty stream is refused'
run sh -c 'head -c 100 sealed | s3put.exe cut'
status_is 1 'a cut one too'
run sh -c 'cat foreign | s3put.exe unsealed'
status_is 1 'and an unsealed one'
run sh -c 'head -c 100 sealed | gzverify.exe -o verified'
status_is 1 'gzverify.exe -o makes no file of a cut one'
no_file verified
no_file verified.partial
run s3get.exe -o missing missing
status_is 4 'an object that is not there'
no_file missing
is "$(keys | grep -E 'big2|empty|cut|unsealed')" '' 'nothing of these is stored'
no_uploads_left "$bucket"
no_children_left
no_temp_left
done_testing
