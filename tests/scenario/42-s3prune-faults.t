#!/bin/sh
# s3prune when things go wrong: before the plan is complete nothing is deleted;
# after that, what was said is what was done.
. "${0%/*}/../lib.sh"
. "$tests/retention.sh"
use_s3
use_proxy
fresh_bucket
for ago in 1 2 3 4 5; do
	store "b/app$(stamp "$ago days ago")"
done
keys >all

# nothing_done NAME: no decision, no deletion.
nothing_done() {
	out_is '' "$1: decides nothing"
	keys >now
	same_file all now "$1: deletes nothing"
}

# --- before the plan

run s3prune --keep-last 1 s3://no-such-bucket-here
status_is 4 'no such bucket'
nothing_done 'no such bucket'
run env AWS_SECRET_ACCESS_KEY=wrong s3prune --keep-last 1 b
status_is 4 'wrong secret'
nothing_done 'wrong secret'
run env AWS_ENDPOINT_URL=http://127.0.0.1:1 s3prune --keep-last 1 b
status_is 4 'no server'
nothing_done 'no server'
while read -r name rule; do
	faults "$rule"
	run s3prune --keep-last 1 b
	status_is 4 "$name"
	nothing_done "$name"
done <<-'E'
	a-listing-that-is-cut GET list-type always truncate 400
	a-listing-that-is-empty GET list-type always empty-after
	a-listing-that-is-an-error GET list-type always error InternalError
	a-listing-that-is-refused GET list-type always status 403 AccessDenied
	a-listing-without-a-date GET list-type always header Date
	uploads-not-listed GET [?&]uploads always status 403 AccessDenied
	a-seal-that-cannot-be-read GET app_2.*gz nth:3 status 403 AccessDenied
E
faults
run sh -c 's3ls --uri b | (cat; echo oops) | s3prune --keep-last 1 -'
status_is 2 'a bad line'
nothing_done 'a bad line'
for options in '' '--days' '--days x' '--days -1' '--keep-last 0' '--daily 0' \
	'--days 1 --keep-last 0' '--days 99999999' '--days 18446744073709551616'; do
	# shellcheck disable=SC2086 # words
	run s3prune $options b
	status_is 2 "usage: '$options'"
	nothing_done "usage: '$options'"
done
run s3prune b
err_like 'hint: give --days' 'an empty policy has a hint'
run s3prune --days 3
status_is 2 'no PREFIX'
run env -u S3_BUCKET s3prune --days 3 b
status_is 2 'no bucket'
run s3prune --days 3 b b2
status_is 2 'two PREFIXes'
nothing_done 'usage'

# --- one that another prune has deleted since the listing

faults 'GET app_2.*gz first:1 status 404 NoSuchKey'
run s3prune --keep-last 9 b
status_is 0 'one that is gone when it is looked at'
is "$(decided keep | wc -l)" 4 'is passed over'

# --- a page in the middle of a long listing

let_all_put
bulk 'long/app_2020[01-12][01-28]_{00,06,12,18}0000.sql.gz'
faults 'GET list-type nth:2 truncate 1000' 'GET list-type from:2 status 500'
run s3prune --keep-last 1 long
status_is 4 'the second page is cut'
out_is '' 'decides nothing'
is "$(keys long/ | wc -l)" 1344 'deletes nothing'

# --- while deleting

denied="app$(stamp '3 days ago')"
cat >deny <<E
{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*",
"Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::$bucket/b/$denied"}]}
E
s3 call PUT "/$bucket?policy=" deny
faults
run s3prune --keep-last 2 b
status_is 4 'one key may not be deleted'
out_like "^error	$denied	AccessDenied" 'it is reported'
is "$(decided delete)" "app$(stamp '4 days ago')
app$(stamp '5 days ago')" 'the others are deleted'
err_like 's3prune: could not delete 1 of 3$' 'and counted'
is "$(keys b/)" "b/$denied
b/app$(stamp '2 days ago')
b/app$(stamp '1 day ago')" 'what was said is true'
s3 call DELETE "/$bucket?policy="

faults 'POST [?]delete always status 403 AccessDenied'
run s3prune --keep-last 1 b
status_is 4 'the request to delete is refused'
is "$(decided delete)" '' 'nothing was deleted'
is "$(decided error | wc -l)" 2 'each is an error'
is "$(keys b/ | wc -l)" 3 'all are there'
faults 'POST [?]delete always error InternalError'
run s3prune --keep-last 1 b
status_is 4 'an error in a 200 answer'
is "$(decided delete)" '' 'is no deletion'
faults 'POST [?]delete always empty'
run s3prune --keep-last 1 b
status_is 4 'an empty 200 answer'
is "$(decided delete)" '' 'is no deletion'
is "$(keys b/ | wc -l)" 3 'all are there'
faults 'POST [?]delete first:1 status 503 SlowDown' 'POST [?]delete nth:2 drop'
run s3prune --keep-last 2 b
status_is 0 'a busy server and a lost answer'
is "$(decided delete)" "$denied" 'are tried again'
is "$(keys b/ | wc -l)" 2 'and it is gone'
faults
run sh -c 's3prune --keep-last 1 b >&-'
status_is 3 'closed standard output'
run sh -c 's3prune --keep-last 1 b >/dev/full'
status_is 3 'full standard output'

# --- stopped

faults 'POST [?]delete always stall 30'
s3prune --keep-last 1 long >"$out" 2>"$err" &
pid=$!
wait_for sh -c 'grep -qE "^GET .*uploads" "$1"' - "$FAULT_REQUESTS"
sleep 1
kill -TERM $pid
wait $pid 2>/dev/null
# shellcheck disable=SC2034 # for status_is
status=$?
status_is 143 'SIGTERM ends it'
not_ok 'it does not say that it deleted' grep -q '^delete' "$out"
faults
wait_for no_tagged_processes
is "$(keys long/ | wc -l)" 1344 'and it has not'
forget_requests
run s3prune --keep-last 1 long
status_is 0 'the next run does it'
is "$(decided delete | wc -l)" 1343 'in two requests'
is "$(requests POST '[?]delete=? -')" 2 'of a thousand at most'
is "$(keys long/)" long/app_20201228_180000.sql.gz 'the newest is left'
no_children_left
no_temp_left
no_uploads_left "$bucket"
done_testing
