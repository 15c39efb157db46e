# For backup-db.sh: the log, the verdict, and what is looked at before anything
# is dumped.  Variables that functions share:
#   work      a private directory of this run, gone afterwards
#   verdict   the exit status so far
#   reached   a database that could be reached
#   stopped   not empty: a signal has ended the run
#   patience  seconds that a mail or a ping may take
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154,SC2317 # shared, and called by name

tools='withconf pgdumpz gzverify s3put s3ls s3prune keeplocal auditlog
alertmail pingurl'

tools_version() {
	auditlog --version | sed 's/.* //'
}

# --- the log and the verdict

# has KEY [KEY=VALUE]...: is one of them of that KEY?  A name may look like a
# pair within its own.
has() {
	wanted=$1
	shift
	for pair; do
		case $pair in "$wanted="*) return 0 ;; esac
	done
	return 1
}

# event NAME [KEY=VALUE]...: a line of the log.
event() {
	auditlog event "$@" 2>"$work/line" || log_broken=yes
	cat "$work/line" >>"$work/log"
	if [ -z "$quiet" ] || has level "$@"; then
		cat "$work/line" >&2
	fi
}

# run_tool COMMAND...: what it says goes into $work/said.
run_tool() {
	"$@" >"$work/out" 2>"$work/said"
}

# What a tool complained about, without its warnings, and its advice.  In a
# pipeline a broken pipe is only what another tool's failure did.
complaint() {
	grep -v -e ': warning: ' -e ': hint: ' "$work/said" >"$work/complaints"
	grep -v 'Broken pipe' "$work/complaints" | head -n 1 | grep . ||
		head -n 1 "$work/complaints"
}

advice() {
	sed -n 's/^[a-z0-9]*: hint: //p' "$work/said" | head -n 1
}

# warnings NAME [KEY=VALUE]...: of what went well all the same.
warnings() {
	grep ': warning: ' "$work/said" >"$work/warnings" || return 0
	while IFS= read -r text; do
		event "$@" level=warn "text=${text#*: warning: }"
	done <"$work/warnings"
}

# The lower exit status is the worse one: 1 no backup, 2 wrong configuration,
# 3 not even tried, 4 not uploaded, 5 the rest.
judge() {
	[ "$verdict" != 0 ] && [ "$verdict" -le "$1" ] || verdict=$1
}

# fail STATUS NAME [KEY=VALUE]...: with the reason from $work/said, unless
# given.
fail() {
	judge "$1"
	shift
	has reason "$@" || {
		text=$(complaint)
		set -- "$@" "reason=${text:-none was given}"
	}
	has hint "$@" || {
		text=$(advice)
		[ -z "$text" ] || set -- "$@" "hint=$text"
	}
	event "$@" level=error
	printf '%s\n' "$@" '' >>"$work/failures"
}

# Nothing has been made, and nothing will be.
give_up() { # give_up NAME [KEY=VALUE]...
	fail 3 "$@"
	end_early
}

bad_configuration() { # bad_configuration REASON HINT
	fail 2 configuration.bad "reason=$1" "hint=$2"
	end_early
}

end_early() {
	[ -z "$check" ] || end_check
	end_run
}

# --- the beginning

# Of runs that were killed: nobody else could have removed it.  The owner is a
# file that ends with withconf.
remove_old_work() {
	for old in "$1"/backup-db.??????; do
		[ -O "$old" ] && [ ! -L "$old" ] && [ -s "$old/owner" ] || continue
		[ -r "$(cat "$old/owner")" ] || rm -rf "$old"
	done
}

# make_work PLACE...: a private directory, in the first of them that can be
# written to; no_room says what is wrong with the one before.  A dump needs
# that one; to tell of it, any will do.
make_work() {
	no_room=''
	for place; do
		remove_old_work "$place"
		if text=$(mktemp -d "$place/backup-db.XXXXXX" 2>&1); then
			work=$text
			trap 'rm -rf "$work"' EXIT
			echo "$PGDUMPZ_SETTINGS_FILE" 2>/dev/null >"$work/owner" &&
				return
			rm -rf "$work"
			text="cannot write to '$place'"
		fi
		no_room=${no_room:-${text#mktemp: }}
	done
	return 1
}

# Log and mail can do without.
end_without_work() {
	auditlog event temp.failed level=error "reason=$no_room" "$temp_hint"
	# shellcheck disable=SC2086 # addresses
	[ -z "$ALERT_EMAIL" ] || echo "$no_room" |
		alertmail -s "$(subject_of 3)" $ALERT_EMAIL
	exit 3
}

start_run() {
	verdict=0 s3_down='' log_broken='' suffix='' stopped='' patience=600
	run_began=$(date +%s)
	temp_hint='hint=make room for a directory there, or set TMPDIR'
	make_work "${TMPDIR:-/tmp}" /dev/shm || end_without_work
	for list in good stored receipts unreachable failures metrics said log; do
		: >"$work/$list"
	done
	printf '%s\n' "$DB_NAME" >"$work/databases"
	trap 'stop_run INT' INT
	trap 'stop_run TERM' TERM
	trap 'stop_run HUP' HUP
	export PGCONNECT_TIMEOUT="${PGCONNECT_TIMEOUT:-30}"
	case ${ENCRYPT_CMD%%[ 	]*} in
	'') ;;
	age | */age) suffix=.age ;;
	gpg | gpg2 | */gpg | */gpg2) suffix=.gpg ;;
	*) suffix=.enc ;;
	esac
	event run.start "version=$(tools_version)" "host=$(uname -n)" \
		"user=$(id -un)" "config=${PGDUMPZ_CONF:-}" "pid=$$"
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

check_temp() {
	[ -z "$no_room" ] || give_up temp.failed "reason=$no_room" \
		"instead=$work" "$temp_hint"
}

check_tools() {
	[ "$(encode 'a b' 2>/dev/null)" = a%20b ] && run_tool timeout 9 true ||
		give_up tool.missing 'tool=od, awk or timeout' \
			'reason=one of them does not work as it should' \
			'hint=install the packages coreutils and mawk'
	version=$(tools_version)
	for tool in $tools; do
		run_tool "$tool" --version ||
			give_up tool.missing "tool=$tool" \
				'hint=install all the tools into one directory'
		[ "$(sed 's/.* //' "$work/out")" = "$version" ] ||
			give_up tool.version "tool=$tool" \
				"reason=it is not of version $version" \
				'hint=install all the tools anew'
	done
	command -v "${PG_BIN:+$PG_BIN/}psql" >/dev/null ||
		give_up tool.missing tool=psql "reason=there is no psql" \
			'hint=install the client programs of PostgreSQL, or set PG_BIN'
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
		if PGDATABASE=$db run_tool "${PG_BIN:+$PG_BIN/}psql" -XAtqw \
			-c "SELECT current_setting('server_version'),
				pg_database_size(current_database())"; then
			IFS='|' read -r server bytes <"$work/out"
			reached=$db
			event database.found "db=$db" "server=$server" "bytes=$bytes"
		else
			printf '%s\n' "$db" >>"$work/unreachable"
			fail 1 database.unreachable "db=$db" "hint=try: psql -d NAME, as the\
 user $(id -un); see DB_HOST, DB_PORT, DB_USER and DB_PASSWORD"
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

