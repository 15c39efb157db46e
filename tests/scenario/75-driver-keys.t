#!/bin/sh
# unsanitized
# backup-db.sh: each key of the configuration does what it says.  Those that
# are not here are in the scenarios beside this one.
. "${0%/*}/../lib.sh"
. "$tests/driver.sh"
use_driver

# Tools that note how they are called.
mkdir noted
cp "$bin"/*.sh noted/
for tool in "$bin"/*; do
	[ -f "$tool" ] && [ ! -e "noted/${tool##*/}" ] || continue
	case $tool in
	*/pgdumpz | */s3put | */s3prune | */keeplocal)
		cat >"noted/${tool##*/}" <<-E
			#!/bin/sh
			echo "${tool##*/} \$*" >>"$T/calls"
			exec "$tool" "\$@"
		E
		chmod +x "noted/${tool##*/}"
		;;
	*) ln -s "$tool" noted/ ;;
	esac
done
noted() {
	rm -f calls
	run noted/backup-db.sh -c "$T/conf" </dev/null
}
called() { # called ERE NAME
	like "$(cat calls)" "$1" "$2"
}

# --- how to dump

conf
noted
status_is 0 'the least'
called '^pgdumpz *$' 'JOBS and LEVEL are left to pgdumpz'
called "^s3put s3://$bucket/night/${db}_[^ ]* $T/backups/${db}_[^ ]*\$" \
	'nothing is said of storage'
called '^s3prune --days=30 .*--keep-last=3 ' 'RETENTION_DAYS is 30'
called '^keeplocal .*--keep-last=7 .*' 'MAX_LOCAL_BACKUPS is 7'
# shellcheck disable=SC2012 # plain names
pg_bin=$(dirname "$(ls /usr/lib/postgresql/*/bin/pg_dump | tail -n 1)")
conf JOBS=3 LEVEL=1 "PG_BIN=$pg_bin"
sleep 1
noted
status_is 0 'JOBS, LEVEL, PG_BIN'
called "^pgdumpz --jobs=3 --compress=1 --pg-bin=$pg_bin\$" 'are handed on'
conf BACKUP_NAME=nightly.x
sleep 1
noted
status_is 0 'BACKUP_NAME'
like "$(files)" '^nightly.x_2' 'names the file'
like "$(objects)" '^nightly.x_2' 'and the object'
conf BACKUP_NAME=plain S3_BUCKET="${remote#s3://}"
sleep 1
noted
status_is 0 'S3_BUCKET without s3://'
like "$(objects)" '^plain_2' 'is the same place'
log_like 'event=retention.keep .*place=remote name=plain_2' 'for retention too'

# --- encryption

key='openssl enc -aes-256-cbc -pbkdf2 -pass file:'$T/pass
echo secret >pass
mkdir gpg
ln -s "$(command -v openssl)" gpg/gpg
for what in "$key .enc" "$T/gpg/gpg ${key#openssl } .gpg"; do
	rm -f backups/*
	s3 ls "$bucket" | cut -f 2 | while read -r old; do s3 rm "$bucket" "$old"; done
	conf "ENCRYPT_CMD=${what% *}"
	backup
	status_is 0 "ENCRYPT_CMD with ${what##* }"
	like "$(files)" "\\.sql\\.gz\\${what##* }\$" 'ends the name'
	is "$(objects)" "$(files)" 'here and there'
	s3 get "$bucket" "night/$(objects)" >back
	same_file back backups/* 'both are the same'
	ok 'and can be decrypted' sh -c "$key -d <back | gzverify >/dev/null"
	not_ok 'and not be read without' gzverify -o x back
	log_like 'rows=1000 ' 'the rows were counted'
	sleep 1
	backup -o BACKUP_DIR=
	status_is 0 'streamed too'
	s3 get "$bucket" "night/$(objects | tail -n 1)" >back
	ok 'and can be decrypted' sh -c "$key -d <back | gzverify >/dev/null"
	like "$(objects)" "\\${what##* }\$" 'under such a name'
done

# What was made before that is not for the bucket.
rm -f backups/*
conf GLOBALS=yes S3_BUCKET=
backup
status_is 0 'a night without a bucket and ENCRYPT_CMD'
plain=$(files)
conf GLOBALS=yes "ENCRYPT_CMD=$key"
for night in first second; do
	sleep 1
	backup
	status_is 0 "the $night with them"
	is "$(objects | grep 'gz$')" '' 'uploads nothing that is plain'
	for file in $plain; do
		log_like "level=warn .*upload.skipped .*/$file\"? .*reason=.*hint=" \
			'which is told'
		ok 'and it stays' test -e "backups/$file"
	done
	is "$(last_log | grep -c event=upload.done)" 2 'what is encrypted is uploaded'
done
file=$(echo "$plain" | grep -v globals)
gzverify -o "backups/$file.enc" --filter "$key" <"backups/$file"
rm "backups/$file"
backup
is "$(last_log | grep -c event=upload.skipped)" 1 'one is encrypted later'
like "$(objects | tr '\n' ' ')" "$file\\.enc " 'and uploaded then'

# --- how to store

conf STORAGE_CLASS=STANDARD
sleep 1
noted
status_is 0 'STORAGE_CLASS'
called '^s3put --storage-class=STANDARD ' 'is handed on'
conf STORAGE_CLASS=NONESUCH RETRIES=0
sleep 1
noted
status_is 4 'a STORAGE_CLASS that is not known here'
conf SSE=aws:kms KMS_KEY=some-key RETRIES=0 AWS_MAX_ATTEMPTS=1
sleep 1
noted
called '^s3put --sse=aws:kms --sse-kms-key-id=some-key ' 'SSE and KMS_KEY'
status_is 4 'are asked of the server, which has no such key'
ok 'the backup is here all the same' gzverify "backups/$(files | tail -n 1)"

# --- how long

conf RETENTION_DAYS=9 MAX_LOCAL_BACKUPS=5 KEEP_DAILY=1 KEEP_WEEKLY=2 \
	KEEP_MONTHLY=3 KEEP_YEARLY=4
sleep 1
noted
status_is 0 'rules'
rules='--daily=1 --weekly=2 --monthly=3 --yearly=4'
called "^s3prune --days=9 .*--keep-last=3 $rules" 'for the bucket'
called "^keeplocal - --keep-last=5 $rules" 'for the directory'

# --- patience

conf AWS_ENDPOINT_URL=http://127.0.0.1:9 AWS_MAX_ATTEMPTS=1 RETRIES=1 \
	RETRY_WAIT=2s
began=$(date +%s)
backup
status_is 4 'RETRIES'
log_like 'event=upload.retry .*wait_seconds=2 tries_left=0$' 'RETRY_WAIT'
ok 'it was waited' test $(($(date +%s) - began)) -ge 2
no_work_left
done_testing
