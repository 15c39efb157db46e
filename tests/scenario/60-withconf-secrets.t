#!/bin/sh
# withconf: secrets reach whom they are for, and nobody else.
. "${0%/*}/../lib.sh"
use_pg
use_s3
fresh_db
fresh_bucket
role=conf_$$
sql "CREATE ROLE $role LOGIN"
trap 'sql_in postgres "DROP ROLE IF EXISTS $role"; cd /; rm -rf "$T"' EXIT
unset PG_TESTER_PASSWORD

conf() { # conf LINE...: the file
	{
		printf 'DB_NAME=%s\nDB_HOST=%s\nDB_PORT=%s\nDB_USER=%s\n' \
			"$db" "$PGHOST" "$PGPORT" "$role"
		printf '%s\n' "$@"
	} >conf
	chmod 600 conf
}

# Without what the test's own environment knows.
clean() {
	env -u PGHOST -u PGPORT -u PGUSER -u PGPASSWORD -u PGDATABASE \
		-u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY "$@"
}

set_password() { # as a literal of SQL
	sql "ALTER ROLE $role PASSWORD '$(printf %s "$1" | sed "s/'/''/g")'"
}

# What it can see of itself, of withconf and of what is on disk.
cat >look <<'E'
for pid in $$ $PPID; do
	tr '\0' '\n' <"/proc/$pid/cmdline"
	[ $pid = $PPID ] || tr '\0' '\n' <"/proc/$pid/environ"
done
find "$TMPDIR" -type f -exec cat {} +
E

# --- any password reaches libpq

logins=0

login() { # login PASSWORD LINE: LINE is how the file says it
	logins=$((logins + 1))
	set_password "$1"
	conf "$2"
	run clean withconf -c conf sh -c \
		'psql -XAtwq "$DB_NAME" -c "SELECT current_user"'
	out_is "$role" "login $logins" || diag "$2"
	run clean withconf -c conf sh look
	! grep -qF -e "$1" "$out"
	result $? 'and nothing of its password is seen' || diag "$2"
}

all=$(awk 'BEGIN { for (c = 33; c < 127; c++) printf "%c", c }')
login "$all" "DB_PASSWORD=$all"
login "$all" "DB_PASSWORD='$all'"
login "$all" "DB_PASSWORD=\"$all\" # comment"
login ' two  blanks ' "DB_PASSWORD=' two  blanks '"
login 'a:b\c\\:' 'DB_PASSWORD=a:b\c\\:'
# shellcheck disable=SC1003 # a backslash at the end
login 'x\' 'DB_PASSWORD=x\'
login '#hash #1' 'DB_PASSWORD="#hash #1"'
login '=a=b' 'DB_PASSWORD==a=b'
login "it's \"so\"" "DB_PASSWORD=it's \"so\""
login '"quoted"' "DB_PASSWORD='\"quoted\"'"
login '$HOME `id` $(id) %PATH% !!' 'DB_PASSWORD=$HOME `id` $(id) %PATH% !!'
login 'pässwörd€😀' 'DB_PASSWORD=pässwörd€😀'
login '*:*:*:*:x' 'DB_PASSWORD=*:*:*:*:x'
long=$(head -c 600 /dev/zero | tr '\0' 'k')
login "$long" "DB_PASSWORD=$long"

conf 'DB_PASSWORD=wrong'
run clean withconf -c conf sh -c 'psql -XAtwq "$DB_NAME" -c "SELECT 1"'
isnt "$status" 0 'a wrong one does not'
set_password 'right one'
conf 'DB_PASSWORD=right one'
run clean env PGPASSWORD=wrong withconf -c conf \
	sh -c 'psql -XAtwq "$DB_NAME" -c "SELECT current_user"'
out_is "$role" 'the file hides PGPASSWORD'
conf
run clean env PGPASSWORD='right one' withconf -c conf \
	sh -c 'psql -XAtwq "$DB_NAME" -c "SELECT current_user"; env'
out_like "^$role\$" 'without one in the file, PGPASSWORD is it'
unlike "$(cat "$out")" 'right one' 'and is not handed on as a variable'
echo "*:*:*:*:right one" >pass
chmod 600 pass
run clean env PGPASSFILE="$T/pass" withconf -c conf \
	sh -c 'psql -XAtwq "$DB_NAME" -c "SELECT current_user"'
out_is "$role" 'or a PGPASSFILE that is there'

# --- keys for S3, URLs

conf "AWS_ACCESS_KEY_ID=$AWS_ACCESS_KEY_ID" \
	"AWS_SECRET_ACCESS_KEY=$AWS_SECRET_ACCESS_KEY" \
	'SMTP_URL=smtps://user:hunter2@mail.example.org' \
	'HEALTHCHECK_URL=https://hc.example.org/hunter2'
echo x >x
run clean withconf -c conf s3put x x
status_is 0 's3put finds the keys'
run clean env AWS_WEB_IDENTITY_TOKEN_FILE=/no/such AWS_ROLE_ARN=other \
	withconf -c conf s3ls --uri
out_is "$S3_BUCKET/x" 'and s3ls, whoever a pod would be without them'
run clean withconf -c conf sh look
! grep -qF -e hunter2 -e "$AWS_SECRET_ACCESS_KEY" "$out"
result $? 'which are in no variable, argument or file'
! grep -q '^AWS_ACCESS_KEY_ID=' "$out"
result $? 'nor is half of them'
run clean withconf -c conf sh -c 'cat "$SMTP_URL_FILE" "$HEALTHCHECK_URL_FILE"'
out_is 'smtps://user:hunter2@mail.example.org
https://hc.example.org/hunter2' 'URLs come as files'
conf "AWS_ACCESS_KEY_ID=$AWS_ACCESS_KEY_ID" AWS_PROFILE=backup \
	"AWS_SECRET_ACCESS_KEY=$AWS_SECRET_ACCESS_KEY"
run clean withconf -c conf s3ls --uri
out_is "$S3_BUCKET/x" 'a profile of a name is fine'
run clean env AWS_SESSION_TOKEN=foreign withconf -c conf \
	sh -c 'cat "$AWS_SHARED_CREDENTIALS_FILE"; env'
unlike "$(cat "$out")" foreign 'a token of other keys is not mixed in'
run clean env AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b \
	AWS_SESSION_TOKEN=own withconf -c conf -o AWS_PROFILE= \
	sh -c 'cat "$AWS_SHARED_CREDENTIALS_FILE"'
unlike "$(cat "$out")" own 'not even when the environment has the keys too'
conf
run clean env AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b \
	AWS_SESSION_TOKEN=own withconf -c conf \
	sh -c 'cat "$AWS_SHARED_CREDENTIALS_FILE"; env'
out_like '^aws_session_token = own$' 'but all that the environment has go together'
unlike "$(cat "$out")" '^AWS_(ACCESS_KEY|SECRET|SESSION)' 'as a file too'

# --- the files themselves

conf 'DB_PASSWORD=hunter2'
run clean withconf -c conf sh -c 'stat -Lc "%a %F" "$PGPASSFILE"
	ls -A "$TMPDIR"; echo "$PGPASSFILE"; (echo x >"$PGPASSFILE") 2>&1
	cat "$PGPASSFILE" "$PGPASSFILE"'
path=$(sed -n 2p "$out")
out_like '^600 regular file$' 'only the owner may read it'
like "$path" '^/proc/[0-9]+/fd/[0-9]+$' 'it is in memory'
is "$(grep -c '^\*:\*:\*:\*:hunter2$' "$out")" 2 \
	'can be read again and again, and not be changed'
no_file "$path"
run clean withconf -c conf sh -c 'ls -l /proc/self/fd/'
unlike "$(cat "$out")" 'memfd|/conf$' 'the command inherits no descriptor of it'
if [ "$(id -u)" = 0 ]; then
	run clean withconf -c conf sh -c 'setpriv --reuid=65534 --regid=65534 \
		--clear-groups cat "$PGPASSFILE"'
	isnt "$status" 0 'another user cannot read it'
else
	skip 'only root can become another user'
fi
run unshare -m mount -t tmpfs none /proc
if [ "$status" = 0 ]; then
	run clean unshare -m sh -c 'mount -t tmpfs none /proc && withconf -c conf \
		sh -c "ls -l \"\$PGPASSFILE\"; cat \"\$PGPASSFILE\""'
	out_like '^-rw------- .*/tmp/pgdumpz[.].*/secret$' \
		'without /proc it is a private file'
	out_like ':hunter2$' 'with the same in it'
else
	skip 'no right to mount' 2
fi
no_temp_left
no_children_left
done_testing
