#!/bin/sh
# unsanitized
# The fault proxy does what its rules say, and signatures stay valid through it.
. "${0%/*}/../lib.sh"
use_s3
fresh_bucket
use_proxy
head -c 300000 /dev/urandom >file
peer() {
	"$tests/servers/s3peer.py" "$@"
}
stored() { # stored NAME SIZE COUNT
	is "$(s3 ls "$bucket" "$1")" "${2:+$2	$1}" "$3"
}

# --- counting

peer put "$bucket" o file
faults '# a comment' 'PUT /o first:2 status 503'
run peer put "$bucket" o file
status_is 1 'the first matching request is refused'
err_like '<Code>SlowDown</Code>' 'with an S3 error document'
run peer get "$bucket" o
status_is 0 'another method is not'
run peer put "$bucket" o file
status_is 1 'the second is refused'
run peer put "$bucket" o file
status_is 0 'the third is not'
is "$(requests PUT /o)" 4 'the log counts requests'
is "$(grep -c ' status:503 503$' "$FAULT_REQUESTS")" 2 'and says what was done'
forget_requests
is "$(requests PUT /o)" 0 'the log can be emptied'
faults 'GET . nth:2 status 500 InternalError' 'GET . every:3 status 400 Slow'
seen=
for _ in 1 2 3 4 5 6; do
	run peer get "$bucket" o
	seen="$seen $status$(grep -oE '<Code>[A-Za-z]+' "$err")"
done
is "$seen" ' 0 1<Code>InternalError 1<Code>Slow 0 0 1<Code>Slow' 'nth, every'

# --- the server never hears of it

for action in 'status 500' 'early 503' close reset 'cut 1000'; do
	name=$(echo "no-$action" | tr ' ' -)
	faults "PUT . always $action"
	run peer put "$bucket" "$name" file
	status_is 1 "$action: refused"
	stored "$name" '' "$action: nothing is stored"
done
for action in empty 'error InternalError'; do
	name=$(echo "no-$action" | tr ' ' -)
	faults "PUT . always $action"
	run peer put "$bucket" "$name" file
	status_is 0 "$action: status 200"
	stored "$name" '' "$action: nothing is stored"
done

# --- the server acts, and nobody hears of it

for action in drop 'after 500'; do
	name=$(echo "yes-$action" | tr ' ' -)
	faults "PUT . always $action"
	run peer put "$bucket" "$name" file
	status_is 1 "$action: refused"
	stored "$name" 300000 "$action: it is stored all the same"
done
faults 'PUT . always error-after SlowDown'
run peer call PUT "/$bucket/yes-error-after" file
out_like '<Error><Code>SlowDown</Code>' 'error-after: an error in a status 200'
stored yes-error-after 300000 'error-after: it is stored all the same'

# --- spoilt answers

for action in 'truncate 1000' 'reset-after 200000'; do
	faults "GET /o always $action"
	run peer get "$bucket" o
	status_is 1 "$action: the client notices"
done
faults 'GET /o always flip 70000'
run peer get "$bucket" o
is "$(cmp -l "$out" file | awk '{print $1}')" 70001 'flip: one byte is wrong'
faults 'GET /o always empty-after'
run peer get "$bucket" o
is "$(wc -c <"$out")" 0 'empty-after: no body'
for action in 'slow 400000' 'stall 0.5' 'stall-after 0.5 70000'; do
	faults "GET /o always $action"
	before=$(date +%s%N)
	run peer get "$bucket" o
	after=$(date +%s%N)
	same_file "$out" file "$action: the answer is whole"
	ok "$action: but late" test $((after - before)) -gt 480000000
done
faults 'HEAD . always date 3600'
year=$(peer head "$bucket" o | sed -n 's/^date: //p')
isnt "$year" "$(s3 head "$bucket" o | sed -n 's/^date: //p')" 'date: shifted'
faults 'HEAD . always header ETag'
unlike "$(peer head "$bucket" o)" '^etag:' 'header: removed'
faults 'HEAD . always header ETag "a b"'
like "$(peer head "$bucket" o)" '^etag: "a b"$' 'header: replaced'
faults
run peer get "$bucket" o
same_file "$out" file 'no rules: healthy again'
no_children_left
done_testing
