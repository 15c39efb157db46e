#!/bin/sh
# The chores of step that a restore is made of, as its driver calls them.
. "${0%/*}/../lib.sh"
use_pg
fresh_db
mkdir backups
touch settings
export STEP_DRIVER=restore-db RUN_ID=run-1 PGDUMPZ_SETTINGS_FILE="$T/settings"
export DB_NAME="app
an odd/one" BACKUP_DIR="$T/backups" S3_BUCKET=s3://b/night/ OPT_MODE=restore OPT_QUIET=yes
step begin || exit 1
place=$TMPDIR/restore-db.run-1

does() { # does STATUS NAME CHORE [ARG]...
	want=$1 what=$2
	shift 2
	run step "$@"
	status_is "$want" "$what"
}
kept_is() { # kept_is NAME TEXT
	is "$(cat "$place/$1")" "$2" "{$1}"
}

# --- whose backups

OPT_DBNAME=app does 0 'a restore into a database of the configuration' sources
kept_is sources app
OPT_DBNAME=other does 1 'into another one: several might be meant' sources
OPT_DBNAME=x OPT_NAME=new does 0 'unless one is named' sources
kept_is sources new
OPT_DBNAME=x OPT_BACKUP='s3://b/an%20odd%2Fone_20250101_000000.sql.gz.age' \
	does 0 'a backup tells whose it is' sources
kept_is sources 'an odd/one'
does 0 'all of them' sources
does 0 'the second' source 2
kept_is label 'an odd/one'
kept_is name 'an%20odd%2Fone'
does 1 'there is no third' source 3
does 0 'the roles' source 0
kept_is db globals
BACKUP_NAME=a%20b does 0 'under another name' source 1
kept_is db app
kept_is label 'a b'
does 0 'the first' source 1

# --- which one

old=app_20250101_000000.sql.gz new=app_20250102_000000.sql.gz.age
ahead=app_$(date -u -d '3 days' +%Y%m%d)_000000.sql.gz
echo text >"backups/$old"
echo text >"backups/$ahead"
printf '%s\n' "2025-01-01 00:00:01 5 $old" "2025-01-02 00:00:01 7 $new" >"$place/out"
does 0 'a list' list
is "$(sed 's/.* //' "$out" | tr '\n' ' ')" "clock) $new $old $old " 'the newest first'
OPT_ONLY=remote does 0 'of the bucket' list
is "$(wc -l <"$out")" 2 'has the two that are there'
does 0 'the newest' choose
kept_is where "s3://b/night/$new"
kept_is place remote
like "$(cat "$place/log")" "level=warn .*event=backup.ahead db=app name=$ahead " \
	'one that is dated ahead is told of'
does 0 'what its name tells' inspect
kept_is encrypted yes
kept_is stamp 20250102_000000
like "$(cat "$place/age")" '^[0-9]{7,}$' 'how old it is'
step keep limit 20250101_000001
does 0 'an older one' choose
kept_is where "$T/backups/$old"
kept_is found "$old"
step keep limit 20250101_000000
does 1 'none is that old' choose
step keep limit

does 2 'none is asked for' asked
for asked in "./backups/$old" "$T/backups/$old"; do
	step keep asked "$asked"
	does 0 "a path: $asked" asked
	kept_is where "$asked"
	does 0 'can be read' inspect
done
step keep asked /nonesuch/x.sql.gz
does 0 'another path' asked
does 1 'can not' inspect
kept_is stamp ''
step keep asked "s3://b/x/$new"
does 0 'a URI' asked
kept_is place remote
step keep asked "$old"
does 1 'a name' asked
does 0 'is here' named local
kept_is where "$T/backups/$old"
does 0 'and there' named remote
kept_is where "s3://b/night/$old"
step keep asked "$new"
does 1 'another is not here' named local
step keep asked nonesuch.sql.gz
does 1 'nor this one there' named remote

# --- psql

does 0 'psql is found' psql
ok 'where it is' test -x "$(cat "$place/psql")"
PG_BIN=$T/nonesuch does 3 'not in a wrong directory' psql
like "$(cat "$place/said")" '^step: .*nonesuch' 'which is told'
odd="it's \\ \"odd\" :x é"
step keep target "$odd"
does 0 'statements' statements "$bin/restore-exists.sql" target
sql_in postgres "CREATE DATABASE \"$(printf %s "$odd" | sed 's/"/""/g')\""
does 0 'are run' run -k -i statements '{psql}' -XAtqw -v ON_ERROR_STOP=1 -d postgres
like "$(cat "$place/out")" ' kB, 0 sessions$' 'with a value as odd as it is'
does 125 'no statements without their file' statements nonesuch.sql target
step keep time 20250101_000000
step statements "$bin/restore-names.sql" target time
step run -k -i statements '{psql}' -XAtqw -d postgres
step pick fresh out 1
step pick kept out 2
kept_is fresh "${odd}_restored_20250101_000000"
step keep fresh "$db"
step statements "$bin/restore-swap.sql" target fresh kept
does 0 'the names are changed' run -k -i statements '{psql}' -XAtqw -v ON_ERROR_STOP=1 -d postgres
is "$(sql_in postgres "SELECT count(*) FROM pg_database WHERE datname = '$db'")" 0 \
	'the restored one has another'
is "$(sql_in "dbname='$(printf %s "$odd" | sed "s/[\\\\']/\\\\&/g")'" 'SELECT 1')" 1 'the one that was wanted'
is "$(step keep x '{dbname:target}' && cat "$place/x")" \
	"dbname='$(printf %s "$odd" | sed "s/[\\\\']/\\\\&/g")'" 'as libpq reads it'

# --- roles

step keep beside postgres
role=r_$$
roles() { # roles SQL: run as a sealed stream
	printf '%s\n' "$1" >text
	"$tests/sealpeer.py" make PRE=text >sealed
	step roles <sealed >"$out" 2>"$err"
	status=$?
}
roles "CREATE ROLE $role; CREATE ROLE $role; ALTER ROLE $role VALID UNTIL 'infinity';"
status_is 0 'roles are made'
kept_is existing 1
kept_is errors ''
roles "CREATE ROLE $role; SELECT 1/0;"
status_is 3 'errors are'
like "$(cat "$place/errors")" '^22012 ' 'told'
head -c 60 sealed >cut
does 1 'nothing is run of a cut stream' roles <cut
like "$(cat "$place/said")" '^step: ' 'which is told, too'
roles "\\restrict k1
ALTER ROLE $role VALID UNTIL 'infinity';
\\unrestrict k1"
status_is 0 "the text's own restriction is ours"
kept_is errors ''
for command in "\\! touch pwned" '\unrestrict `touch pwned`' \
	"\\unrestrict k
\\! touch pwned"; do
	roles "$command"
	status_is 3 "a command of psql: $(printf %s "$command" | tail -n 1)"
	like "$(cat "$place/errors")" 'restrict' 'is refused'
	no_file pwned
done
printf '\\unres\0\ntrict `touch pwned`\n' >text
"$tests/sealpeer.py" make PRE=text >sealed
does 3 'one in two lines that psql would join' roles <sealed
no_file pwned
step keep beside nonesuch
roles 'SELECT 1;'
status_is 3 'no database to run it in'
sql_in postgres "DROP ROLE $role"

# --- the question, and the evidence

does 2 'nobody can be asked' ask 'Really?' </dev/null
ask() { # ask ANSWER
	run python3 -c 'import os, pty, subprocess, sys
master, slave = pty.openpty()
os.write(master, sys.argv[1].encode() + b"\n")
sys.exit(subprocess.run(sys.argv[2:], stdin=slave).returncode)' "$1" \
		step ask 'The database {target} is there.' 'Really?'
}
ask yes
status_is 0 'yes'
err_is "The database $odd is there.
Really? " 'what was asked'
ask 'yes, please'
status_is 1 'is the only answer that counts'

step clock began
step keep asked "./backups/$old"
step asked && step inspect
step keep into copy
does 0 'evidence of a file' evidence
like "$(tr '\n' ' ' <"$place/evidence")" "^action=restore db=app backup=./backups/$old made=20250101_000000 age_seconds=[0-9]+ bytes=5 into=copy kept=.* host=[^ ]+ seconds=[0-9]+ $" \
	'what is known'
step keep kept
printf 's3://b/%s\t7\te\t-\tabc\n' "$new" >"$place/got"
echo '{"tables":1,"rows":2,"differences":[],"server":"15.1"}' >"$place/facts"
step keep asked "s3://b/$new"
step asked && step inspect
does 0 'and of an object' evidence
like "$(tr '\n' ' ' <"$place/evidence")" "bytes=7 etag=e version=- sha256=abc into=copy host=[^ ]+ server=PostgreSQL 15.1 tables=1 rows=2 differences=0 seconds" \
	'what it was'
step keep fetched 4
does 4 'who is to blame' blame 1
step event x '{lines:evidence}'
like "$(tail -n 1 "$place/log")" 'event=x action=restore db=app ' 'all of it goes into the log'

step end
no_temp_left
sql_in postgres "SELECT format('DROP DATABASE %I;', datname) FROM pg_database
	WHERE datname ~ 'odd'" >drops
psql -Xq -d postgres -f drops
done_testing
