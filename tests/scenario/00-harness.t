#!/bin/sh
# unsanitized
# The test machinery itself: what it reports must be true.
. "${0%/*}/../lib.sh"
use_pg
use_s3
fresh_db
fresh_bucket

# A scenario within the scenario: inner SCRIPT runs it.
mkdir -p in/scenario
ln -s "$tests/lib.sh" "$tests/servers" in/
inner() {
	{
		printf '%s\n' '. "${0%/*}/../lib.sh"' 'use_s3'
		cat
	} >in/scenario/inner.t
	run sh in/scenario/inner.t
}

# --- assertions fail when they should

inner <<'E'
is 1 2 'unequal'
isnt 1 1 'equal'
ok 'false' false
not_ok 'true' true
like abc '^b' 'unlike'
unlike abc '^a' 'like'
run false
status_is 0 'status'
no_file .
done_testing
E
status_is 1 'a scenario with failures exits 1'
is "$(grep -c '^not ok' "$out")" 8 'each false assertion is reported'
out_like '^1[.][.]8$' 'with a plan'
err_like '^# got: +1$' 'and what it got'
inner <<'E'
ok 'true' true
exit 0
E
is "$(grep -c '^1[.][.]' "$out")" 0 'an early end has no plan'

# --- the independent S3 client, and what nothing_left sees

echo hello >hello
s3 put "$bucket" 'a b/ü+c%' hello 'x-amz-meta-k: v'
is "$(s3 ls "$bucket")" "6	a b/ü+c%" 'an object with an odd key is listed'
is "$(s3 get "$bucket" 'a b/ü+c%')" hello 'and read'
like "$(s3 head "$bucket" 'a b/ü+c%')" '^x-amz-meta-k: v$' 'with its metadata'
id=$(s3 begin "$bucket" up)
s3 part "$bucket" up "$id" 1 hello >/dev/null
is "$(s3 uploads "$bucket")" "$id	up" 'a multipart upload is seen'
inner <<E
nothing_left $bucket
done_testing
E
is "$(grep -c '^not ok' "$out")" 2 'nothing_left sees both'
s3 call DELETE "/$bucket/up?uploadId=$id"
s3 rm "$bucket" 'a b/ü+c%'
nothing_left "$bucket"

# --- processes and backends

setsid sleep 30 &
wait_for sh -c 'grep -qs sleep "/proc/$1/cmdline"' - $!
not_ok 'a process that has detached itself is seen' no_tagged_processes
kill $!
no_children_left
psql -Xqc 'SELECT pg_sleep(30)' >/dev/null 2>&1 &
wait_for sh -c '[ "$(psql -XAtc "SELECT count(*) > 1 FROM pg_stat_activity
	WHERE datname = current_database()")" = t ]'
not_ok 'a backend is seen' no_backends "$db"
kill $!
sql_in postgres "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
	WHERE datname = '$db'" >/dev/null
no_backends_left "$db"

# --- a test that met with a failure of Wine is run once more, no other is

mkdir windows
cat >windows/a.t <<'E'
#!/bin/sh
echo x >>runs
[ -z "${LUCKLESS:-}" ] || echo "Can't recognize 'step x'" >>"$WINE_UNSTARTED"
[ "$(wc -l <runs)" = "${GOOD:-2}" ] || { echo 'not ok 1'; exit 1; }
echo 'ok 1'
E
chmod +x windows/a.t
export PGDUMPZ_TEST_WINE="$T/tmp"
run env LUCKLESS=1 "$tests/one" "$T/windows/a.t"
status_is 0 'it fails with Wine, and passes then'
out_is 'ok 1' 'there is one result'
err_like '# .*/windows/a.t is run once more, for Wine has failed: Can' 'which is told'
rm runs
run "$tests/one" "$T/windows/a.t"
status_is 1 'it fails by itself'
out_is 'not ok 1' 'and that is its result'
rm runs
run env LUCKLESS=1 GOOD=3 "$tests/one" "$T/windows/a.t"
status_is 1 'it fails twice'
out_is 'not ok 1' 'and no third time'
rm runs
run env LUCKLESS=1 GOOD=1 "$tests/one" "$T/windows/a.t"
status_is 0 'it passes'
is "$(wc -l <runs)" 1 'once'
no_temp_left

# --- servers end with their owner, however it ends

cat >owner <<E
export TMPDIR="$server_tmp"
"$tests/servers/pg.sh" start \$\$ >pgdir
"$tests/servers/s3.sh" start \$\$ >s3dir
kill -9 \$\$
E
run sh owner
ok 'PostgreSQL was there' test -s pgdir
ok 'S3 was there' test -s s3dir
ok 'its directory goes when the owner is killed' \
	wait_for test ! -e "$(cat pgdir)"
ok 'and so does the one of S3' wait_for test ! -e "$(cat s3dir)"
not_ok 'no server process stays' \
	grep -lsaF -e "$(cat pgdir)/" -e "$(cat s3dir)/" /proc/[0-9]*/cmdline
done_testing
