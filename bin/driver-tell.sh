# For backup-db.sh and restore-db.sh: who is told of a run, and its record.
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # shared

subject_of() {
	echo "$topic on $(uname -n): $(sentence_of "$1")"
}

# A signal makes us hurry in the end.  More of them change nothing: a trap within
# a trap would lose exit statuses (dash).
hurry() {
	trap '' INT TERM HUP
	stopped=yes patience=8
}

shielded() {
	(
		trap '' INT TERM HUP
		exec "$@"
	)
}

# bounded COMMAND...: for no longer than $patience.  The shell says when a
# child was killed; so do we.
bounded() {
	run_tool shielded timeout -s KILL "$patience" "$@" && return
	ended=$?
	[ $ended != 137 ] ||
		echo "'$1' did not end within $patience seconds" >"$work/said"
	return $ended
} 2>/dev/null

# find_records KIND: "runs", for example.
find_records() {
	records='' sum=''
	if [ -n "$LOG_FILE" ]; then
		records=$LOG_FILE.$1.jsonl
	elif [ -n "$BACKUP_DIR" ]; then
		records=$BACKUP_DIR/backup.$1.jsonl
	fi
}

check_records() {
	[ -n "$records" ] && [ -e "$records" ] || return 0
	run_tool auditlog check "$records" || fail 5 records.broken "file=$records"
	head -n 1 "$work/out" >"$work/chain"
}

# add_record [KEY=VALUE]...: $sum is its SHA-256 then.
add_record() {
	[ -n "$records" ] || return 0
	run_tool shielded auditlog record "$records" "$@" ||
		fail 5 record.failed "file=$records"
	sum=$(cat "$work/out")
}

report() {
	echo "$(sentence_of "$verdict") (exit status $verdict, run $RUN_ID)"
	[ ! -s "$work/failures" ] || {
		echo
		awk '{ print (first || NR == 1 || $0 == "" ? "" : "    ") $0
			first = $0 == "" }' "$work/failures"
	}
	[ ! -s "$work/chain" ] || printf 'record of runs: %s\n\n' \
		"$(cat "$work/chain")"
	echo "the end of the log${LOG_FILE:+ ($LOG_FILE)}:"
	tail -n 40 "$work/log"
}

mail_report() {
	# shellcheck disable=SC2086 # addresses
	[ -z "$ALERT_EMAIL" ] || bounded alertmail \
		-s "$(subject_of "$verdict")" $ALERT_EMAIL <"$work/report" || fail 5 mail.failed
}

check_log() {
	[ -z "$log_broken" ] || fail 5 log.failed "file=$LOG_FILE" \
		'reason=it could not be written'
}

exit_run() {
	event run.end "exit=$verdict" "verdict=$(words_of "$verdict")" \
		"seconds=$(($(date +%s) - run_began))" "record=$sum"
	exit "$verdict"
}
