# For backup-db.sh: the end of a run, and who is told of it.
# shellcheck shell=sh
# shellcheck disable=SC2154 # shared

words_of() {
	case $1 in
	0) echo ok ;;
	1) echo no-backup ;;
	2) echo misconfigured ;;
	3) echo not-started ;;
	4) echo not-uploaded ;;
	*) echo incomplete ;;
	esac
}

sentence_of() {
	case $1 in
	0) echo 'all backups were made' ;;
	1) echo 'a backup was not made' ;;
	2) echo 'the configuration is wrong, nothing was backed up' ;;
	3) echo 'nothing could be backed up' ;;
	4) echo 'backups were made, but not all uploaded' ;;
	*) echo 'backups are safe, but something else failed' ;;
	esac
}

# A signal has ended the children already; withconf waits for us, for a minute
# and a half at most, and children may have taken half of it.
stop_run() {
	hurry
	[ -z "$retaining" ] || { # again, rather than not at all
		leave_out_kept
		log_decisions "$retaining"
	}
	: >"$work/said"
	what=5
	[ -z "$uploading" ] || what=4
	each_backup is_good || what=1
	fail $what run.stopped "reason=stopped by SIG$1"
	end_early
}

is_good() {
	grep -qxF -e "$name" "$work/good" || return 1
}

# All databases are named, or those that are not would vanish from the metrics.
measure_rest() {
	grep -qxF -e "db=$db" "$work/metrics" && return
	is_good
	measure $?
}

post_hook() {
	[ -n "$HOOK_POST" ] || return 0
	how=run_tool word=$(words_of "$verdict")
	[ -z "$stopped" ] || how=bounded
	[ "$check$word" != yesok ] || word=checked
	EXIT_STATUS=$verdict VERDICT=$word \
		$how sh -c "$HOOK_POST" || fail 5 hook.failed \
		hook=post 'hint=HOOK_POST has to end with exit status 0'
}

record() {
	add_record "exit=$verdict" \
		"host=$(uname -n)" "databases=$(paste -sd , "$work/databases")" \
		"good=$(paste -sd , "$work/good")" \
		"receipts=$(paste -sd , "$work/receipts")" \
		"seconds=$(($(date +%s) - run_began))"
}

write_metrics() {
	[ -n "$METRICS_FILE" ] || return 0
	set -- "exit=$verdict" "seconds=$(($(date +%s) - run_began))"
	while IFS= read -r pair; do
		set -- "$@" "$pair"
	done <"$work/metrics"
	run_tool shielded auditlog metrics "$METRICS_FILE" "$@" ||
		fail 5 metrics.failed "file=$METRICS_FILE"
}

ping() { # ping start|fail|, with standard input
	[ -n "${HEALTHCHECK_URL_FILE:-}" ] || return 0
	bounded pingurl ${1:+"$1"} || fail 5 ping.failed
}

tell() {
	told=$verdict
	report >"$work/report"
	if [ "$verdict" = 0 ]; then
		ping '' <"$work/report"
		return
	fi
	ping fail <"$work/report"
	mail_report
}

tell_news() {
	[ "$told" = "$verdict" ] || tell
}

# What fails in telling is told, too.  A failure does not wait for HOOK_POST,
# which may hang.
end_run() {
	[ -n "$stopped" ] || trap hurry INT TERM HUP
	told=''
	find_records runs
	each_backup measure_rest
	check_log
	check_records
	[ "$verdict" = 0 ] || tell
	post_hook
	tell_news
	write_metrics
	record
	tell_news
	exit_run
}

end_early() {
	[ -z "$check" ] || end_check
	end_run
}

# What HOOK_PRE began, HOOK_POST ends.
end_check() {
	[ -n "$stopped" ] || trap hurry INT TERM HUP
	[ -z "$hooked" ] || post_hook
	event check.end "exit=$verdict" "verdict=$(words_of "$verdict")"
	exit "$verdict"
}
