#!/bin/sh
# A stream made on Windows is one that could have been made here, and restores
# here; one that was made here restores there.
. "${0%/*}/../lib.sh"
. "$tests/windows/lib.sh"
. "$tests/scenario/50-pgdumpz.sh"
. "$tests/scenario/56-pgrestorez.sh"
use_wine
use_clients
own_pg
use_s3
fresh_db
fresh_bucket
make_roles
psql -XqAt -v ON_ERROR_STOP=1 -v big=20000 -d "$db" \
	-f "$tests/scenario/50-pgdumpz.sql" >/dev/null || exit 1
# whatever a stream in text mode would change, or end at
sql "CREATE TABLE bytes (id int, v text, b bytea);
	INSERT INTO bytes SELECT n, E'a\r\nb\nc\032d\r', decode('0d0a1a0a0d', 'hex')
	FROM generate_series(1, 500) AS n;
	COMMENT ON TABLE bytes IS E'one\r\ntwo'"

# tables FILE: what its manifest says of each, digest included
tables() {
	gunzip -c "$1" | sed -n '/"table":/{s/"seconds":[^,}]*//;p;}' | sort
}

# --- made there

run sh -c 'pgdumpz.exe "$PGDATABASE" | gzverify.exe | s3put.exe night.sql.gz'
status_is 0 'the pipeline succeeds'
err_is '' 'without a word'
out_like "^s3://$bucket/night.sql.gz	[0-9]+	" 'and a receipt'
s3 get "$bucket" night.sql.gz >there.gz
ok 'what is stored is whole' gzverify there.gz
run sh -c 's3get.exe night.sql.gz >got.gz'
status_is 0 'it is fetched'
same_file there.gz got.gz 'byte for byte'
run s3get.exe -o file.gz night.sql.gz
status_is 0 'and into a file'
same_file there.gz file.gz 'byte for byte, too'
run gzverify.exe there.gz
status_is 0 'gzverify.exe says so, too'
pgdumpz "$db" >here.gz
tables here.gz >here.tables
tables there.gz >there.tables
ok 'the manifest has tables' test -s here.tables
same_file here.tables there.tables 'the manifests have the same tables, rows, and digests'
empty_db
restore there.gz "$target"
same_db "$db" "$target" 'restored here by psql'
copy=$db.here
run sh -c 'pgrestorez --verify -d "$1" <there.gz' - "$copy"
status_is 0 'restored here by pgrestorez, and verified'
same_db "$db" "$copy" 'restored here by pgrestorez'

# --- restored there

copy=$db.there
run sh -c 'pgrestorez.exe --verify -j 2 -d "$1" <here.gz' - "$copy"
status_is 0 'one that was made here is restored there, and verified'
same_db "$db" "$copy" 'restored there'
run sh -c 's3get.exe night.sql.gz | gzverify.exe |
	pgrestorez.exe --scratch --verify --json'
status_is 0 'its own one, from the bucket, to prove it'
out_like '"verified": ?true' 'proven'
is "$(temps)" '' 'no temporary database is left'
sql 'DROP TABLE bytes'
pg_dump -E UTF8 "$db" | gzip >foreign.gz
run sh -c 'gzverify.exe <foreign.gz | s3put.exe foreign.sql.gz'
status_is 0 'a plain dump of pg_dump is sealed and stored'
copy=$db.plain
run sh -c 'pgrestorez.exe -d "$1" <foreign.gz' - "$copy"
status_is 0 'and restored'
same_db "$db" "$copy" 'restored there from plain text'

# left to itself psql.exe takes that byte for the end of its input
sql "CREATE TABLE ends (v text); INSERT INTO ends VALUES (E'a\032b')"
pg_dump -E UTF8 "$db" | gzip >foreign.gz
run sh -c 'pgrestorez.exe -d "$1" <foreign.gz' - "$db.z"
status_is 0 'a plain dump with ^Z is restored'
same_db "$db" "$db.z" 'restored with ^Z'

# --- by the pipes of Windows

pipe pgdumpz.exe "$db" :: gzverify.exe :: s3put.exe pipes.sql.gz
is "$statuses" '0 0 0' 'the pipeline over pipes of Windows'
err_is '' 'without a word'
s3 get "$bucket" pipes.sql.gz >pipes.gz
pgdumpz "$db" >here.gz
tables here.gz >here.tables
tables pipes.gz >pipes.tables
same_file here.tables pipes.tables 'stores the same'
no_uploads_left "$bucket"
no_children_left
no_backends_left "$db"
no_temp_left
done_testing
