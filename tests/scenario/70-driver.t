#!/bin/sh
# unsanitized
# backup-db.sh: a good night, by every shell, and what is known of it after.
. "${0%/*}/../lib.sh"
. "$tests/driver.sh"
use_driver
command -v exim4 >/dev/null || [ -x /usr/sbin/exim4 ] || skip_all 'no exim4'
use_server mail ''
use_server web ''

# --- a night

ping=http://127.0.0.1:$WEB_PORT/check
conf GLOBALS=yes METRICS_FILE="$T/m.prom" HEALTHCHECK_URL="$ping" \
	ALERT_EMAIL=ops@mail.test "SMTP_URL=smtp://127.0.0.1:$MAIL_PORT" \
	'HOOK_PRE=echo pre >>hooks' \
	'HOOK_POST=echo "$VERDICT $EXIT_STATUS $RUN_ID" >>hooks'
for shell in dash 'busybox sh' bash; do
	rm -f "$T/backups"/* log* m.prom hooks "$WEB_DIR/requests"
	s3 ls "$bucket" | cut -f 2 | while read -r key; do s3 rm "$bucket" "$key"; done
	backup_by "$shell"
	status_is 0 "$shell: a night"
	out_is '' "$shell: standard output is empty"
	like "$(files | tr '\n' ' ')" \
		"^globals_[0-9]{8}_[0-9]{6}.sql.gz ${db}_[0-9]{8}_[0-9]{6}.sql.gz \$" \
		"$shell: two files"
	is "$(objects)" "$(files)" "$shell: two objects of the same names"
	for file in "$T/backups"/*; do
		ok "$shell: a file is whole" gzverify "$file"
		s3 get "$bucket" "night/${file##*/}" >back
		same_file back "$file" "$shell: the object is the file"
	done
	is "$(stat -c %a "$T/backups"/* | sort -u)" 600 "$shell: private files"
	same_file "$err" log "$shell: the log is on standard error as well"
	like "$(cut -d ' ' -f 2 "$WEB_DIR/requests" | tr '\n' ' ')" \
		'^/check/start /check $' "$shell: pinged at start and success"
	like "$(cat hooks)" '^ok 0 [0-9]{8}_' "$shell: hooks have run"
	is "$(ls "$MAIL_BOX")" '' "$shell: no mail"
	no_work_left
done
no_backends_left "$db"

# --- what is known

last_log >last
log_like " level=info run=[0-9_]+-[0-9a-f]{6} event=run.start version=[0-9.]+ host=.* user=.* config=$T/conf " 'the log tells what began'
log_like "event=setting key=DB_NAME value=$db source=file:[0-9]+\$" 'with which settings'
log_like 'event=setting key=RETENTION_DAYS value=30 source=default$' 'defaults too'
log_like 'event=setting key=HEALTHCHECK_URL value="\(hidden\)" source=file' 'but no secrets'
log_like "event=database.found db=$db server=.* pg_dump=.* bytes=[0-9]+\$" 'the database'
log_like "event=dump.done db=$db file=$T/backups/${db}_.* bytes=[0-9]+ rows=1000 seal=[0-9a-f]{64} seconds=[0-9]+\$" 'the dump'
log_like "event=upload.done db=$db uri=s3://$bucket/night/${db}_.* bytes=[0-9]+ etag=[^ ]+ version=[^ ]+ sha256=$(sha256sum <"$T/backups/$(files | tail -n 1)" | cut -d ' ' -f 1)\$" 'the receipt'
log_like "event=retention.keep db=$db place=local name=$T/backups/${db}_.* reason=" 'decisions here'
log_like "event=retention.keep db=$db place=remote name=${db}_.* reason=" 'and there'
log_like 'event=run.end exit=0 verdict=ok seconds=[0-9]+ record=[0-9a-f]{64}$' 'and the end'
is "$(stat -c %a log)" 600 'the log is private'
run auditlog check log.runs.jsonl
status_is 0 'the chain of records holds'
like "$(cat "$out")" "^1 $(sed -n 's/.*event=run.end .*record=//p' last)\$" 'its sum is in the log'
like "$(cat log.runs.jsonl)" "\"exit\":0,.*\"databases\":\"$db\".*\"receipts\":\".*s3://$bucket/night/$db" 'a record tells what was done'
like "$(cat m.prom)" "^pgdumpz_backup_rows\{db=\"$db\"\} 1000\$" 'metrics'
like "$(cat m.prom)" '^pgdumpz_backup_ok\{db="globals"\} 1$' 'of the globals too'
sql_in postgres "CREATE DATABASE ${db}_back"
ok 'it restores' sh -c "gunzip -c backups/${db}_*.gz |
	psql -Xq -v ON_ERROR_STOP=1 -d ${db}_back"
is "$(sql_in "${db}_back" 'SELECT count(*) FROM t')" 1000 'to all rows'

# --- options

run backup-db.sh --help
status_is 0 '--help'
out_like 'usage: backup-db.sh' 'tells'
run backup-db.sh --version
out_is "backup-db $(withconf --version | sed 's/.* //')" '--version'
for wrong in --nonsense word -c; do
	run backup-db.sh "$wrong"
	status_is 2 "'$wrong' is refused"
	err_like '^backup-db: ' 'with a message'
done
before=$(files)
backup --check
status_is 0 '--check'
is "$(files)" "$before" 'makes no file'
is "$(objects)" "$before" 'and no object'
log_like 'event=check.end exit=0 verdict=ok' 'but a line'
backup -q
status_is 0 '--quiet'
err_is '' 'is quiet'
log_like 'event=run.end' 'but for the log'
mkdir bindir
ln -s "$bin/backup-db.sh" bindir/nightly
run env PATH=/usr/bin:/bin bindir/nightly -q -c "$T/conf" --option=GLOBALS=no
status_is 0 'it finds the tools through a link'
mkdir -p installed/bin installed/share/pgdumpz
cp "$bin"/*-db.sh installed/bin/
find "$bin" -name "*.sh" ! -name "*-db.sh" -exec cp {} installed/share/pgdumpz/ \;
run installed/bin/backup-db.sh -q --check -c "$T/conf"
status_is 0 'its parts may be in share/pgdumpz'
run sh -c "withconf -c '$T/conf' backup-db.sh -c other"
status_is 2 'withconf has its options already'
no_work_left
done_testing
