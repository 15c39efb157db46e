#!/bin/sh
# gzverify as a filter: what comes out sealed, what doesn't, what is refused.
. "${0%/*}/../lib.sh"
own_pg
fresh_db
peer=$tests/sealpeer.py

sql "CREATE TABLE logs AS SELECT n AS id, md5(n::text) AS msg
	FROM generate_series(1, 40000) AS n"
sql 'CREATE TABLE "odd ""name" (a text)'
sql "INSERT INTO \"odd \"\"name\" VALUES
	('-- PostgreSQL database dump complete'), (E'a\\nb')"
sql 'SELECT lo_from_bytea(0, decode(repeat($$ab$$, 3000), $$hex$$))' >/dev/null

# filter FILE: through gzverify into "again"
filter() {
	run sh -c 'cat "$1" | gzverify >again' - "$1"
}

# refused FILE NAME: fails, tells why, and lets no seal out
refused() {
	run sh -c 'cat "$1" | gzverify' - "$1"
	status_is 1 "$2: refused"
	err_like "^gzverify: cannot trust 'standard input': " "$2: says why"
	not_ok "$2: no seal came out" "$peer" list "$out"
	run gzverify "$1"
	status_is 1 "$2: as a file"
	err_like "^gzverify: cannot trust '" "$2: says so"
	run gzverify -o made "$1"
	status_is 1 "$2: with -o"
	no_file made
	no_file made.partial
}

# --- sealed streams

pgdumpz "$db" >sealed 2>pgdumpz.err
is "$?" 0 'pgdumpz'
ok 'an independent reader finds the seal to fit' "$peer" list sealed
filter sealed
status_is 0 'a sealed stream passes'
same_file again sealed 'unchanged'
run gzverify sealed
status_is 0 'as a file'
is "$(cat "$out" "$err")" '' 'silent'
for jobs in 1 2 7; do
	ok "with $jobs jobs" gzverify -j "$jobs" sealed
done

size=$(wc -c <sealed)
for cut in 0 1 35 36 37 1000 $((size / 2)) $((size - 103)) $((size - 102)) \
	$((size - 101)) $((size - 1)); do
	head -c "$cut" sealed >bad
	refused bad "cut to $cut bytes"
done
{ cat sealed; printf '\0'; } >bad
refused bad 'a byte more'
cat sealed sealed >bad
refused bad 'twice'

# flip FILE BYTE: its bit 3
flip() {
	python3 -c 'import sys; d = bytearray(open(sys.argv[1], "rb").read())
d[int(sys.argv[2])] ^= 8; sys.stdout.buffer.write(d)' "$1" "$2"
}
for at in 0 3 4 8 9 17 20 30 40 $((size / 3)) $((size - 102)) $((size - 60)) \
	$((size - 1)); do
	flip sealed "$at" >bad
	refused bad "a bit of byte $at"
done

# a gap between whole members passes gunzip -t, not us
first=$("$peer" list sealed | awk 'NR == 1 { print $2 }')
second=$("$peer" list sealed | awk 'NR == 2 { print $2 }')
{ head -c "$first" sealed; tail -c +$((first + second + 1)) sealed; } >bad
ok 'a gap passes gunzip -t' gunzip -t <bad
refused bad 'a gap'
head -c $((size - 102)) sealed >bad
ok 'a missing seal passes gunzip -t' gunzip -t <bad

# --- what nobody but us writes, by an independent writer

head -c 9000000 /dev/zero | tr '\0' 'x' >long
{ cat long; echo; } >row
echo '-- pre' >pre
echo '-- post' >post
"$peer" make PRE=pre DATA=row DATA=pre POST=post >stream
ok 'members from elsewhere' gzverify stream
"$peer" make -b 20000000 PRE=pre DATA=row DATA=pre POST=post >stream
ok 'a member too large for memory' gzverify stream
size=$(wc -c <stream)
for at in 60 $((size / 2)) $((size - 250)); do
	flip stream "$at" >bad
	refused bad "a large member's byte $at"
done
head -c $((size / 2)) stream >bad
refused bad 'a large member, cut'
"$peer" make PRE=pre DATA=row >stream
head -c 500 stream >bad
refused bad 'cut in a small member'
"$peer" make --unsealed PRE=pre POST=post >bad
refused bad 'never sealed'
"$peer" make PRE=pre POST=post DATA=row >bad
refused bad 'out of order'
gzip <pre >pre.gz
"$peer" make PRE=pre raw=pre.gz >bad
refused bad 'a foreign member among ours'
"$peer" make START raw=pre.gz >bad
refused bad 'a seal around what is no dump'

# --- the gzip of others

pg_dump "$db" >plain
pg_dump -a "$db" >data
pg_dump --inserts "$db" >inserts
pg_dumpall >cluster
pg_dumpall -g >globals
sed 's/$/\r/' plain >crlf
{ printf '\357\273\277'; cat plain; } >bom
for text in plain data inserts cluster globals crlf bom; do
	gzip <"$text" >foreign
	filter foreign
	status_is 0 "$text passes"
	is "$(head -c 10 again | od -An -tx1 | tr -d ' \n')" \
		1f8b08040000000000ff "$text is announced"
	gunzip -c again >back
	same_file back "$text" "$text is unchanged"
	run gzverify -v again
	err_like "sealed gzip of a whole pg_dump text" "$text is sealed"
	gzverify <again >twice
	same_file twice again "$text is sealed once"
	head -c -60 "$text" | gzip >bad
	refused bad "$text without its end"
done
done_testing
