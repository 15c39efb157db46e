# For backup-db.sh and restore-db.sh: options, the log, the verdict, a private
# directory.  Variables that functions share:
#   driver    the script's name, without .sh
#   topic     what its mails are about
#   tools     what it needs
#   quiet     not empty: only warnings and errors go to standard error
#   work      a private directory of this run, gone afterwards
#   verdict   the exit status so far
#   stopped   not empty: a signal has ended the run
#   patience  seconds that a mail or a ping may take
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154,SC2317 # shared, and called by name

tools_version() {
	auditlog --version | sed 's/.* //'
}

# --- options

bad_usage() {
	echo "$driver: $1" >&2
	echo "$driver: hint: see '$driver.sh --help'" >&2
	exit 2
}

# PGDUMPZ_SETTINGS_FILE can be read for as long as withconf is there.
is_configured() {
	[ -n "${RUN_ID:-}" ] && [ -r "${PGDUMPZ_SETTINGS_FILE:-}" ]
}

# start ARGUMENT...: run again under withconf, which checks the configuration,
# holds the lock and passes signals on; every key is a variable then.  -c and -o
# go to it, ours follow our name.  The driver has usage; own_option OPTION LEFT
# NEXT, whose status is 1 for none of its own, and 2 if it took NEXT for a value
# (with LEFT=0 there is none); and again, which gets withconf's options.
start() {
	quiet='' left=$#
	while [ "$left" -gt 0 ]; do
		option=$1
		shift
		left=$((left - 1))
		case $option in
		-q | --quiet) quiet=yes ;;
		--help) usage && exit ;;
		-V | --version) echo "$driver $(tools_version)" && exit ;;
		-c | --config | -o | --option)
			[ "$left" -gt 0 ] || bad_usage "$option needs a value"
			set -- "$@" "$option" "$1"
			shift
			left=$((left - 1))
			;;
		-c?* | --config=* | -o?* | --option=*) set -- "$@" "$option" ;;
		*)
			own_option "$option" "$left" "${1-}"
			case $? in
			1) bad_usage "there is no option or argument '$option'" ;;
			2)
				shift
				left=$((left - 1))
				;;
			esac
			;;
		esac
	done
	is_configured || again "$@"
	[ $# = 0 ] || bad_usage 'withconf runs already; give -c and -o to it'
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

# The lower exit status is the worse one, 0 apart; the driver's words_of tells
# what they are.
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

# --- the beginning

# Of runs that were killed: nobody else could have removed it.  The owner is a
# file that ends with withconf.
remove_old_work() {
	for old in "$1/$driver".??????; do
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
		if text=$(mktemp -d "$place/$driver.XXXXXX" 2>&1); then
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

# begin_run LIST...: with these empty files in $work, too.  From here on a signal
# can be told of: what stop_run looks at has been set before.
begin_run() {
	verdict=0 log_broken='' stopped='' patience=600
	run_began=$(date +%s)
	temp_hint='hint=make room for a directory there, or set TMPDIR'
	make_work "${TMPDIR:-/tmp}" /dev/shm || end_without_work
	for list in failures said log "$@"; do
		: >"$work/$list"
	done
	printf '%s\n' "$DB_NAME" >"$work/databases"
	trap 'stop_run INT' INT
	trap 'stop_run TERM' TERM
	trap 'stop_run HUP' HUP
	export PGCONNECT_TIMEOUT="${PGCONNECT_TIMEOUT:-30}"
	event run.start "version=$(tools_version)" "host=$(uname -n)" \
		"user=$(id -un)" "config=${PGDUMPZ_CONF:-}" "pid=$$"
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
}
