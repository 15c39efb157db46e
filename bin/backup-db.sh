#!/bin/sh
# A nightly backup of PostgreSQL databases: dump, verify, upload, retain, and
# tell the truth about it.  See backup-db(1) and pgdumpz.conf(5).
#
# Here is the order of things; backup-run.sh, -one.sh and -tell.sh know how each
# is done, and driver-run.sh, -names.sh and -tell.sh what a restore does, too.
# shellcheck disable=SC2034,SC2154,SC2317 # shared, and called by name
set -u
umask 077

self=$(readlink -f -- "$0") || exit 3
here=${self%/*}
PATH=$here:$PATH
export PATH
parts=$here
[ -r "$parts/driver-run.sh" ] || parts=$here/../share/pgdumpz
. "$parts/driver-run.sh" || exit 3
. "$parts/driver-names.sh" || exit 3
. "$parts/driver-tell.sh" || exit 3
. "$parts/backup-run.sh" || exit 3
. "$parts/backup-one.sh" || exit 3
. "$parts/backup-tell.sh" || exit 3
driver=backup-db topic=backup check='' hooked=''

usage() {
	cat <<-'E'
	usage: backup-db.sh [OPTION]...
	Back up the databases of a configuration: see 'man 5 pgdumpz.conf'.

	  -c, --config=FILE      the configuration (PGDUMPZ_CONF,
	                         /etc/pgdumpz/backup.conf)
	  -o, --option=KEY=VALUE goes before what FILE says
	  -q, --quiet            only warnings and errors on standard error
	      --check            look whether a backup could be made, make none
	      --help             print this
	  -V, --version          print the version
	E
}

own_option() {
	[ "$1" = --check ] && check=yes
}

again() {
	exec withconf "$@" sh "$self" ${quiet:+-q} ${check:+--check}
}

# --- before anything is dumped

# What is wrong here makes a backup impossible, or one that can't be trusted.
preflight() {
	check_temp
	check_tools
	check_names
	[ -n "$BACKUP_DIR$S3_BUCKET" ] || bad_configuration \
		'there is neither BACKUP_DIR nor S3_BUCKET' 'set one, or better both'
	[ -z "$HOOK_PRE" ] || pre_hook
	check_disk
	[ -z "$S3_BUCKET" ] || check_bucket
	check_databases
	[ -z "$ALERT_EMAIL" ] || check_mail
}

# --- one backup; db, name and is_globals say of what

back_up() {
	began=$(date +%s)
	until
		base=${name}_$(date -u +%Y%m%d_%H%M%S).sql.gz$suffix
		[ -z "$BACKUP_DIR" ] || [ ! -e "$BACKUP_DIR/$base" ]
	do
		sleep 1	# a name stands for one backup only
	done
	rows='' bytes='' seal=''
	event dump.start "db=$db" "name=$base"
	if [ -n "$BACKUP_DIR" ]; then
		back_up_here
	else
		back_up_there
	fi
	made=$?
	measure "$made"
	return "$made"
}

back_up_here() {
	file=$BACKUP_DIR/$base
	if ! dump_to_file; then
		fail 1 dump.failed "db=$db"
		return 1
	fi
	warnings dump.warning "db=$db"
	learn_facts
	event dump.done "db=$db" "file=$file" "bytes=$bytes" "rows=$rows" \
		"seal=$seal" "seconds=$(($(date +%s) - began))"
	uploading=$S3_BUCKET
	echo "$name" >>"$work/good"
	[ -z "$S3_BUCKET" ] || upload
	return 0
}

# Without a copy here, trying again is dumping again.
back_up_there() {
	tries_left=$RETRIES
	until dump_to_bucket; do
		if [ "$put_status" != 4 ] || [ "$tries_left" = 0 ]; then
			fail 1 dump.failed "db=$db"
			return 1
		fi
		pause dump.retry
	done
	warnings dump.warning "db=$db"
	take_receipt dump.done
	echo "$name" >>"$work/good"
}

upload() {
	uploading=yes
	event upload.start "db=$db" "file=$file"
	tries_left=$RETRIES
	[ -z "$s3_down" ] || tries_left=0
	until put_file; do
		if [ "$put_status" != 4 ] || [ "$tries_left" = 0 ]; then
			[ "$put_status" != 4 ] || s3_down=yes
			fail 4 upload.failed "db=$db" "file=$file"
			return 1
		fi
		pause upload.retry
	done
	s3_down=''
	take_receipt upload.done
	uploading=''
}

# --- the nights before: what the bucket lacks, what nobody needs any more

# Only what the bucket's own rules would keep: anything else would be uploaded
# and deleted again every night.  What was made before backups were encrypted
# is not for the bucket.
upload_pending() {
	for file in $(own_files); do
		file=$BACKUP_DIR/$file
		[ "$file" != "$BACKUP_DIR/$base" ] || continue
		if is_remote "$file" || is_expired "$file"; then
			:
		elif is_plain "$file"; then
			skip_plain
		else
			upload
		fi
	done
}

skip_plain() {
	event upload.skipped "db=$db" "file=$file" level=warn \
		'reason=it is not encrypted, and ENCRYPT_CMD is set' \
		'hint=encrypt it as pgdumpz.conf(5) shows, or remove it'
}

catch_up() {
	[ -n "$BACKUP_DIR" ] && [ -n "$S3_BUCKET" ] && [ -z "$s3_down" ] ||
		return 0
	if ! list_expired; then
		fail 5 retention.failed "db=$db" place=local
	elif ! list_remote; then
		fail 4 list.failed "db=$db"
	else
		upload_pending
	fi
}

# An older backup goes only when this night's is good, and where it is.
retain() {
	[ -z "$BACKUP_DIR" ] || retain_local
	[ -z "$S3_BUCKET" ] || [ "$RETENTION_DAYS" = 0 ] || ! is_stored ||
		retain_remote
}

# --- the run

each_backup() { # each_backup COMMAND: for every database, and the globals
	failed=0
	while IFS= read -r db <&3; do
		is_globals=''
		take_names "$db"
		"$1" || failed=1
	done 3<"$work/databases"
	if [ "$GLOBALS" = yes ]; then
		db=globals label=globals name=globals is_globals=yes
		"$1" || failed=1
	fi
	return $failed
}

one_backup() {
	base=''
	if grep -qxF -e "$db" "$work/unreachable"; then
		measure 1
	else
		back_up
	fi
	catch_up
	! is_good || retain
}

main() {
	start_run
	preflight
	[ -z "$check" ] || end_check
	ping start </dev/null
	each_backup one_backup
	end_run
}

start "$@"
main
