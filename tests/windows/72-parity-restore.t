#!/bin/sh
# restore-db.sh and restore-db.bat: the same configuration makes the same calls
# of tools, the same events, the same record and exit status.  The tools are
# stand-ins, PostgreSQL's own too, but for withconf, auditlog and step.
. "${0%/*}/../lib.sh"
. "$tests/windows/lib.sh"
. "$tests/windows/standin.sh"
use_wine
use_standins
postgres='-DMAKER="PostgreSQL) 15.1 ("'
ok "PostgreSQL's here" cc "$postgres" -o postgres "$tests/windows/standin.c"
ok 'and there' x86_64-w64-mingw32-gcc-posix -static -include io.h "$postgres" \
	-DBINARY='_setmode(1, 0x8000)' -o postgres.exe "$tests/windows/standin.c"
for tool in s3get pgrestorez; do
	cp standin "unix.tools/$tool"
	cp standin.exe "$windows_tools/$tool.exe"
done
mkdir unix.pg windows.pg
for tool in psql pg_restore; do
	cp postgres "unix.pg/$tool"
	cp postgres.exe "windows.pg/$tool.exe"
done
cp "$bin"/restore-*.sql unix.tools/
cp "$tests/../bin"/restore-* "$windows_tools/"
old=app_20260101_020000.sql.gz

# calls SYSTEM: without those that only ask for a version, whose order differs
calls() {
	grep -v '\[--version\]' "$1/calls" >"$1/calls.plain"
}

# both STATUS WHAT "OPTION..." LINE...: both drivers with that configuration
both() {
	wanted=$1 what=$2 options=$3
	shift 3
	prepare unix "$T/unix" "$@" "PG_BIN=$T/unix.pg" LOG_FILE=@/log
	prepare windows "$(win "$T/windows")" "$@" \
		"PG_BIN=$(win "$T/windows.pg")" LOG_FILE=@/log
	# shellcheck disable=SC2086 # words
	STANDIN_DIR=$T/unix TMPDIR=$T/unix/tmp \
		run unix.tools/restore-db.sh -c "$T/unix/conf" $options </dev/null
	status_is "$wanted" "$what: exit status here"
	# shellcheck disable=SC2086 # words
	STANDIN_DIR=$(win "$T/windows") WINETEMP=$(win "$T/windows/tmp") \
		WINETMP=$(win "$T/windows/tmp") run "$WINE" \
		"$(win "$windows_tools/restore-db.bat")" \
		-c "$(win "$T/windows/conf")" $options </dev/null
	status_is "$wanted" "$what: and there"
	calls unix
	calls windows
	sed -i "s,restore-db\.bat,restore-db.sh," windows/log
	for system in unix windows; do
		touch "$system/log.restores.jsonl"
		sed -i -E -e 's,=[^]=]*[/\\]restore-db\.[^]/\\]*[/\\]+got\],=WORK/got],' \
			-e "s,(Z:)?[^] =]*$system\.pg,PG,g" "$system/calls.plain"
	done
	the_same "$what: the same calls" calls.plain
	the_same "$what: the same events" log
	the_same "$what: the same record" log.restores.jsonl
	is "$(find unix/tmp windows/tmp -name 'restore-db*')" '' \
		"$what: no temporary file is left"
}

fresh
earlier "$old"
both 0 'a file' '-d copy --yes' DB_NAME=app BACKUP_DIR=@/backups JOBS=3
like "$(cat windows/calls)" '^pgrestorez \[--jobs=3\] .*\[--verify\] \[--json\] \[--dbname=dbname=.copy.\]' \
	'calls have been noted'
like "$(cat windows/log)" 'event=restore.done .*into=copy' 'it is restored'

fresh
echo "2026-01-01 02:00:01 5 $old" >answers/objects
printf '%s\n' '9 kB, 0 sessions' >answers/psql.out
both 0 'an object, in the place of a database' \
	'-d copy -y -O --no-acl --no-verify --before 2026-02-01' \
	DB_NAME=app S3_BUCKET=s3://bucket/night/
like "$(cat windows/log)" 'event=target.kept' 'which is kept'
both 1 'unasked it is not' '-d copy' DB_NAME=app S3_BUCKET=s3://bucket

fresh
echo "2026-01-01 02:00:01 5 $old" >answers/objects
answer s3ls 0 '1 too old'
answer pgrestorez '0 warning: it is slow'
printf '%s\n' '{"tables":1,"rows":2,"counted":1,"differences":[],"server":"15.1","dump_server":"15.2","restore_seconds":0.5,"verify_seconds":0.25}' \
	>answers/pgrestorez.out
both 1 'a drill of one that is stale' '--drill' 'DB_NAME=app' S3_BUCKET=s3://bucket \
	ALERT_EMAIL=a@example.org
like "$(cat windows/log.restores.jsonl)" '"verdict":"stale".*"rows":2,"counted":1' 'with its evidence'
answer s3ls 0
answer s3get '4 cannot reach it'
both 4 'a drill that fails' "--drill $old" DB_NAME=app S3_BUCKET=s3://bucket \
	ALERT_EMAIL=a@example.org
rm answers/objects
both 1 'no backup' '--drill' DB_NAME=other S3_BUCKET=s3://bucket
both 2 'whose backup?' '-d x' DB_NAME=app,other S3_BUCKET=s3://bucket
no_children_left
done_testing
