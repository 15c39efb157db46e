#!/bin/sh
# The law: the last exit status of the pipeline is enough, in any shell,
# whichever stage is killed; only a whole stream becomes an object.
. "${0%/*}/../lib.sh"
use_pg
use_s3
fresh_db
fresh_bucket
sql "CREATE TABLE t (id int PRIMARY KEY, v text);
	INSERT INTO t SELECT n, repeat(md5(n::text), 1 + n % 9)
	FROM generate_series(1, 60000) AS n;
	CREATE TABLE u AS SELECT id % 5 AS five, count(*) FROM t GROUP BY 1;
	CREATE INDEX ON u (five)"

rows() {
	sql_in "$1" "SELECT (SELECT sum(hashtextextended(t::text, 0)::numeric) FROM t),
		(SELECT sum(hashtextextended(u::text, 0)::numeric) FROM u)"
}

# --- all goes well

for shell in dash bash 'busybox sh'; do
	key=$(echo "$shell" | tr ' ' -).sql.gz
	# shellcheck disable=SC2086 # words
	run $shell -c "pgdumpz '$db' | gzverify | s3put $key"
	status_is 0 "$shell: the pipeline succeeds"
	err_is '' "$shell: silently"
	s3 get "$bucket" "$key" >back.sql.gz
	ok "$shell: what is stored is whole" gzverify back.sql.gz
	s3 rm "$bucket" "$key"
done
no_uploads_left "$bucket"
sql_in postgres "CREATE DATABASE ${db}_restored"
ok 'it restores' sh -c "gunzip -c back.sql.gz |
	psql -Xq -v ON_ERROR_STOP=1 -d '${db}_restored'"
is "$(rows "${db}_restored")" "$(rows "$db")" 'to the same rows'
ok 'and as a single transaction' sh -c "gunzip -c back.sql.gz | (psql -Xq \
	-c 'DROP TABLE t, u' ${db}_restored; psql -Xq1 -v ON_ERROR_STOP=1 -d ${db}_restored)"

# --- a stage is killed in the middle

# stage COMMAND...: the same, leaving its process id in COMMAND.pid; the plug
# lets some bytes through and then holds the pipe open without reading on.
cat >stage <<'E'
#!/bin/sh
echo $$ >"$1.pid"
exec "$@"
E
cat >plug <<'E'
#!/bin/sh
head -c 300000
echo $$ >plug.pid
exec sleep 60
E
chmod +x stage plug

# kill_stage SHELL VICTIM: sets $status
kill_stage() {
	rm -f ./*.pid
	# shellcheck disable=SC2086 # words
	$1 -c "./stage pgdumpz '$db' | ./plug | ./stage gzverify |
		./stage s3put killed.sql.gz" >"$out" 2>"$err" &
	pipeline=$!
	wait_for test -s plug.pid
	wait_for test -s s3put.pid
	kill -9 "$(cat "$2.pid")"
	kill "$(cat plug.pid)"
	wait $pipeline
	status=$?
}

for shell in dash bash 'busybox sh'; do
	for victim in pgdumpz gzverify; do
		kill_stage "$shell" $victim
		status_is 1 "$shell: $victim killed: the pipeline fails"
		err_like 'refused' "$shell: $victim killed: s3put says so"
		no_children_left
		nothing_left "$bucket"
		no_backends_left "$db"
	done
	kill_stage "$shell" s3put
	status_is 137 "$shell: s3put killed: the pipeline fails"
	is "$(s3 ls "$bucket")" '' "$shell: s3put killed: no object"
	no_children_left
	no_backends_left "$db"
done
no_temp_left
done_testing
