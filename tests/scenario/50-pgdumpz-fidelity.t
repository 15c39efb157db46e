#!/bin/sh
# What is restored is what was dumped.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
use_pg
fresh_db
fill_db "$db"

run sh -c 'pgdumpz "$PGDATABASE" | gzverify -o dump.sql.gz'
status_is 0 'a database with one of everything is dumped'
err_is '' 'without a word'
ok 'any gunzip reads it' gunzip -t dump.sql.gz
ok 'and the seal holds' gzverify dump.sql.gz
empty_db
run restore dump.sql.gz "$target"
status_is 0 'psql restores it'
same_db "$db" "$target" 'restored'
no_file pwned

# the same again, of the copy: odd names are no matter of luck
run sh -c 'pgdumpz -j 3 -Z 1 "$1" >again.sql.gz' - "$target"
status_is 0 'the copy is dumped'
first=$target
empty_db
run restore again.sql.gz "$target"
status_is 0 'and restored'
same_db "$first" "$target" 'copy of the copy'

# --- the manifest

gunzip -c dump.sql.gz | sed -n 's/^-- pgdumpz: //p' >lines
like "$(head -n 1 lines)" '^{"pre":1,"create":false,"server":"[0-9.]+","server_num":[0-9]+,"database":"t_.*"encoding":"UTF8","collate":"C.UTF-8","ctype":"C.UTF-8","provider":"c"}$' \
	'PRE tells how to make the database'
sed 1d lines >manifest
jq_table() {
	python3 -c 'import json, sys
for line in open("manifest"):
	j = json.loads(line)
	if j.get("table") == sys.argv[1]:
		print(j.get(sys.argv[2]))' "$@"
}
is "$(jq_table app.users rows)" 5000 'the manifest counts rows'
is "$(jq_table app.users columns)" \
	"['id', 'mail', 'mood', 'Mixed \"Case\"', 'created']" \
	'lists columns that have data'
is "$(jq_table app.by_mood_0_a root)" app.by_mood \
	'and the root that a partition by an enum loads through'
is "$(jq_table app.logs_2023 root)" None 'other partitions load directly'
ok 'odd names are in it, too' grep -qF 'touch pwned' manifest
ok 'large objects are counted' \
	grep -qF '{"large_objects":{"count":504,"bytes":3601' manifest
like "$(head -n 1 manifest)" '"TimeZone":"UTC"' 'settings for loaders are there'
like "$(head -n 1 manifest)" \
	'"snapshot_time":"20[0-9-]+T[0-9:]+[.][0-9]{6}Z"' 'and the time'

# the digest, by another hand: CRC-32 and length, mixed, summed
cat >digest.py <<'PY'
import sys, zlib
M = (1 << 64) - 1
total = 0
for row in sys.stdin.buffer.read().split(b"\n")[:-1]:
	x = (zlib.crc32(row) << 32) + len(row) + 0x9e3779b97f4a7c15 & M
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9 & M
	x = (x ^ x >> 27) * 0x94d049bb133111eb & M
	total += x ^ x >> 31
print("%016x" % (total & M))
PY
for table in users nasty types big; do
	columns=$(plain psql -XAtc "SELECT string_agg(quote_ident(attname), ','
		ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'app.$table'
		::regclass AND attnum > 0 AND attgenerated = '' AND NOT
		attisdropped" "$target")
	is "$(plain psql -XqAtc "COPY app.$table ($columns) TO STDOUT" \
		"$target" | python3 digest.py)" "$(jq_table "app.$table" digest)" \
		"the digest of $table is that of its rows"
done

# --- the archive

gunzip -c dump.sql.gz | python3 -c 'import base64, json, sys
head = None
for line in sys.stdin.buffer:
	if line.startswith(b"-- pgdumpz: {\"archive\""):
		head = json.loads(line[12:])
		out = open("archive", "wb")
	elif head and line.startswith(b"-- "):
		out.write(base64.b64decode(line[3:].rstrip(), validate=True))
out.close()
open("post", "w").writelines("%d\n" % i for i in head["post"])
print(head["bytes"])' >bytes
is "$(wc -c <archive)" "$(cat bytes)" 'the archive has the size it tells'
ok 'pg_restore lists it' pg_restore -l archive
head -c -4097 archive >cut
not_ok 'it holds no rows behind the block where its list ends' pg_restore -l cut
pg_restore -f - -L post archive | sed -n '/^CREATE\|^GRANT\|^ALTER/p' >want
gunzip -c dump.sql.gz | sed -n '/^-- pgdumpz: {"large/,$p' |
	sed -n '/^CREATE\|^GRANT\|^ALTER/p' >got
same_file want got 'and restores from it what comes after the data'

# --- the text

gunzip -c dump.sql.gz >text
is "$(grep -c 'PostgreSQL database dump' text)" 1 \
	'only a function says that a dump is complete'
ok 'ranges were used' test "$(grep -c '^COPY app.big ' text)" -gt 60
no_children_left
no_backends_left "$db"
no_temp_left
done_testing
