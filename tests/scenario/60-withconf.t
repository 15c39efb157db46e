#!/bin/sh
# withconf: where a value comes from, what CMD gets, what is refused.
. "${0%/*}/../lib.sh"
unset AWS_CA_BUNDLE AWS_ENDPOINT_URL AWS_REGION AWS_ACCESS_KEY_ID \
	AWS_SECRET_ACCESS_KEY PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE

conf() { # conf: standard input becomes the file
	cat >conf
	chmod 600 conf
}

# refused NAME ERE: the last run said so, and ran nothing
refused() {
	status_is 2 "$1: refused"
	err_like "$2" "$1: says why"
	[ ! -e ran ]
	result $? "$1: nothing was run"
	rm -f ran
}

try() { # try NAME ERE: standard input is a configuration that is wrong
	conf
	run withconf -c conf touch ran
	refused "$@"
}

# --- the command and its exit status

echo 'DB_NAME=one' | conf
run withconf -c conf
refused 'no command' 'no command to run'
run withconf -c conf --print touch ran
refused 'a command for --print' 'runs no command'
for code in 0 1 2 3 6 7 255; do
	run withconf -c conf sh -c "exit $code"
	status_is $code "exit status $code is passed on"
	err_is '' 'in silence'
done
run withconf -c conf sh -c 'kill -9 $$'
status_is 137 'a signal is 128 and its number'
run withconf -c conf ./nonesuch
status_is 3 'a command that is missing is a local failure'
err_like "cannot run './nonesuch'" 'named'
run withconf -c conf printf '[%s]' -c 'a  b' '' -- --help '*' "q'\"\\"
out_is "[-c][a  b][][--][--help][*][q'\"\\]" 'arguments arrive as they are'
run withconf -c conf -- env -i echo x
out_is x 'also behind --'
echo input | withconf -c conf cat >out2
is "$(cat out2)" input 'standard input and output are those of the command'

# --- where values come from

value() { # value KEY [OPTION...]: as the command gets it
	key=$1
	shift
	withconf -c conf "$@" sh -c 'eval "printf %s \"\${$1-unset}\""' - "$key"
}

from() { # from KEY [OPTION...]: what --print says
	key=$1
	shift
	withconf -c conf "$@" --print | sed -n "s/^$key=//p"
}

printf 'DB_NAME=one\nRETRIES=5\nDB_HOST=\n' | conf
export RETRIES=6 LEVEL=3 KEEP_DAILY=
is "$(from RETRIES -o RETRIES=7 -o RETRIES=8)" '8 source=option' \
	'an option goes first, the last one'
is "$(from RETRIES)" '5 source=file:2' 'then the file'
is "$(from LEVEL)" '3 source=environment' 'then the environment'
is "$(from KEEP_DAILY)" '0 source=default' 'an empty variable is none'
is "$(from MAX_RUNTIME)" '0 source=default' 'then the default'
is "$(from RETRIES -o RETRIES=)" '3 source=option' 'an empty value is the default'
is "$(value RETRIES)$(value LEVEL)$(value KEEP_DAILY)" 530 \
	'the command gets the same'
unset RETRIES LEVEL KEEP_DAILY
is "$(PGHOST=h PGPORT=1 PGUSER=u value DB_PORT)" 1 'PGPORT stands for DB_PORT'
is "$(PGUSER=u value PGUSER)" u 'PGUSER for DB_USER, and the other way round'
is "$(DB_USER=d PGUSER=u value PGUSER)" d 'but DB_USER goes first'
is "$(PGHOST=h value PGHOST)" unset 'an empty one in the file hides PGHOST'
is "$(value DB_HOST)" '' 'keys without a value are there'
is "$(value AWS_PROFILE)" unset 'but those of AWS'
is "$(value RETRY_WAIT -o RETRY_WAIT=2m)" 120 'durations arrive in seconds'
is "$(value DB_NAME -o 'DB_NAME=a b, c')" "a b
c" 'databases one a line'
run withconf -c conf withconf -c conf -o 'DB_NAME=a,b' --no-lock \
	sh -c 'echo $RETRIES'
out_is 5 'withconf runs within withconf'
like "$(value RUN_ID)" '^[0-9]{8}_[0-9]{6}-[0-9a-f]{6}$' 'a run has a name'
isnt "$(value RUN_ID)" "$(value RUN_ID)" 'of its own'
is "$(value PGDUMPZ_CONF)" conf 'the command learns of the file'
run withconf -c conf sh -c 'cat "$PGDUMPZ_SETTINGS_FILE"'
cp "$out" settings
run withconf -c conf --print
same_file "$out" settings 'and of what --print prints'
run env PGDUMPZ_CONF=conf withconf --print
out_like '^RETRIES=5 source=file:2$' 'PGDUMPZ_CONF names the file'
run withconf -c conf -o 'DB_NAME=x "y" $z' --print
out_like '^DB_NAME="x \\"y\\" \$z" source=option$' 'odd values are quoted'
[ ! -w /dev/full ] || {
	run sh -c 'withconf -c conf --print >/dev/full'
	status_is 3 'a full disk under --print is a failure'
}

# --- a file from another system, and what is none

printf '\357\273\277# a comment\r\nDB_NAME="one"\r\n\r\nLEVEL=2\r\n' | conf
is "$(value DB_NAME):$(value LEVEL)" one:2 'a BOM and CRs are dropped'
printf 'DB_NAME=one' | iconv -t UTF-16 >utf16
try UTF-16 'not text in UTF-8' <utf16
echo 'DB_NAME=$(touch ran)`touch ran`' | conf
is "$(value DB_NAME)" '$(touch ran)`touch ran`' 'nothing is executed'
no_file ran
try 'an unknown key' "'conf', line 2: unknown key 'DB_NAMES'" <<E
DB_NAME=x
DB_NAMES=one
E
err_like 'hint: did you mean DB_NAME\?' 'and guesses'
try 'a key twice' "line 3: 'LEVEL' is already in line 2" <<E
DB_NAME=one
LEVEL=1
LEVEL=1
E
try 'no DB_NAME' 'DB_NAME is missing' </dev/null
try 'a line without =' 'line 1: expected KEY=VALUE' <<E
DB_NAME
E
try 'a quote that is not closed' 'line 1: the closing quote is missing' <<E
DB_NAME="one
E
try 'a wrong value' "line 2: DB_PORT: 'x' is not a number that fits" <<E
DB_NAME=one
DB_PORT=x
E
try 'half of the credentials' 'AWS_SECRET_ACCESS_KEY is missing' <<E
DB_NAME=one
AWS_ACCESS_KEY_ID=id
E
try 'one name for two databases' 'BACKUP_NAME would be' <<E
DB_NAME=one,two
BACKUP_NAME=b
E
echo 'DB_NAME=one' | conf
run env DB_PORT=x withconf -c conf touch ran
refused 'a wrong variable' "the environment: DB_PORT: 'x' is not"
run env "DB_HOST=a
b" withconf -c conf touch ran
refused 'a newline in a variable' 'control character'
for option in LEVEL=99 LEVEL X=1 =1; do
	run withconf -c conf -o "$option" touch ran
	refused "-o $option" 'LEVEL: .99. is not|KEY=VALUE|unknown key'
done
run withconf -c conf -o DB_PASSWORD=hunter2 touch ran
refused 'a secret in argv' 'DB_PASSWORD is secret'
unlike "$(cat "$err")" hunter2 'it is not shown'

# --- whom the file belongs to

run withconf -c nonesuch touch ran
refused 'a missing file' "cannot open 'nonesuch'"
run withconf -c . touch ran
refused 'a directory' 'not a regular file'
chmod 644 conf
is "$(value DB_NAME)" one 'without secrets others may read it'
chmod 664 conf
run withconf -c conf touch ran
refused 'a file that the group may write' 'cannot trust'
chmod 646 conf
run withconf -c conf touch ran
refused 'one that all may write' 'cannot trust'
for key in DB_PASSWORD=x SMTP_URL=smtp://h HEALTHCHECK_URL=https://h/x; do
	printf 'DB_NAME=one\n%s\n' $key | conf
	is "$(value DB_NAME)" one "0600 with ${key%%=*} is fine"
	for mode in 640 604; do
		chmod $mode conf
		run withconf -c conf touch ran
		refused "mode $mode with ${key%%=*}" 'it holds secrets'
		err_like "hint: run: chmod 600 'conf'" 'and how to mend it'
	done
done
if [ "$(id -u)" = 0 ]; then
	echo 'DB_NAME=one' | conf
	chown 65534 conf
	run withconf -c conf touch ran
	refused 'a file of somebody else' 'cannot trust'
else
	skip 'only root can give a file away' 3
fi

# --- the table, the manual page and the example agree

rm conf
env -i PATH="$PATH" DB_NAME=x withconf --print | sed 's/=.*//' | sort >keys
isnt "$(wc -l <keys)" 0 'there are keys'
sed -n 's/^\.It Ev //p' "$tests/../man/pgdumpz.conf.5" | tr -d ' ' |
	tr , '\n' | sort >keys.man
same_file keys keys.man 'the manual page has the keys of the table'
sed -n 's/^#\{0,1\}\([A-Z0-9_]*\)=.*/\1/p' "$tests/../etc/backup.conf.example" |
	sort >keys.example
same_file keys keys.example 'and so has the example'
conf <"$tests/../etc/backup.conf.example"
ok 'the example is a configuration' withconf -c conf --print
sed 's/^#\([A-Z]\)/\1/' "$tests/../etc/backup.conf.example" | conf
ok 'and also with all its keys' withconf -c conf --print
no_temp_left
no_children_left
done_testing
