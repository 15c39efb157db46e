#!/bin/sh
# The machinery for Windows: what it runs, reports, and ends.
. "${0%/*}/../lib.sh"
. "$tests/windows/lib.sh"
use_wine
cmd='C:\windows\system32\cmd.exe'

# --- an environment of our own

is "$(windows_env TEMP)" "$(win "$T/tmp")" 'TEMP is the scenario'\''s'
is "$(AWS_REGION=x windows_env AWS_REGION)" x 'variables are passed on'
is "$(windows_env DISPLAY)" '%DISPLAY%' 'without a display'
run wine_cmd /c 'exit 7'
status_is 7 'an exit status comes back'

# --- pipelines

printf 'a\r\n' >text
pipe -i text -o copied "$cmd" /c more :: "$cmd" /c 'more & exit 3'
is "$statuses" '0 3' 'each stage has its exit status'
status_is 3 'and the last is that of the pipeline'
is "$(head -n 1 copied)" "$(cat text)" 'the text went through'
pipe -s 'A=b c' "$cmd" /c 'echo %A%'
like "$(cat "$out")" '^b c' 'a variable is set'
mkfifo never
exec 3<>never
pipe -i never -k 1@300ms "$cmd" /c 'set /p x=' :: "$cmd" /c more
is "$statuses" '99 0' 'a stage is terminated after some time'
pipe -i never -k 1@10b "$cmd" /c 'echo 0123456789 & set /p x=' :: "$cmd" /c more
is "$statuses" '99 0' 'after some bytes'
out_like '^0123456789' 'which go on then'
(sleep 0.5; : >now) &
pipe -i never -k 1@now "$cmd" /c 'set /p x='
is "$statuses" 99 'and when a file is there'
# one that has not begun yet does not hear Ctrl-C: the first one says that it has
pipe -i never -c 1@10b "$cmd" /c 'echo 0123456789 & set /p x=' :: "$cmd" /c more
like "$statuses" '^-?[0-9]+ -?[0-9]+$' 'Ctrl-C ends all stages'

# --- nothing is left, and what is left is seen

# stays WINE: a program that does, as $left
stays() {
	"$1" "$cmd" /c 'set /p x=' <never &
	left=$!
	wait_for sh -c 'tr "\0" " " <"/proc/$1/cmdline" | grep -q "^C:.*cmd.exe"' - $left
}
stays "$WINE"
not_ok 'a program that runs is seen' no_tagged_processes
kill -9 $left
no_children_left
sleep 100 &
owner=$!
dir=$(env -u PGDUMPZ_TEST_TAG TMPDIR="$server_tmp" "$tests/servers/wine.sh" start $owner)
WINEPREFIX=$dir/prefix stays "$dir/wine"
ok 'a program runs in a prefix of its own' kill -0 $left
kill -9 $owner
ok "its owner killed, a prefix is gone" \
	wait_for sh -c '[ ! -e "$1" ]' - "$dir"
ok 'and what ran in it' wait_for sh -c '! kill -0 $1' - $left
no_children_left
no_temp_left
done_testing
