# For scenarios of --drill by either driver, after driver.sh: a scenario itself
# has nothing_is_left.
# shellcheck shell=sh disable=SC2034,SC2154
#
#   use_mail          a server that takes mails; $alert and $smtp are lines of
#                     the configuration for it
#   the_mail          the one that came, which is gone then
#   of_record KEY     of the last record
#   proves DB         assert what is on record and in the log of a drill of two
#                     databases, DB the last one; $object and $version are its
#                     object and the server's version
#   damaged STATUS ERE NAME   assert that a drill has failed, and told so

use_mail() {
	use_server mail ''
	alert=ALERT_EMAIL=ops@mail.test smtp=SMTP_URL=smtp://127.0.0.1:$MAIL_PORT
}

mail_came() {
	grep -q ' => ' "$MAIL_LOG"
}
the_mail() {
	wait_for mail_came
	cat "$MAIL_BOX"/* | python3 -c '
import email, email.policy, sys
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
print("subject:", m["subject"])
print(m.get_content())'
	rm -f "$MAIL_BOX"/*
	: >"$MAIL_LOG"
}

of_record() {
	tail -n 1 log.restores.jsonl | python3 -c 'import json, sys
print(json.load(sys.stdin).get(sys.argv[1], "-"))' "$1"
}

proves() {
	is "$(wc -l <log.restores.jsonl)" 2 'a record for each'
	object=$(objects | grep '^an')
	is "$(of_record backup)" "$remote/$object" 'it tells which object'
	s3 get "$bucket" "night/$object" >got
	is "$(of_record sha256) $(of_record bytes)" \
		"$(sha256sum <got | cut -d ' ' -f 1) $(wc -c <got)" 'what that was'
	is "$(of_record action) $(of_record db) $(of_record verdict) $(of_record exit) $(of_record into)" \
		"drill $1 ok 0 scratch" 'what was done'
	is "$(of_record tables) $(of_record rows) $(of_record counted) $(of_record differences)" \
		'1 0 0 0' 'what was compared'
	like "$(of_record etag) $(of_record version)" '^[0-9a-f-]+ -$' 'the ETag'
	version=$(sql 'SHOW server_version' | cut -d ' ' -f 1)
	is "$(of_record server) $(of_record dump_server)" "PostgreSQL $version PostgreSQL $version" \
		'the versions'
	like "$(of_record time) $(of_record made) $(of_record age_seconds)" \
		'^20.*Z 20[0-9]{6}_[0-9]{6} [0-9]+$' 'when'
	like "$(of_record restore_seconds) $(of_record verify_seconds) $(of_record seconds)" \
		'^[0-9.]+ [0-9.]+ [0-9]+$' 'how long'
	log_like "event=drill.done verdict=ok .*db=$db .*tables=1 rows=1000 counted=0 .*differences=0" \
		'the log tells the same'
	log_like 'event=run.end exit=0 verdict=ok' 'to the end'
	run auditlog check log.restores.jsonl
	status_is 0 'the chain holds'
}

damaged() {
	status_is "$1" "$3"
	the_mail >mail
	like "$(cat mail)" '^subject: drill on .*: ' "$3: a mail comes"
	like "$(cat mail)" "$2" "$3: with the reason"
	is "$(of_record verdict) $(of_record exit)" "failed $1" "$3: it is on record"
	like "$(of_record reason)" "$2" "$3: and why"
	nothing_is_left
}
