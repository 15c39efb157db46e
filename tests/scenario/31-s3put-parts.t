#!/bin/sh
# s3put: uploads in parts, and two writers of one key.
. "${0%/*}/../lib.sh"
use_s3
fresh_bucket
use_proxy
seal() {
	"$tests/seal.py" "$@"
}
tab=$(printf '\t')

# stored KEY FILE PARTS NAME
stored() {
	status_is 0 "$4"
	out_like "^s3://$bucket/$1$tab$(wc -c <"$2")${tab}[0-9a-f]{32}-$3${tab}" \
		"$4: $3 parts"
	out_like "$tab$(sha256sum <"$2" | cut -d' ' -f1)\$" "$4: SHA-256"
	s3 get "$bucket" "$1" >back
	same_file "$2" back "$4: comes back the same"
}

seal 20 >sealed
{ cat sealed; head -c 3 sealed; } >tail3
head -c 10485760 /dev/urandom >even

# --- every way in

run sh -c 'cat sealed | s3put --part-size 5M a'
stored a sealed 5 'a pipe'
like "$(s3 head "$bucket" a)" '^x-amz-meta-pgdumpz-upload: .{32}$' \
	'it bears the id of its upload'
run sh -c 's3put --part-size 5M b <sealed'
stored b sealed 5 'a redirected file'
run s3put --part-size 5M c sealed
stored c sealed 5 'a FILE'
run s3put d sealed
stored d sealed 3 'parts of 8 MiB'
run sh -c 'cat even | s3put --unsealed --part-size 5M e'
stored e even 2 'parts that are just full'
run sh -c 'cat even | s3put --unsealed --part-size 5M --max-parts 2 full'
stored full even 2 'and no more of them may be'
run sh -c 'cat sealed | s3put --part-size 5M -j1 f'
stored f sealed 5 'one at a time'
run sh -c 'cat sealed | s3put --part-size 5M -j99 g'
stored g sealed 5 'many at a time'
run sh -c 's3put --part-size 5M h -- cat sealed'
stored h sealed 5 'a command'
run sh -c 'cat sealed | s3put --part-size 5M --filter "cat" i'
stored i sealed 5 'a filter'

# --- parts that do not go through memory

seal 100 >large
run sh -c 'cat large | s3put --part-size 41M j'
stored j large 3 'a pipe, through temporary files'
run s3put --part-size 41M k large
stored k large 3 'a FILE, read where it lies'
run s3put --part-size 17M -j9 l large
stored l large 6 'the same, many at a time'
run sh -c 'cat sealed | s3put --part-size 41M m'
status_is 0 'a small one through a temporary file'
out_like "${tab}[0-9a-f]{32}$tab" 'is one PUT'
s3 get "$bucket" m >back
same_file sealed back 'and the same'
run env TMPDIR=/nonexistent sh -c 'cat sealed | s3put --part-size 41M no'
status_is 3 'no place for a temporary file'

# --- what does not fit

forget_requests
run s3put --part-size 5M --max-parts 3 no sealed
status_is 2 'a FILE that can not fit'
err_like 'cannot fit 20.0 MiB into 3 parts: 15.0 MiB is the most' 'says so'
run s3put --part-size 5M --expected-size 1T no <sealed
status_is 2 'a stream that is known not to fit'
is "$(requests '[A-Z]+' .)" 0 'before the first request'
run sh -c 'cat sealed | s3put --part-size 5M --max-parts 3 no'
status_is 2 'a stream that turns out not to fit'
err_like 'more than fits into 3 parts' 'says so'
run sh -c '{ cat even; echo; } | s3put --unsealed --part-size 5M --max-parts 2 no'
status_is 2 'a byte too many'
run sh -c 'cat sealed | s3put --max-parts 3 n'
status_is 0 'few parts, but growing'

# --- refused after parts were sent

for n in 10485760 $(($(wc -c <sealed) - 1)); do
	head -c "$n" sealed >short
	run sh -c 'cat short | s3put --part-size 5M no'
	status_is 1 "a stream cut at $n"
	run sh -c 's3put --part-size 5M no <short'
	status_is 1 "a redirected file cut at $n"
	forget_requests
	run s3put --part-size 5M no short
	status_is 1 "a FILE cut at $n"
	is "$(requests '[A-Z]+' .)" 0 'before the first request'
done
run sh -c 'cat tail3 | s3put --part-size 5M no'
status_is 1 'a stream with bytes behind its seal'
is "$(s3 ls "$bucket" no)" '' 'no object of these'
no_uploads_left "$bucket"

# --- a file that changes

cp sealed moving
faults "POST uploads always hold $T/moved"
# begin: s3put has the file open, and has not begun its upload
begin() {
	rm -f moved
	s3put --part-size 5M no moving >"$out" 2>"$err" &
	put=$!
	wait_for sh -c "ls -l /proc/$put/fd | grep -q /moving"
	sleep 0.5
}
begin
printf x >>moving
touch moved
wait $put
is "$?" 3 'a file that grows while it is read'
err_like 'changed while it was read' 'is told'
cp even moving
begin
printf x | dd of=moving bs=1 seek=999 conv=notrunc 2>/dev/null
touch moved
wait $put
is "$?" 3 'a file that is written in place meanwhile'
faults
is "$(s3 ls "$bucket" no)" '' 'and not stored'

# --- two writers of one key

mkfifo slow
s3put --part-size 5M two <slow >first.out 2>first.err &
pid=$!
exec 3>slow
head -c 12000000 sealed >&3
run s3put --part-size 5M two large
status_is 0 'another writer is done first'
tail -c +12000001 sealed >&3
exec 3>&-
wait $pid
is "$?" 1 'the slower one loses'
like "$(cat first.err)" 'exists already' 'and is told'
s3 get "$bucket" two >back
same_file large back 'the object is that of the first'
no_uploads_left "$bucket"
s3put race sealed >one.out 2>one.err &
pid=$!
s3put race sealed >two.out 2>two.err
one=$?
wait $pid
two=$?
ok 'of two at the same moment one at least wins' test "$one" = 0 -o "$two" = 0
s3 get "$bucket" race >back
same_file sealed back 'and the object is whole'

no_uploads_left "$bucket"
no_children_left
no_temp_left
done_testing
