#!/bin/sh
# s3put --check tells whether one may store, and stores nothing.
. "${0%/*}/../lib.sh"
use_s3
use_proxy
fresh_bucket

run s3put --check probe
status_is 0 'a bucket that can be written'
err_is '' 'silence'
out_is '' 'and no receipt'
nothing_left "$bucket"
is "$(requests POST '[?]uploads')" 1 'an upload was begun'
is "$(requests DELETE uploadId)" 1 'and taken back'
s3 put "$bucket" probe
run s3put --check probe
status_is 0 'an object of that name does no harm'
run s3put --check --storage-class STANDARD probe
status_is 0 'a storage class'
run s3put --check --storage-class NONESUCH probe
status_is 4 'one that the server does not know'
run s3put --check s3://nonesuch-bucket/probe
status_is 4 'no such bucket'
err_like 'hint: ' 'with a hint'
faults 'POST [?]uploads always status 403 AccessDenied'
run s3put --check probe
status_is 4 'a bucket that may only be read'
err_like 'AccessDenied' 'says so'
faults '* probe always status 403 AccessDenied'
run s3put --check probe
status_is 4 'one that may not be seen'
faults '* . always date 3600'
run s3put --check probe
status_is 1 'a clock that is behind'
err_like "^s3put: cannot trust the clock: it is .* behind S3's" 'says so'
err_like 'hint: .*NTP' 'with a hint'
faults '* . always date -3600'
run s3put --check probe
status_is 1 'a clock that is ahead'
faults
run s3put --check probe file
status_is 2 'there is nothing to store'
run s3put --check probe -- true
status_is 2 'nor to run'
run s3put --sse AES256 --check probe
case $status in
0 | 4) ok 'the server was asked to encrypt' true ;;
*) ok 'the server was asked to encrypt' false ;;
esac
no_uploads_left "$bucket"
no_children_left
no_temp_left
done_testing
