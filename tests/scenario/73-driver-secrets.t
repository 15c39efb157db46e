#!/bin/sh
# unsanitized
# backup-db.sh: passwords are nowhere to be seen, and any name is only a name.
. "${0%/*}/../lib.sh"
. "$tests/driver.sh"
use_driver
use_server mail ''
use_server web ''
role=drv_$$
trap 'sql_in postgres "DROP ROLE IF EXISTS $role"; cd /; rm -rf "$T"' EXIT
all=$(awk 'BEGIN { for (c = 33; c < 127; c++) printf "%c", c }')" ünï"
sql "CREATE ROLE $role LOGIN PASSWORD '$(printf %s "$all" | sed "s/'/''/g")'
	IN ROLE pg_read_all_data"
encoded() {
	python3 -c 'import sys, urllib.parse
print(urllib.parse.quote(sys.argv[1], safe=""))' "$1"
}
user=$(encoded "$MAIL_USER") password=$(encoded "$MAIL_PASSWORD")
secret_url=http://127.0.0.1:$WEB_PORT/s3cr3t-url
server_lines="DB_HOST=$PGHOST DB_PORT=$PGPORT"
key=$AWS_ACCESS_KEY_ID secret_key=$AWS_SECRET_ACCESS_KEY

# --- secrets

# shellcheck disable=SC2086 # two words
conf $server_lines "DB_USER=$role" "DB_PASSWORD='$all'" \
	"AWS_ACCESS_KEY_ID=$key" "AWS_SECRET_ACCESS_KEY=$secret_key" \
	"HEALTHCHECK_URL=$secret_url" ALERT_EMAIL=ops@mail.test \
	"SMTP_URL=smtp://$user:$password@localhost:$MAIL_LOGIN_PORT?tls=yes" \
	'HOOK_POST=env >hook.env; exit 1' 'HOOK_PRE=sleep 0.3'
export SSL_CERT_FILE="$MAIL_CA"
# every command line and temporary file there is, while it runs
watch() {
	while [ ! -e seen.all ]; do
		cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' >>seen.argv
		find "$TMPDIR" -type f -exec cat {} + >>seen.files 2>/dev/null
	done
}
watch &
watcher=$!
run env -u PGHOST -u PGPORT -u PGUSER -u PGPASSWORD -u AWS_ACCESS_KEY_ID \
	-u AWS_SECRET_ACCESS_KEY -u MAIL_PASSWORD backup-db.sh -c "$T/conf" </dev/null
touch seen.all
wait $watcher
status_is 5 'a night with a password of every character'
is "$(objects | wc -l)" 1 'its backup is stored'
log_like 'event=upload.done' 'the log says so'
log_unlike 'event=mail' 'the mail was taken'
wait_for grep -q ' => ' "$MAIL_LOG"
cat "$MAIL_BOX"/* >mail
ok 'a mail has come' test -s mail
ok 'argv has been watched' grep -qF 'pgdumpz' seen.argv
ok 'and so have files' grep -qF event=dump.start seen.files
python3 -c 'import quopri, sys
sys.stdout.buffer.write(quopri.decodestring(open("mail", "rb").read()))' >mail.text
for place in seen.argv seen.files log log.runs.jsonl mail mail.text hook.env err \
	backups/*.gz; do
	for secret in "$all" "$secret_key" "$MAIL_PASSWORD" "$password" s3cr3t-url; do
		! grep -qaF -e "$secret" "$place"
		result $? "no secret is in ${place%%_*}"
	done
done
no_temp_left
no_children_left

# --- names

unset SSL_CERT_FILE
rm backups/* log*
s3 ls "$bucket" | cut -f 2 | while read -r key; do s3 rm "$bucket" "$key"; done
odd='sp ace|q"uo'"'"'te|dol$lar$(touch pwned)|semi;colon|b!ang|%41|üñî😀|../up|-rf|a\b|`id`|*|a_20240101_000000|x level=error|x\,y'
list=$(printf %s "$odd" | tr '|' ',')
printf '%s\n' "$odd" | tr '|' '\n' | sed 's/\\,/,/' >names
count=$(wc -l <names)
for_names() { # for_names SQL: in front of each name
	while IFS= read -r name; do
		sql_in postgres "$1 \"$(printf %s "$name" | sed 's/"/""/g')\"" </dev/null
	done <names
}
drop_odd() {
	for_names 'DROP DATABASE IF EXISTS'
	sql_in postgres "DROP ROLE IF EXISTS $role"
}
for_names 'CREATE DATABASE'
trap 'drop_odd; cd /; rm -rf "$T"' EXIT
conf "DB_NAME=$list"
backup
status_is 0 'databases of odd names'
is "$(objects | wc -l)" "$count" 'all are stored'
is "$(objects)" "$(files)" 'here and there'
is "$(files | sed 's/_[0-9]*_[0-9]*\.sql\.gz$//' | sort)" \
	"$(python3 -c '
import sys, urllib.parse
for line in sys.stdin.buffer.read().splitlines():
    print(urllib.parse.quote(line, safe="").replace("~", "%7E"))' <names | sort)" \
	'under encoded names'
no_file pwned
no_file ../up
is "$(last_log | grep -c 'event=retention.keep .*place=remote')" "$count" \
	'each is kept by its own rules'
sleep 1
conf "DB_NAME=$list" MAX_LOCAL_BACKUPS=1
backup -q
status_is 0 'the next night'
err_is '' 'which has nothing to complain of'
is "$(files | wc -l)" "$count" 'one of each is left here'
is "$(objects | wc -l)" $((2 * count)) 'and two there'
conf 'BACKUP_NAME=%25odd%C3%A9'
backup
status_is 0 'a BACKUP_NAME that is encoded'
like "$(files)" '^%25odd%C3%A9_2' 'names the file'
like "$(objects)" '^%25odd%C3%A9_2' 'and the object'
log_like 'retention.keep .*place=remote name=%25odd%C3%A9_2' 'and is found again'

# --- a configuration from elsewhere

{
	printf '\357\273\277'
	conf 'ALERT_EMAIL=""'
	sed 's/$/\r/' conf
} >foreign
chmod 600 foreign
run backup-db.sh -c "$T/foreign"
status_is 0 'a byte order mark and CRLF'
no_work_left
done_testing
