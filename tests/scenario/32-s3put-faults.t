#!/bin/sh
# s3put when the server or the network misbehaves: it succeeds in the end, or
# fails and leaves nothing.
. "${0%/*}/../lib.sh"
use_s3
fresh_bucket
use_proxy
"$tests/seal.py" 1 >small
"$tests/seal.py" 11 >sealed
export AWS_MAX_ATTEMPTS=3

# put KEY FILE
put() {
	run sh -c 'cat "$2" | s3put --part-size 5M "$1"' - "$1" "$2"
}

# stored KEY FILE NAME
stored() {
	status_is 0 "$3"
	s3 get "$bucket" "$1" >back 2>back.err
	same_file "$2" back "$3: the object is whole"
	no_uploads_left "$bucket"
	s3 rm "$bucket" "$1"
}

# nothing_of KEY NAME
nothing_of() {
	status_is 4 "$2"
	out_is '' "$2: no receipt"
	nothing_left "$bucket" "$1"
}

# --- worth another try; chance may hit one part again and again

export AWS_MAX_ATTEMPTS=12

for rule in 'PUT . first:2 status 503' 'PUT . nth:1 status 500 InternalError' \
	'PUT . nth:1 close' 'PUT . nth:1 reset' 'PUT . nth:1 cut 100000' \
	'PUT . nth:1 drop' 'PUT . nth:1 after 500' 'PUT . nth:1 early 503' \
	'HEAD . nth:1 status 503' 'HEAD . nth:1 close'; do
	faults "$rule"
	put a small
	stored a small "one PUT, $rule"
done
for rule in 'PUT partNumber=2 first:2 status 503' 'PUT . every:2 reset' \
	'PUT partNumber nth:3 cut 100000' 'PUT partNumber=1 nth:1 drop' \
	'PUT partNumber=3 nth:1 after 500' 'POST uploads nth:1 status 503' \
	'POST uploadId= nth:1 status 500' 'POST uploadId= nth:1 status 503' \
	'POST uploadId= nth:1 error InternalError' 'POST uploadId= nth:1 empty' \
	'POST uploadId= nth:1 close' 'POST uploadId= nth:1 drop' \
	'POST uploadId= nth:1 after 500' 'POST uploadId= nth:1 empty-after' \
	'POST uploadId= nth:1 error-after InternalError' \
	'POST uploadId= nth:1 truncate 30'; do
	faults "$rule"
	put a sealed
	stored a sealed "in parts, $rule"
done

# --- not any more

export AWS_MAX_ATTEMPTS=3

for rule in 'PUT . always status 503' 'PUT . always close' \
	'PUT . always cut 100000' 'PUT . always status 403 AccessDenied' \
	'HEAD . always status 500'; do
	faults "$rule"
	put b small
	nothing_of b "one PUT, $rule"
done
for rule in 'PUT partNumber=2 always status 503' 'PUT partNumber=3 always reset' \
	'PUT partNumber=1 always status 403 AccessDenied' \
	'POST uploads always status 503' 'POST uploads always empty' \
	'POST uploadId= always status 500' 'POST uploadId= always close' \
	'POST uploadId= always empty' 'POST uploadId= always error InternalError' \
	'POST uploadId= always error AccessDenied'; do
	faults "$rule"
	put b sealed
	nothing_of b "in parts, $rule"
done
faults 'PUT partNumber=1 always status 400 BadDigest'
put b sealed
nothing_of b 'a part that arrives damaged'
err_like 'BadDigest' 'is named'

# --- not even aborting works

faults 'PUT partNumber=2 always status 403 AccessDenied' \
	'DELETE . always status 503'
put c sealed
status_is 4 'the abort fails as well'
id=$(s3 uploads "$bucket" c | cut -f1)
err_like "warning: upload '$id' is left" 'and the upload that is left is named'
is "$(s3 ls "$bucket" c)" '' 'there is no object'
faults
s3 call DELETE "/$bucket/c?uploadId=$id" >/dev/null

# --- nobody can tell

# shellcheck disable=SC2317 # called by wait_for
is_there() {
	[ -n "$(s3 ls "$bucket" doubt)" ]
}
# stop_in_doubt FILE NAME: a signal while the answer is waited for
stop_in_doubt() {
	AWS_MAX_ATTEMPTS=20 s3put --part-size 5M doubt "$1" >"$out" 2>"$err" &
	put=$!
	wait_for is_there
	kill -s TERM $put
	wait $put
	# shellcheck disable=SC2034 # status_is looks at it
	status=$?
	status_is 143 "$2"
	err_like "cannot tell whether 's3://$bucket/doubt' was stored: stopped" \
		'it does not say that nothing is there'
	s3 rm "$bucket" doubt
}
faults 'PUT . always drop'
stop_in_doubt small 'stopped before the answer to a PUT'
faults 'POST uploadId= always stall-after 20 0'
stop_in_doubt sealed 'stopped before the answer to Complete'
for rule in 'POST uploadId= always drop' 'PUT doubt$ always drop'; do
	faults "$rule" 'HEAD doubt from:2 status 500'
	file=sealed
	case $rule in PUT*) file=small ;; esac
	put doubt "$file"
	status_is 4 "$rule, and looking fails"
	err_like "cannot tell whether 's3://$bucket/doubt' was stored" \
		'it does not say that nothing is there'
	s3 rm "$bucket" doubt
done
no_uploads_left "$bucket"

# --- how it fails

forget_requests
faults 'PUT . always status 403 AccessDenied'
put d sealed
err_like 'AccessDenied' "the server's reason is told"
err_like '^s3put: ' 'in one message'
is "$(requests DELETE uploadId)" 1 'the upload was aborted, once'
faults
run env AWS_SECRET_ACCESS_KEY=wrong sh -c 'cat sealed | s3put --part-size 5M d'
status_is 4 'a wrong secret'
run env AWS_ENDPOINT_URL=http://127.0.0.1:1 sh -c 'cat sealed | s3put d'
status_is 4 'nobody listens'
nothing_left "$bucket"
no_children_left
no_temp_left
done_testing
