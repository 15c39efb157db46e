#!/bin/sh
# unsanitized
# backup-db.sh: nights without S3 are made up for, what is old goes where it
# may, and a clock that is wrong makes no backup.
. "${0%/*}/../lib.sh"
. "$tests/driver.sh"
use_driver
dead='AWS_ENDPOINT_URL=http://127.0.0.1:9'
real="AWS_ENDPOINT_URL=$AWS_ENDPOINT_URL"

# old DAYS: the name of a backup that many days old
old() {
	echo "${db}_$(date -u -d "$1 days ago" +%Y%m%d_010000).sql.gz"
}
have_here() { # have_here DAYS...
	for days in "$@"; do
		cp whole "$T/backups/$(old "$days")"
	done
}
have_there() {
	for days in "$@"; do
		s3 put "$bucket" "night/$(old "$days")" whole
	done
}
forget_all() {
	rm -f "$T/backups"/*
	s3 ls "$bucket" | cut -f 2 | while read -r key; do s3 rm "$bucket" "$key"; done
}
names() { # names DAYS...: as a sorted list
	for days in "$@"; do
		old "$days"
	done | sort
}
# but_last: of a list, since the last one is tonight's
but_last() {
	sed '$d'
}

# --- two nights without S3

conf "$dead" AWS_MAX_ATTEMPTS=1 RETRIES=0
backup
status_is 4 'the first night without S3'
sleep 1
backup
status_is 4 'the second'
is "$(files | wc -l)" 2 'both are here'
is "$(objects)" '' 'none is there'
conf
sleep 1
backup
status_is 0 'S3 is back'
is "$(files | wc -l)" 3 'three nights are here'
is "$(objects)" "$(files)" 'and there'
is "$(last_log | grep -c 'event=upload.done')" 3 'the log has three receipts'
no_work_left
sleep 1
backup
is "$(last_log | grep -c 'event=upload.start')" 1 'once each'
cp "$T/backups/$(files | head -n 1)" whole
forget_all

# --- S3 goes away in the middle

use_proxy
proxy="AWS_ENDPOINT_URL=$AWS_ENDPOINT_URL"
conf "$proxy" RETRIES=0
faults 'PUT gz first:1 status 400 AccessDenied'
backup
status_is 4 'an upload is refused'
sleep 1
backup
status_is 0 'and taken later'
is "$(objects)" "$(files)" 'nothing is missing then'
conf "$proxy" BACKUP_DIR= RETRIES=2 AWS_MAX_ATTEMPTS=1
faults 'PUT gz first:2 status 500'
sleep 1
backup
status_is 0 'a stream is dumped again'
is "$(last_log | grep -c 'event=dump.retry')" 2 'as often as it takes'
is "$(objects | wc -l)" 3 'and stored once'
faults
forget_all

# --- here

conf "$dead" AWS_MAX_ATTEMPTS=1 RETRIES=0 MAX_LOCAL_BACKUPS=1
have_here 1 2 3 20 40
backup
status_is 4 'S3 is away'
is "$(files | but_last)" "$(names 1 2 3 20 40)" 'what the bucket lacks stays'
forget_all
conf "$real" MAX_LOCAL_BACKUPS=2
have_here 1 2 3 20 40
backup
status_is 0 'S3 is there'
is "$(objects | but_last)" "$(names 1 2 3 20)" 'what it would keep is uploaded'
is "$(files | but_last)" "$(names 1)" 'then only the newest stay here'
log_like "event=retention.delete .*place=local name=.*$(old 40) reason=" \
	'what the bucket would not keep goes, too'
forget_all
have_here 1
: >"$T/backups/$(old 2)"
conf "$real"
backup
status_is 0 'a file that is empty'
is "$(objects | but_last)" "$(names 1)" 'is no backup to upload'
forget_all
have_here 1 2 3
echo other | gzip >"$T/other"
s3 put "$bucket" "night/$(old 2)" "$T/other"
conf "$real" MAX_LOCAL_BACKUPS=1
backup
status_is 4 'another file of the same name is in the bucket'
is "$(files | but_last)" "$(names 2)" 'so ours stays'
forget_all
have_here 1 2 3 4 5
cp whole "$T/backups/${db}_x_20200101_000000.sql.gz"
cp whole "$T/backups/other_20200101_000000.sql.gz"
touch "$T/backups/notes"
conf S3_BUCKET= MAX_LOCAL_BACKUPS=1
backup
status_is 0 'without a bucket'
is "$(files | grep -c "^${db}_2")" 3 'three stay at least'
is "$(files | grep -cv "^${db}_2")" 3 'other files are not touched'
forget_all
have_here 2 3 4 5
head -c 2000 whole >"$T/backups/$(old 1)"
conf S3_BUCKET= MAX_LOCAL_BACKUPS=3
backup
is "$(files | but_last)" "$(names 1 2 3)" 'what is cut counts for nothing'
forget_all
cp whole "$T/backups/nonesuch_$(old 1 | sed 's/.*_\(.*_.*\)/\1/')"
conf "$real" "DB_NAME=nonesuch,$db"
backup
status_is 1 'a database is away tonight'
is "$(objects)" "$(files)" 'its backup of last night is uploaded all the same'
log_unlike 'event=retention.* db=nonesuch' 'nothing of it is deleted'
forget_all

# --- there

have_there 1 5 20 31 50
conf "$real" RETENTION_DAYS=30
backup
status_is 0 'thirty days'
is "$(objects | but_last)" "$(names 1 5 20)" 'what is older goes'
log_like "event=retention.delete db=$db place=remote name=$(old 50) reason=" \
	'the log tells why'
have_there 31 50
conf "$real" RETENTION_DAYS=0
sleep 1
backup
is "$(objects | grep -c .)" 7 '0 leaves it to the bucket'
forget_all
have_there 10 20 30 40
conf "$real" RETENTION_DAYS=1
backup
is "$(objects | but_last)" "$(names 10 20)" 'three stay at least'
forget_all
have_there 1 2 3 40 80 400
conf "$real" RETENTION_DAYS=1 KEEP_MONTHLY=3 KEEP_YEARLY=9
backup
like "$(objects | tr '\n' ' ')" "$(old 400).*$(old 40)" 'what any rule wants stays'
forget_all
have_there 1 2 3 40
conf "$real" DB_NAME=nonesuch "BACKUP_NAME=$db"
backup
status_is 3 'a night without a backup'
is "$(objects)" "$(names 1 2 3 40)" 'deletes nothing'
forget_all

# --- clocks

year=31536000
conf "$proxy"
for wrong in $year -$year 1000 -1000; do
	faults "* . always date $wrong"
	backup
	status_is 3 "S3's clock differs by $wrong seconds"
	log_like 'event=clock.wrong .*reason=.*clock.*hint=.*NTP' 'it is told'
	is "$(files)$(objects)" '' 'no backup is made'
	no_work_left
done
faults '* . always date 600'
backup
status_is 0 'ten minutes are fine'
faults
no_work_left
done_testing
