#!/bin/sh
# The main job from end to end, on throw-away servers: `make demo`.
# Shows each command as a user would type it, with its real output, and ends
# with status 1 as soon as one does not do what the text says.  Nothing stays.
set -u
. "$(dirname "$0")/stage.sh"
rows=${DEMO_ROWS:-1000000}
started=$(date +%s)

title() {
	printf '\n--- %s\n\n' "$*"
}

fail() {
	printf '\ndemo: FAILED: %s\n' "$*" >&2
	exit 1
}

# show STATUS COMMAND: type it, run it with sh, expect the exit status.
show() {
	printf '$ %s\n' "$2"
	sh -c "$2" 2>&1
	got=$?
	[ "$1" = 0 ] || echo "(exit status $got)"
	[ "$got" = "$1" ] || fail "exit status $got, expected $1: $2"
}

# say COMMAND: as show 0, and its output is in $output afterwards.
say() {
	printf '$ %s\n' "$1"
	output=$(sh -c "$1") || fail "$1"
	printf '%s\n' "$output"
}

expect() { # expect WHAT GOT WANT
	[ "$2" = "$3" ] || fail "$1: got '$2', expected '$3'"
}

# Every table's rows as a set, the sequence, and the large objects.
fingerprint() {
	psql -XAtq -d "$1" <<-'E'
		SET search_path = mail;
		SELECT 'users', count(*), sum(hashtextextended(t::text, 0)::numeric) FROM users t;
		SELECT 'email_services', count(*), sum(hashtextextended(t::text, 0)::numeric) FROM email_services t;
		SELECT 'email_templates', count(*), sum(hashtextextended(t::text, 0)::numeric) FROM email_templates t;
		SELECT 'email_logs', count(*), sum(hashtextextended(t::text, 0)::numeric) FROM email_logs t;
		SELECT 'invoice_number', last_value FROM invoice_number;
		SELECT 'large object', md5(lo_get(oid)) FROM pg_largeobject_metadata;
		SELECT 'indexes and keys', count(*), md5(string_agg(d, ';' ORDER BY d)) FROM (
			SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid::regclass::text !~ '^pg_'
			UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint) AS x (d);
	E
}

start_servers() {
	title 'a throw-away PostgreSQL and a throw-away S3 server (Ceph)'
	pg=$("$tests/servers/pg.sh" start $$) || fail 'no PostgreSQL'
	s3=$("$tests/servers/s3.sh" start $$) || fail 'no S3 server'
	. "$pg/env"
	. "$s3/env"
	"$tests/servers/s3peer.py" mb backups || fail 'no bucket'
	createdb leapmailr &&
		psql -Xq -v logs="$rows" -f "$tests/demo.sql" leapmailr || fail 'no data'
	export S3_BUCKET=s3://backups/leapmailr
	show 0 'psql -c "\dt+ mail.*" leapmailr'
	show 0 'echo $S3_BUCKET'
}

back_up() {
	title 'back up: dump, verify, upload'
	show 0 'pgdumpz leapmailr | gzverify | s3put --name leapmailr'
	say 's3ls'
	expect 'objects' "$(printf '%s\n' "$output" | grep -c 'leapmailr_[0-9]*_[0-9]*\.sql\.gz$')" 1
	show 0 's3ls --max-age 26h >/dev/null && echo the newest backup is recent'
	say 's3ls --uri'
	uri=$output
}

be_killed() {
	title 'pgdumpz is killed in the middle: no object appears'
	show 1 'timeout -s KILL 0.4 pgdumpz leapmailr | gzverify | s3put killed.sql.gz'
	say 's3ls --uri'
	expect 'objects' "$output" "$uri"
	expect 'uploads left' "$("$tests/servers/s3peer.py" uploads backups)" ''
	title 'with the usual tools nobody would have noticed'
	show 0 'timeout -s KILL 0.4 pg_dump leapmailr | gzip >usual.sql.gz'
	show 0 'gunzip -t usual.sql.gz && echo gunzip is content'
	show 1 'gzverify usual.sql.gz'
}

restore() {
	title 'fetch, verify, restore, compare'
	show 0 "s3get $uri -o back.sql.gz"
	show 0 'gzverify -v back.sql.gz'
	show 0 'createdb restored'
	show 0 'gunzip -c back.sql.gz | psql -Xq -v ON_ERROR_STOP=1 restored >/dev/null'
	fingerprint leapmailr >before
	fingerprint restored >after
	show 0 'cat before'
	show 0 'cmp before after && echo the restored database is the same'
}

be_damaged() {
	title 'one wrong byte in the middle, or a cut, is found'
	cp back.sql.gz damaged.sql.gz
	show 0 'printf X | dd of=damaged.sql.gz bs=1 seek=3000000 conv=notrunc status=none'
	cmp -s back.sql.gz damaged.sql.gz && fail 'the byte was an X before'
	show 1 'gzverify damaged.sql.gz'
	show 0 'head -c 5000000 back.sql.gz >cut.sql.gz'
	show 1 'gzverify cut.sql.gz'
	show 1 's3put damaged.sql.gz <cut.sql.gz'
	expect 'objects' "$(s3ls --uri)" "$uri"
}

prune() {
	title 'retention over 40 days of backups'
	export S3_BUCKET=s3://backups
	show 0 'pgdumpz --schema-only leapmailr | gzverify -o small.sql.gz'
	printf '%s\n' 'for day in $(seq 40 -1 0); do' \
		'    stamp=$(date -u -d "$day days ago" +%Y%m%d)_020000' \
		'    s3put month/app_$stamp.sql.gz small.sql.gz >/dev/null || exit 1' \
		'done' >month.sh
	show 0 'cat month.sh'
	show 0 'sh month.sh'
	say 's3ls --uri month | wc -l'
	expect 'backups' "$output" 41
	show 0 's3prune --dry-run --days 7 --weekly 4 month >plan; cut -f 1 plan | sort | uniq -c'
	show 0 'head -n 14 plan'
	say 's3ls --uri month | wc -l'
	expect 'backups after --dry-run' "$output" 41
	show 0 's3prune --days 7 --weekly 4 month >done; cmp plan done && echo as planned'
	show 0 's3ls month'
	expect 'backups left' "$(s3ls --uri month | wc -l)" "$(grep -c '^keep' plan)"
}

# As cron would run it: an environment with nearly nothing in it.
nightly() {
	title 'every night: a configuration, and backup-db.sh as cron would run it'
	mkdir backups spool || exit 1
	printf '#!/bin/sh\ncat >"%s/spool/mail"\n' "$work" >sendmail
	chmod 755 sendmail
	cat >backup.conf <<-E
		DB_NAME=leapmailr
		DB_HOST=$PGHOST
		DB_PORT=$PGPORT
		DB_USER=$PGUSER
		DB_PASSWORD=${PGPASSWORD:-}
		GLOBALS=yes
		BACKUP_DIR=$work/backups
		S3_BUCKET=s3://backups/nightly
		AWS_ENDPOINT_URL=$AWS_ENDPOINT_URL
		AWS_ACCESS_KEY_ID=$AWS_ACCESS_KEY_ID
		AWS_SECRET_ACCESS_KEY=$AWS_SECRET_ACCESS_KEY
		MAX_LOCAL_BACKUPS=3
		ALERT_EMAIL=ops@example.org
		LOG_FILE=$work/backup.log
	E
	chmod 600 backup.conf
	show 0 'grep -vE "PASSWORD|SECRET" backup.conf'
	cron="env -i HOME=$HOME PATH=$work:${PATH%%:*}:/usr/bin:/bin"
	cron="$cron backup-db.sh -q -c $work/backup.conf"
	show 0 "$cron"
	show 0 "grep -v event=setting backup.log | cut -c 1-160"
	show 0 'ls -l backups'
	show 0 's3ls s3://backups/nightly'
	show 0 'auditlog check backup.log.runs.jsonl'
	expect 'objects' "$(s3ls --uri s3://backups/nightly | wc -l)" 2
	title 'a night without S3: the backup is here, a mail tells'
	show 4 "$cron -o AWS_ENDPOINT_URL=http://127.0.0.1:9 -o AWS_MAX_ATTEMPTS=2 -o RETRIES=0 2>/dev/null"
	show 0 'python3 -m quopri -d spool/mail | head -n 36 | cut -c 1-160'
	expect 'objects' "$(s3ls --uri s3://backups/nightly | wc -l)" 2
	title 'the next night makes up for it'
	show 0 "$cron"
	show 0 'ls backups; s3ls s3://backups/nightly'
	expect 'objects' "$(s3ls --uri s3://backups/nightly | wc -l)" 6
}

# Each field of a record in a line, for people.
in_lines() {
	sed 's/[{}]//g; s/,"/\n"/g'
}

drill() {
	title 'each quarter: prove that the newest backup in the bucket restores'
	say 'psql -XAtc "SELECT datname FROM pg_database ORDER BY oid" leapmailr'
	databases=$output
	show 0 "${cron% backup-db.sh*} restore-db.sh --list -c $work/backup.conf"
	show 0 "${cron% backup-db.sh*} restore-db.sh --drill -q -c $work/backup.conf"
	title 'the evidence, for an auditor'
	printf '$ %s\n' 'tail -n 1 backup.log.restores.jsonl'
	tail -n 1 backup.log.restores.jsonl | in_lines
	show 0 'auditlog check backup.log.restores.jsonl'
	expect 'verdict' "$(grep -c '"verdict":"ok".*"differences":0' backup.log.restores.jsonl)" 1
	say 'psql -XAtc "SELECT datname FROM pg_database ORDER BY oid" leapmailr'
	expect 'databases' "$output" "$databases"
}

start_servers
back_up
be_killed
restore
be_damaged
prune
nightly
drill
title "all as it should be, in $(($(date +%s) - started)) seconds; the servers are gone now"
