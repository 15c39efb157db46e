#!/bin/sh
# A stage of the pipeline dies: no object, whatever the shell makes of it.
. "${0%/*}/../lib.sh"
use_s3
fresh_bucket
peer=$tests/sealpeer.py

head -c 12000000 /dev/urandom >random
echo '-- pre' >pre
"$peer" make PRE=pre DATA=random >big
size=$(wc -c <big)
mkfifo in

# pipeline BYTES: that much of the stream comes, then the producer waits
pipeline() {
	rm -f gzverify.pid s3put.status
	{
		sh -c 'echo $$ >gzverify.pid; exec gzverify' <in 2>gzverify.err
		:
	} | {
		s3put key.sql.gz 2>s3put.err
		echo $? >s3put.status
	} &
	exec 3>in
	head -c "$1" big >&3
}

for bytes in 100 3000000 11000000 $((size - 102)) $((size - 1)); do
	pipeline "$bytes"
	ok "after $bytes bytes" wait_for test -s gzverify.pid
	sleep 0.3
	kill -s KILL "$(cat gzverify.pid)"
	exec 3>&-
	wait
	is "$(cat s3put.status)" 1 "gzverify killed after $bytes bytes: refused"
	nothing_left "$bucket"
done

# the producer's end, at the same places
for bytes in 100 3000000 11000000 $((size - 102)) $((size - 1)); do
	run sh -c 'head -c "$1" big | gzverify | s3put key.sql.gz' - "$bytes"
	status_is 1 "a stream of $bytes bytes is refused"
	err_like '^gzverify: cannot trust' 'gzverify says why'
	nothing_left "$bucket"
done

# a dump that breaks off before the compression, which peers upload
{
	printf '%s\n' -- '-- PostgreSQL database dump' --
	head -c 300000 random | od -An -tx1
} | gzip >half.gz
run sh -c 'gzverify <half.gz | s3put key.sql.gz'
status_is 1 'half a dump in whole gzip is refused'
nothing_left "$bucket"
no_children_left

run sh -c 'gzverify <big | s3put key.sql.gz'
status_is 0 'the whole stream becomes an object'
s3 get "$bucket" key.sql.gz >back
same_file back big 'as it is'
done_testing
