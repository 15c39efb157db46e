# For backup-db.sh: one backup, of a database or the globals.  Variables that
# functions share, beside those of driver-names.sh:
#   is_globals         not empty: the roles are backed up, not a database
#   base, file         this backup's name, and its path in BACKUP_DIR
#   bytes rows seal    of it
#   put_status         the last exit status of s3put
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154,SC2231,SC2012 # shared; plain file names

check_names() {
	[ -z "$BACKUP_NAME" ] ||
		[ "$(encode "$(decode "$BACKUP_NAME")")" = "$BACKUP_NAME" ] ||
		bad_configuration "BACKUP_NAME '$BACKUP_NAME' is not percent-encoded" \
			'write %25 for a percent sign'
	grep -qx globals "$work/databases" || return 0
	[ -n "$BACKUP_NAME" ] ||
		bad_configuration "the name 'globals' is taken by the roles" \
			'set BACKUP_NAME for this database'
	[ "$GLOBALS" = no ] || bad_configuration \
		"the log could not tell the database 'globals' from the roles" \
		'give the roles (GLOBALS) to another configuration'
}

# --- dump

dump() {
	set -- ${JOBS:+"--jobs=$JOBS"} ${LEVEL:+"--compress=$LEVEL"} \
		${PG_BIN:+"--pg-bin=$PG_BIN"}
	if [ -n "$is_globals" ]; then
		PGDATABASE=$reached pgdumpz --globals "$@"
	else
		PGDATABASE=$db pgdumpz "$@"
	fi
}

dump_to_file() {
	{
		dump | gzverify --json --list -o "$file" \
			${ENCRYPT_CMD:+"--filter=$ENCRYPT_CMD"} >"$work/facts"
	} 2>"$work/said"
}

# put KEY-OR-OPTION...: with what the configuration says of storage.
put() {
	s3put ${STORAGE_CLASS:+"--storage-class=$STORAGE_CLASS"} \
		${SSE:+"--sse=$SSE"} ${KMS_KEY:+"--sse-kms-key-id=$KMS_KEY"} \
		"$@" >"$work/receipt"
}

dump_to_bucket() {
	{
		dump | gzverify | put ${ENCRYPT_CMD:+"--filter=$ENCRYPT_CMD"} \
			"${S3_BUCKET%/}/$base"
	} 2>"$work/said"
	put_status=$?
	return $put_status
}

put_file() {
	put "${S3_BUCKET%/}/${file##*/}" "$file" 2>"$work/said"
	put_status=$?
	return $put_status
}

learn_facts() {
	bytes=$(size_of "$file")
	rows=$(fact rows | awk '{ n += $1 } END { printf "%.0f\n", n }')
	seal=$(fact sha256 | head -n 1)
}

take_receipt() { # take_receipt EVENT
	IFS=$tab read -r uri bytes etag object_version sha256 <"$work/receipt"
	event "$1" "db=$db" "uri=$uri" "bytes=$bytes" "etag=$etag" \
		"version=$object_version" "sha256=$sha256"
	echo "${uri##*/}" >>"$work/stored"
	printf '%s\n' "$uri $bytes $sha256" >>"$work/receipts"
}

pause() { # pause EVENT
	tries_left=$((tries_left - 1))
	event "$1" "db=$db" level=warn "reason=$(complaint)" \
		"wait_seconds=$RETRY_WAIT" "tries_left=$tries_left"
	sleep "$RETRY_WAIT"
}

measure() { # measure STATUS
	printf 'db=%s\nok=%s\n' "$db" "$((! $1))" >>"$work/metrics"
	[ "$1" = 0 ] || return 0
	printf 'bytes=%s\nseconds=%s\n' "$bytes" "$(($(date +%s) - began))" \
		>>"$work/metrics"
	[ -z "$rows" ] || echo "rows=$rows" >>"$work/metrics"
}

# --- retention

# keep_rules LAST COMMAND...: with them as its options.
keep_rules() {
	last=$1
	shift
	"$@" --keep-last="$last" --daily="$KEEP_DAILY" --weekly="$KEEP_WEEKLY" \
		--monthly="$KEEP_MONTHLY" --yearly="$KEEP_YEARLY"
}

is_remote() {
	grep -qxF -e "$(size_of "$1") ${1##*/}" "$work/remote"
}

# What the bucket's rules would delete, if it were there.
list_expired() {
	: >"$work/expired"
	[ "$RETENTION_DAYS" != 0 ] || return 0
	run_tool keep_rules 3 keeplocal --days="$RETENTION_DAYS" --dry-run \
		--name="$label" "$BACKUP_DIR" || return 1
	sed -n "s/^delete$tab\([^$tab]*\)$tab.*/\1/p" "$work/out" >"$work/expired"
}

is_expired() {
	grep -qxF -e "${1##*/}" "$work/expired"
}

is_plain() { # and should not be
	[ -n "$suffix" ] || return 1
	case $1 in *.sql.gz) ;; *) return 1 ;; esac
}

is_stored() {
	grep -qxF -e "$base" "$work/stored"
}

log_decisions() { # log_decisions PLACE
	while IFS=$tab read -r decision what why <&4; do
		case $decision in
		error) event retention.error "db=$db" "place=$1" "name=$what" \
			level=error "reason=$why" ;;
		*) event "retention.$decision" "db=$db" "place=$1" "name=$what" \
			"reason=$why" ;;
		esac
	done 4<"$work/out"
}

# decide PLACE COMMAND...: what a stopped one has done is logged all the same.
decide() {
	: >"$work/out"
	retaining=$1
	shift
	run_tool "$@"
}

leave_out_kept() {
	grep -v "^keep$tab" "$work/out" >"$work/changes"
	mv "$work/changes" "$work/out"
}

# Files that the bucket has, or would not keep, may go.
retain_local() {
	last=$MAX_LOCAL_BACKUPS
	if [ -z "$S3_BUCKET" ]; then
		[ "$last" -ge 3 ] || last=3
		decide local keep_rules "$last" keeplocal --name="$label" \
			"$BACKUP_DIR"
		end_retention local $?
		return
	fi
	[ -z "$s3_down" ] && list_remote || return 0
	for file in $(own_files); do
		file=$BACKUP_DIR/$file
		if is_remote "$file" || is_expired "$file"; then
			printf '%s\n' "$file"
		fi
	done >"$work/spare"
	[ ! -s "$work/spare" ] || {
		decide local keep_rules "$last" keeplocal - <"$work/spare"
		end_retention local $?
	}
	clear_partial
}

# What was left behind goes with every whole directory only; no backup is old
# enough for this rule.
clear_partial() {
	decide local keeplocal --days=100000 --name="$label" "$BACKUP_DIR"
	cleared=$?
	leave_out_kept
	end_retention local $cleared
}

retain_remote() {
	decide remote keep_rules 3 s3prune --days="$RETENTION_DAYS" \
		--name="$label" ''
	end_retention remote $?
}

end_retention() { # end_retention PLACE STATUS
	log_decisions "$1"
	retaining=''
	if [ "$2" = 0 ]; then
		warnings retention.warning "db=$db" "place=$1"
	else
		fail 5 retention.failed "db=$db" "place=$1"
	fi
}
