#!/bin/sh
# gzverify -o, --filter, -l, --json; and outputs that fail.
# valgrind
. "${0%/*}/../lib.sh"
use_pg
fresh_db
peer=$tests/sealpeer.py

sql 'CREATE TABLE logs AS SELECT n AS id FROM generate_series(1, 5000) AS n'
sql "CREATE TABLE \"od	d\" (a text)"
pgdumpz "$db" >sealed
pg_dump "$db" | gzip >dump.gz
echo hello | gzip >other.gz
head -c 1000 sealed >short
mkdir in

# --- -o

run sh -c 'cat sealed | gzverify -o in/file'
status_is 0 '-o'
same_file in/file sealed 'makes the file'
is "$(stat -c %a in/file)" 600 'private'
is "$(ls in)" file 'and nothing else'
run gzverify -o in/file2 dump.gz
status_is 0 '-o of a FILE'
ok 'seals it' sh -c "gzverify -v in/file2 2>&1 | grep -q 'sealed gzip'"
run sh -c 'gzverify -o in/file3 <other.gz'
status_is 0 '-o of no dump'
err_like 'warning: .*no pg_dump text' 'warns'
same_file in/file3 other.gz 'and passes it as it is'
cp dump.gz in/same
run gzverify -o in/same in/same
status_is 0 '-o over the FILE itself'
ok 'seals it in place' sh -c "gzverify -v in/same 2>&1 | grep -q 'sealed gzip'"
echo old >in/kept
run gzverify -o in/kept short
status_is 1 '-o of a broken stream'
is "$(cat in/kept)" old 'leaves an old file alone'
run gzverify -o missing/file sealed
status_is 3 '-o into no directory'
err_like "missing/file" 'names it'
rm -f in/*

# --- --filter

run gzverify -o in/enc --filter 'od -An -v -tx1 | tr -d " \n"' sealed
status_is 0 '--filter'
is "$(cat in/enc)" "$(od -An -v -tx1 sealed | tr -d ' \n')" \
	'passed all through it'
rm in/enc
run gzverify -o in/enc --filter 'cat >/dev/null; exit 7' sealed
status_is 3 'a filter that fails'
err_like 'exit status 7' 'is told of'
run gzverify -o in/enc --filter 'cat >/dev/null' sealed
status_is 3 'a filter that writes nothing'
err_like "filter 'cat >/dev/null' wrote nothing" 'is named'
run gzverify -o in/enc --filter 'head -c 10' sealed
not_ok 'a filter that stops reading, maybe in time' test "$status" = 1
rm -f in/enc
run gzverify -o in/enc --filter 'exec kill -9 $$' sealed
status_is 3 'a filter that is killed'
run gzverify -o in/enc --filter cat short
status_is 1 'a broken stream through a filter'
run gzverify -o in/enc --filter cat other.gz
status_is 1 'what can be no sealed stream'
err_like "can't be sealed" 'is refused'
run gzverify -o in/enc --filter no-such-command sealed
status_is 3 'no such command'
err_like 'exit status 127' 'is told, not only that a pipe broke'
is "$(ls in)" '' 'no file came of these'
no_children_left

# --- outputs that fail

run sh -c 'gzverify <sealed >/dev/full'
status_is 3 'disk full'
err_like 'No space left' 'says so'
run sh -c 'gzverify <sealed >&-'
status_is 3 'closed stdout'
head -c 12000000 /dev/urandom >random
echo '-- pre' >pre
"$peer" make PRE=pre DATA=random >big
run sh -c '{ gzverify <big 2>err2; echo $? >status; } | head -c 1 >/dev/null'
is "$(cat status)" 3 'a reader that goes away'
like "$(cat err2)" 'Broken pipe' 'is told of'
run sh -c 'trap "" XFSZ; ulimit -f 100; gzverify -o in/file big'
status_is 3 'a file that can grow no more'
is "$(ls in)" '' 'leaves no file'
run sh -c 'trap "" XFSZ; ulimit -f 100; gzverify -o in/file --filter cat big'
status_is 3 'the same behind a filter'
is "$(ls in)" '' 'leaves no file either'

# --- signals, while the producer is alive

mkfifo pipe
for signal in TERM INT HUP; do
	# a shell starts background jobs with SIGINT ignored
	python3 -c 'import os, signal
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp("gzverify", ["gzverify", "-o", "in/file", "--filter", "cat"])' \
		<pipe &
	pid=$!
	exec 3>pipe
	head -c 10000000 big >&3
	ok "$signal: it has begun" wait_for test -s in/file.partial
	kill -s "$signal" "$pid"
	wait "$pid" 2>/dev/null
	isnt "$?" 0 "$signal ends it"
	exec 3>&-
	is "$(ls in)" '' "$signal: no file is left"
done
gzverify -o in/file <pipe &
pid=$!
exec 3>pipe
head -c 10000000 big >&3
wait_for test -s in/file.partial
kill -s KILL "$pid"
wait "$pid" 2>/dev/null
exec 3>&-
is "$(ls in)" file.partial 'kill -9 leaves what is no backup'
run gzverify -o in/file sealed
status_is 0 'the next one takes over'
is "$(ls in)" file 'and cleans up'
no_children_left
no_temp_left

# --- what it tells

run gzverify -l sealed
status_is 0 '-l'
is "$(sort -k 3 "$out" | tr -s ' ')" " 0 0 public.\"od\\x09d\"
 5000 23893 public.logs" 'lists rows, bytes, name; harmless'
run gzverify -l sealed dump.gz
status_is 0 '-l of two'
out_like '^sealed:$' 'titles them'
err_like "warning: 'dump.gz' has no manifest" 'a foreign dump has none'
run gzverify --json -l sealed dump.gz short other.gz
status_is 1 '--json of good and bad'
# told EXPRESSION: of each object o in $out
told() {
	python3 -c 'import json, sys
for line in sys.stdin:
    o = json.loads(line)
    print(eval(sys.argv[1]))' "$1" <"$out"
}
is "$(told 'tuple(map(o.get, ("file", "verdict", "sealed", "foreign")))')" \
"('sealed', 'whole', True, False)
('dump.gz', 'whole', False, True)
('short', 'broken', False, False)
('other.gz', 'whole', False, True)" 'an object for each'
is "$(told 'tuple(map(o.get, ("bytes", "sha256")))' | sed -n 1p)" \
"($(wc -c <sealed), '$(head -c -102 sealed | sha256sum | cut -c 1-64)')" \
	'with its size and SHA-256'
is "$(told '[t["rows"] for t in o.get("tables", ())]' | sed -n 1p)" \
	'[5000, 0]' 'and tables'
run gzverify --json -o in/file2 sealed
out_like '"verdict":"whole"' '--json with -o'
run gzverify missing sealed
status_is 3 'a missing file'
run gzverify in
status_is 3 'a directory'
err_like "'in'" 'is named'
run gzverify short missing sealed
status_is 3 'the highest status counts'

# --- usage

for usage in '-o a b c' '--filter cat' '--filter cat sealed' '-j 0 sealed' \
	'-j 1000 sealed' '-j x sealed' '--nonsense' '-l -o -'; do
	# shellcheck disable=SC2086 # words
	run gzverify $usage </dev/null
	status_is 2 "usage: $usage"
	err_like 'gzverify: ' 'says why'
done
run sh -c 'gzverify --json <sealed'
status_is 2 'no report into the stream'
run sh -c 'gzverify </dev/null'
status_is 1 'empty input'
run sh -c ': | gzip | gzverify -o x.gz'
status_is 1 'gzip of nothing, as of a pg_dump that could not begin'
err_like 'gzip of nothing' 'says so'
no_file x.gz
run gzverify --help
status_is 0 '--help'
run gzverify --version
out_like '^gzverify \(pgdumpz\) ' '--version'
done_testing
