# For backup-db.sh: the beginning, and what is looked at before anything is
# dumped.  Variables that functions share:
#   reached    a database that could be reached
#   uploading  not empty: a backup is here, and not yet in the bucket
#   hooked     not empty: HOOK_PRE has begun
#   retaining  a place whose decisions are in $work/out, not yet in the log
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154,SC2317 # shared, and called by name

tools='withconf pgdumpz gzverify s3put s3ls s3prune keeplocal auditlog
alertmail pingurl'

# --- the beginning

start_run() {
	s3_down='' uploading='' suffix='' retaining=''
	begin_run good stored receipts unreachable metrics
	case ${ENCRYPT_CMD%%[ 	]*} in
	'') ;;
	age | */age) suffix=.age ;;
	gpg | gpg2 | */gpg | */gpg2) suffix=.gpg ;;
	*) suffix=.enc ;;
	esac
	log_settings
}

# Where a key has no variable, withconf has hidden its value.
log_settings() {
	while IFS= read -r line; do
		key=${line%%=*}
		case $key in '' | *[!A-Z0-9_]*) continue ;; esac
		case $line in "$key=\"\" source="*) continue ;; esac
		eval "value=\${$key-(hidden)}"
		event setting "key=$key" "value=$value" "source=${line##* source=}"
	done <"$PGDUMPZ_SETTINGS_FILE"
}

# --- preflight

pre_hook() {
	hooked=yes
	run_tool sh -c "$HOOK_PRE" || give_up hook.failed \
		'hint=HOOK_PRE has to end with exit status 0' hook=pre
}

# The last backups, and nearly a third more, must fit.
check_disk() {
	[ -n "$BACKUP_DIR" ] || return 0
	[ -d "$BACKUP_DIR" ] || give_up disk.missing "directory=$BACKUP_DIR" \
		'reason=there is no such directory' \
		"hint=mount it, or make it: install -d -m 700 -o $(id -un) DIRECTORY"
	[ -w "$BACKUP_DIR" ] && [ -x "$BACKUP_DIR" ] ||
		give_up disk.denied "directory=$BACKUP_DIR" \
			"reason=$(id -un) may not write there" \
			"hint=chown $(id -un) DIRECTORY, or run as another user"
	needed_kib=$(each_backup newest_size |
		awk '{ n += $1 } END { printf "%.0f\n", n * 1.3 / 1024 }')
	free_kib=$(df -Pk "$BACKUP_DIR" | awk 'NR == 2 {
		for (i = 1; i <= NF; i++) if ($i ~ /^[0-9]+%$/) print $(i - 1) }')
	event disk.free "directory=$BACKUP_DIR" "kib=$free_kib" \
		"needed_kib=$needed_kib"
	[ "${free_kib:-0}" -gt "$needed_kib" ] ||
		give_up disk.full "directory=$BACKUP_DIR" \
			"reason=$free_kib KiB are free, some $needed_kib will be needed" \
			'hint=make room, or lower MAX_LOCAL_BACKUPS'
}

newest_size() {
	newest=$(own_files | sort -t_ | tail -n 1)
	[ -z "$newest" ] || size_of "$BACKUP_DIR/$newest"
}

# A bucket that can't be reached, or credentials that are gone, don't keep us
# from a backup here, nor from telling of it; a clock that is wrong would give
# it a wrong name and a wrong age.
check_bucket() {
	run_tool s3put --check "${S3_BUCKET%/}/.pgdumpz-check" && return
	[ $? != 1 ] || give_up clock.wrong
	[ -n "$BACKUP_DIR" ] || give_up bucket.unusable "bucket=$S3_BUCKET"
	fail 4 bucket.unusable "bucket=$S3_BUCKET"
}

check_databases() {
	reached=''
	while IFS= read -r db <&3; do
		if PGDATABASE=$db run_tool pgdumpz --check \
			${PG_BIN:+"--pg-bin=$PG_BIN"}; then
			IFS=$tab read -r server programs bytes <"$work/out"
			reached=$db
			event database.found "db=$db" "server=$server" \
				"pg_dump=$programs" "bytes=$bytes"
		else
			printf '%s\n' "$db" >>"$work/unreachable"
			fail 1 database.unreachable "db=$db" "hint=$(advice); here that\
 is DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, PG_BIN; we run as $(id -un)"
		fi
	done 3<"$work/databases"
	[ -n "$reached" ] || {
		verdict=0
		give_up database.none 'reason=no database could be reached' \
			'hint=is the server running?'
	}
}

check_mail() {
	# shellcheck disable=SC2086 # addresses
	run_tool alertmail --check $ALERT_EMAIL || fail 5 mail.unusable
}

