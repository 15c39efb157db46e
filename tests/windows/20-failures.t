#!/bin/sh
# The law, on Windows: whatever fails or is terminated, no object comes of it,
# and nothing is left.
. "${0%/*}/../lib.sh"
. "$tests/windows/lib.sh"
use_wine
use_clients
use_pg
use_s3
fresh_db
fresh_bucket
sql "CREATE TABLE t (id int PRIMARY KEY, v text);
	INSERT INTO t SELECT n, (SELECT string_agg(md5(n::text || i), '')
	FROM generate_series(1, 12) AS i) FROM generate_series(1, 60000) AS n"
"$tests/seal.py" 30 >sealed
pgdumpz "$db" >dumped

# after what has failed
nothing_stays() {
	no_children_left
	nothing_left "$bucket"
	no_temp_left
}

# --- it can't be done

for wrong in PGPASSWORD=wrong PGPORT=1 PGUSER=nobody; do
	run env "$wrong" sh -c 'pgdumpz.exe "$PGDATABASE" | gzverify.exe | s3put.exe no'
	status_is 1 "$wrong: the pipeline fails"
	err_like '^pgdumpz: ' "$wrong: a message tells why"
	unlike "$(cat "$err")" "$PGPASSWORD" "$wrong: without the password"
done
nothing_stays
no_backends_left "$db"
run sh -c 'cat sealed | s3put.exe s3://no-such-bucket/no'
status_is 4 'there is no such bucket'
err_like 'no-such-bucket' 'it is named'
run env AWS_SECRET_ACCESS_KEY=XYZZY sh -c 'cat sealed | s3put.exe no'
status_is 4 'a wrong key'
unlike "$(cat "$err")" XYZZY 'which is not shown'
run env AWS_ENDPOINT_URL=http://127.0.0.1:1 AWS_MAX_ATTEMPTS=1 sh -c 'cat sealed | s3put.exe no'
status_is 4 'nobody answers'
nothing_stays

# --- a stage is terminated
# Backends are not looked for: Wine's server itself sometimes keeps the socket of
# a program that has been ended.

for bytes in 1 300000 3000000; do
	pipe -k "1@${bytes}b" pgdumpz.exe "$db" :: gzverify.exe :: \
		s3put.exe --part-size 5M no
	is "$statuses" '99 1 1' "pgdumpz.exe terminated after $bytes bytes"
	err_like '^s3put: .*refused' 's3put.exe refuses'
	pipe -k "2@${bytes}b" pgdumpz.exe "$db" :: gzverify.exe :: \
		s3put.exe --part-size 5M no
	like "$statuses" ' 99 1$' "gzverify.exe terminated after $bytes bytes"
	err_like '^s3put: .*refused' 's3put.exe refuses'
	nothing_stays
done
pipe -k 1@8000000b gzverify.exe -o - dumped :: s3put.exe --part-size 5M no
is "$statuses" '99 1' 'terminated when parts are there already'
nothing_stays

# --- Ctrl-C

# shellcheck disable=SC2317 # called by wait_for
uploading() {
	[ -n "$(s3 uploads "$bucket" no)" ]
}
mkfifo hold
# press OPTION: while s3put.exe uploads, and its pipe is open
press() {
	rm -f now
	sh -c 'cat sealed; exec sleep 600' >hold &
	writer=$!
	(wait_for uploading; : >now) &
	pipe -i hold "$1" 1@now s3put.exe --part-size 5M no
	kill $writer 2>/dev/null
	wait
}
press -c
is "$statuses" -1073741510 'Ctrl-C ends it, as such'
err_like 'stopped' 'it says so'
nothing_stays
pipe -c 1@300000b pgdumpz.exe "$db" :: gzverify.exe :: s3put.exe no
unlike "$statuses" ' 0$' 'Ctrl-C ends a whole pipeline'
nothing_stays
pipe -c 1@300000b gzverify.exe -o - dumped :: gzverify.exe -o verified
isnt "${statuses#* }" 0 'Ctrl-C ends what writes a file'
no_file verified
no_file verified.partial

# --- what a terminated s3put.exe leaves

press -k
is "$statuses" 99 's3put.exe is terminated'
is "$(s3 ls "$bucket" no)" '' 'there is no object'
is "$(s3 uploads "$bucket" no | wc -l)" 1 'but an upload'
run s3prune.exe --days 30 --dry-run ''
is "$(s3 uploads "$bucket" no | wc -l)" 1 'which is too young to be touched'
id=$(s3 uploads "$bucket" no | cut -f1)
s3 call DELETE "/$bucket/no?uploadId=$id" >/dev/null

# --- a terminated pgdumpz.exe leaves no pg_dump.exe, gzverify.exe no lock

sql 'CREATE TABLE locked (n int)'
(
	echo 'BEGIN; LOCK TABLE locked;'
	sleep 8
) | psql -Xq -d "$db" >/dev/null &
locker=$!
sleep 1
pipe -k 1@4000ms pgdumpz.exe "$db"
is "$statuses" 99 'terminated while pg_dump.exe waits for a lock'
no_children_left
wait $locker
nothing_stays
pipe -k 1@8000000b gzverify.exe -o - dumped :: gzverify.exe -o kept
no_file kept
run gzverify.exe -o kept dumped
status_is 0 'a file that could not be written is written the next time'
same_file dumped kept 'whole'

# --- no room

if [ "$(id -u)" = 0 ] && mkdir full && mount -t tmpfs -o size=2m none full 2>/dev/null; then
	run gzverify.exe -o full/file dumped
	status_is 3 'the disk is full'
	err_like 'full.file' 'the file is named'
	is "$(ls -A full)" '' 'and nothing is left there'
	umount full
else
	skip 'no file system can be mounted' 3
fi
done_testing
