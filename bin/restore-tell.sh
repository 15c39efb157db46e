# For restore-db.sh: what came of it, the evidence, and the end of a run.
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154,SC2317 # shared, and called by name

words_of() {
	case $1 in
	0) echo ok ;;
	1) echo not-restored ;;
	2) echo misconfigured ;;
	3) echo failed ;;
	4) echo unreachable ;;
	*) echo incomplete ;;
	esac
}

sentence_of() {
	case $1 in
	0) echo 'all is well' ;;
	1) echo 'a backup does not restore to what it should be' ;;
	2) echo 'the configuration is wrong' ;;
	3) echo 'the server, a program or the disk failed' ;;
	4) echo 'S3 could not be reached' ;;
	*) echo 'it was done, but the log, the record or a mail failed' ;;
	esac
}

# add_evidence KEY=VALUE...: to $work/evidence, unless the value is empty
add_evidence() {
	for pair; do
		[ -z "${pair#*=}" ] || printf '%s\n' "$pair"
	done >>"$work/evidence"
}

# collect INTO: what is known of this load
collect() {
	: >"$work/evidence"
	uri='' bytes='' etag='' object_version='' sha256=''
	[ ! -s "$work/got" ] ||
		IFS=$tab read -r uri bytes etag object_version sha256 <"$work/got"
	[ "$place" != local ] || bytes=$(size_of "$where")
	add_evidence "action=$mode" "db=$db" "backup=$where" "made=$stamp" \
		"age_seconds=$age" "bytes=$bytes" "etag=$etag" \
		"version=$object_version" "sha256=$sha256" "into=$1" \
		"kept=${kept:-}" \
		"host=$(uname -n)"
	# a version is no number: 15.10 is not 15.1
	for key in dump_server server; do
		value=$(fact $key 0-9a-z. | head -n 1)
		add_evidence "$key=${value:+PostgreSQL $value}"
	done
	for key in tables rows counted restore_seconds verify_seconds; do
		add_evidence "$key=$(fact $key 0-9. | head -n 1)"
	done
	[ ! -s "$work/facts" ] || add_evidence \
		"differences=$(grep -oE '"what":' "$work/facts" | wc -l | tr -d ' ')"
	add_evidence "seconds=$(($(date +%s) - began))"
}

# With the pairs of $work/evidence behind its own.
with_evidence() { # with_evidence COMMAND [ARGUMENT]...
	while IFS= read -r pair; do
		set -- "$@" "$pair"
	done <"$work/evidence"
	"$@"
}

# conclude INTO: $loaded is what came of it, $work/said what was said
conclude() {
	collect "$1"
	warnings "$mode.warning" "db=$db"
	if [ "$loaded" = 0 ]; then
		result='verdict=ok exit=0'
		[ -z "$stale" ] || result='verdict=stale exit=1'
		# shellcheck disable=SC2086 # two words
		{
			with_evidence event "$mode.done" $result
			with_evidence add_record $result
		}
	else
		with_evidence fail "$loaded" "$mode.failed" verdict=failed
		with_evidence add_record verdict=failed "exit=$loaded" \
			"reason=$(last_reason)"
	fi
	loading=''
}

last_reason() {
	sed -n 's/^reason=//p' "$work/failures" | tail -n 1
}

# A signal has ended the children already; withconf waits for us, for a minute
# and a half at most.
stop_run() {
	hurry
	: >"$work/said"
	if [ -n "$ready" ] && is_swapped; then
		tell_kept
		loaded=0
		conclude "$loading"
	fi
	if [ -n "$loading" ]; then
		echo "stopped by SIG$1" >"$work/said"
		[ -z "$ready" ] || tell_names
		loaded=1 kept=''
		conclude "$loading"
	else
		fail 1 run.stopped "reason=stopped by SIG$1"
	fi
	end_run
}

end_run() {
	[ -n "$stopped" ] || trap hurry INT TERM HUP
	[ "$mode" != list ] || exit "$verdict"
	check_log
	check_records
	[ "$verdict" = 0 ] || {
		report >"$work/report"
		mail_report
	}
	exit_run
}

end_early() {
	end_run
}
