#!/bin/sh
# Ratios to peers, all in one run on throw-away servers: `make bench`.
# Prints Markdown.  Numbers are for reading: nothing passes or fails by them.
#   BENCH_ROWS  rows of the big table (4500000: 1.1 GB of SQL text)
#   BENCH_RUNS  runs of each command, in turns; the quickest counts (3)
# bench.sh PART... measures some: dump, share, many, toast, verify, restore,
# transfer, large, list.
set -u
. "$(dirname "$0")/stage.sh"
rows=${BENCH_ROWS:-4500000} runs=${BENCH_RUNS:-3}
cpus=$(nproc)
export TMPDIR="$work"

# measure TITLE [GB] <<LABEL PROGRAM COMMAND [AFTER], between tabs; lines whose
# PROGRAM isn't installed are left out.
measure() {
	while IFS='	' read -r label program command; do
		[ -z "$label" ] || ! command -v "$program" >/dev/null ||
			printf '%s\t%s\n' "$label" "$command"
	done | "$tests/measure.py" "$1" "$runs" ${2:+"$2"} || exit 1
}

# small_tables DB COUNT ROWS.  A transaction has not locks enough for all.
small_tables() {
	psql -Xq -v ON_ERROR_STOP=1 "$1" <<-E || exit 1
		DO \$\$ BEGIN FOR i IN 1..$2 LOOP
			EXECUTE format('CREATE TABLE small_%s (id int PRIMARY KEY,
				name text NOT NULL, at timestamptz DEFAULT now())', i);
			EXECUTE format('INSERT INTO small_%s SELECT n, md5((n * %s)::text)
				FROM generate_series(1, $3) AS n', i, i);
			IF i % 500 = 0 THEN COMMIT; END IF;
		END LOOP; END \$\$;
		VACUUM ANALYZE;
		CHECKPOINT;
	E
}

# A few large tables, and many small ones.
make_bench() {
	createdb bench &&
		psql -Xq -v logs="$rows" -f "$tests/demo.sql" bench || exit 1
	small_tables bench 500 200
}

start_servers() {
	pg=$(TMPDIR=/tmp PG_CONF='autovacuum = off' "$tests/servers/pg.sh" start $$) ||
		exit 1
	s3=$(STORE=bluestore "$tests/servers/s3.sh" start $$) || exit 1
	. "$pg/env"
	read -r MEASURE_SERVER <"$pg/data/postmaster.pid" || exit 1
	export MEASURE_SERVER
	. "$s3/env"
	"$tests/servers/s3peer.py" mb bench || exit 1
	make_bench
	export S3_BUCKET=s3://bench
}

bench_dump() {
	text=$(pg_dump bench | wc -c)
	echo "$((text / 1000000)) MB of SQL text, $cpus CPUs, best of $runs"
	measure 'Dump' <<-E
		pgdumpz	pgdumpz	pgdumpz bench >\$OUT
		pgdumpz \| gzverify	pgdumpz	pgdumpz bench | gzverify >\$OUT
		pg_dump \| gzip	gzip	pg_dump bench | gzip >\$OUT
		pg_dump \| pigz	pigz	pg_dump bench | pigz >\$OUT
		pg_dump -Fd -j $cpus -Z6	pg_dump	pg_dump -Fd -j $cpus -Z6 -f \$OUT bench
		pg_dump -Fc	pg_dump	pg_dump -Fc -f \$OUT bench
	E
}

# What the server's COPY takes, and the compressor on the same text in memory:
# how much does pgdumpz need beside these two?
bench_share() {
	pgdumpz bench | gunzip >bench.sql || exit 1
	psql -XAt -v ON_ERROR_STOP=1 bench >copy.sql <<-'E' || exit 1
		SELECT format('COPY %s (%s) TO STDOUT;', c.oid::regclass,
			string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum))
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
			JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relkind = 'r' AND n.nspname IN ('mail', 'public')
			AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
		GROUP BY c.oid
	E
	level=$(sed -n 's/^#define GZ_LEVEL_DEFAULT //p' "$tests/../lib/gz.h" |
		head -n 1)
	measure 'CPU time of the whole, of the server, of the compressor' <<-E
		pgdumpz	pgdumpz	pgdumpz bench >/dev/null
		the server: COPY of each table	psql	psql -Xq -f copy.sql bench >/dev/null
		the compressor: libdeflate -$level	python3	"$tests/deflate.py" $level <bench.sql
	E
	rm bench.sql
}

# With as many locks as a server has by default.
bench_many() {
	createdb many && small_tables many 10000 20
	measure '10,000 small tables' <<-E
		pgdumpz	pgdumpz	pgdumpz many >\$OUT
		pg_dump	pg_dump	pg_dump many >\$OUT
		pg_dump \| gzip	gzip	pg_dump many | gzip >\$OUT
	E
	dropdb many
}

# Few rows with large values, and many with small ones.
bench_toast() {
	createdb toast && psql -Xq -v ON_ERROR_STOP=1 toast <<-E || exit 1
		CREATE TABLE few AS SELECT n, (SELECT string_agg(md5((n * i)::text), ' ')
			FROM generate_series(1, 60000) AS i) AS v
			FROM generate_series(1, 75) AS n;
		CREATE TABLE narrow AS SELECT n, md5(n::text) || md5((-n)::text) AS v
			FROM generate_series(1, 1500000) AS n;
		CHECKPOINT;
	E
	measure 'One table: 75 rows of 2 MB, and 1,500,000 small ones' <<-E
		few rows, 1 job	pgdumpz	pgdumpz -j 1 -t few toast >\$OUT
		few rows, $cpus jobs	pgdumpz	pgdumpz -j $cpus -t few toast >\$OUT
		few rows, pg_dump -Fd -j $cpus -Z6	pg_dump	pg_dump -Fd -j $cpus -Z6 -t few -f \$OUT toast
		small rows, 1 job	pgdumpz	pgdumpz -j 1 -t narrow toast >\$OUT
		small rows, $cpus jobs	pgdumpz	pgdumpz -j $cpus -t narrow toast >\$OUT
		small rows, pg_dump -Fd -j $cpus -Z6	pg_dump	pg_dump -Fd -j $cpus -Z6 -t narrow -f \$OUT toast
	E
	dropdb toast
}

bench_verify() {
	pgdumpz bench >sealed.gz && pg_dump bench | gzip >plain.gz || exit 1
	measure 'Verify' <<-E
		gzverify	gzverify	gzverify sealed.gz
		gzverify, as a filter	gzverify	gzverify <sealed.gz >\$OUT
		gzip -t	gzip	gzip -t sealed.gz
		pigz -t	pigz	pigz -t sealed.gz
		gzverify, file of pg_dump \| gzip	gzverify	gzverify <plain.gz >\$OUT
		gzip -t, file of pg_dump \| gzip	gzip	gzip -t plain.gz
		pigz -t, file of pg_dump \| gzip	pigz	pigz -t plain.gz
	E
}

# spread_logs DB: the large table's rows, in eight tables of its kind.
spread_logs() {
	createdb -T bench "$1" && psql -Xq -v ON_ERROR_STOP=1 "$1" <<-E || exit 1
		SET client_min_messages = warning;
		DO \$\$ BEGIN FOR i IN 0..7 LOOP
			EXECUTE replace('CREATE TABLE mail.logs_# (
					LIKE mail.email_logs INCLUDING DEFAULTS);
				INSERT INTO mail.logs_#
					SELECT * FROM mail.email_logs WHERE id % 8 = # ORDER BY id;
				ALTER TABLE mail.logs_# ADD PRIMARY KEY (id),
					ADD FOREIGN KEY (service_id) REFERENCES mail.email_services,
					ADD FOREIGN KEY (template_id) REFERENCES mail.email_templates;
				CREATE INDEX ON mail.logs_# (sent_at);
				CREATE INDEX ON mail.logs_# (status, service_id)
					WHERE status <> ''sent''', '#', i::text);
		END LOOP; END \$\$;
		ALTER SEQUENCE mail.email_logs_id_seq OWNED BY NONE;
		DROP TABLE mail.email_logs CASCADE;
		VACUUM ANALYZE;
		CHECKPOINT;
	E
}

# measure_restore TITLE DB.  Each into a database that is not there before.  An
# ext4 looks for inodes that were not deleted in the last minute, which makes
# new files slow.
measure_restore() {
	pgdumpz "$2" >restore.gz && pg_dump -Fd -j "$cpus" -f dump.d "$2" || exit 1
	sync
	sleep 61
	undo='dropdb back; sync; sleep 61'
	measure "$1" <<-E
		pgrestorez	pgrestorez	pgrestorez -d back <restore.gz	$undo
		pgrestorez --verify	pgrestorez	pgrestorez --verify -d back <restore.gz	$undo
		pg_restore -j $cpus, of -Fd	pg_restore	createdb back && pg_restore -j $cpus -d back dump.d	$undo
		gunzip -c \| psql	gunzip	createdb back && gunzip -c restore.gz | psql -Xq -v ON_ERROR_STOP=1 -o /dev/null back	$undo
	E
	rm -r restore.gz dump.d
}

bench_restore() {
	spread_logs spread
	measure_restore 'Restore of ten large and 500 small tables' spread
	dropdb spread
	measure_restore 'Restore of one very large table and others' bench
}

# set_up_peers URL: Debian's own programs, whatever else is in PATH.
set_up_peers() {
	export AWS_ENDPOINT_URL="$1"
	no_tls=
	case $1 in http:*) no_tls=--no-ssl ;; esac
	export RCLONE_CONFIG=/dev/null RCLONE_CONFIG_S3_TYPE=s3 \
		RCLONE_CONFIG_S3_PROVIDER=Ceph RCLONE_CONFIG_S3_ENV_AUTH=true \
		RCLONE_CONFIG_S3_ENDPOINT="$AWS_ENDPOINT_URL" \
		RCLONE_CA_CERT="$AWS_CA_BUNDLE"
	aws="/usr/bin/aws --endpoint-url $AWS_ENDPOINT_URL s3 cp --quiet"
	s3cmd="s3cmd -q --access_key=$AWS_ACCESS_KEY_ID
		--secret_key=$AWS_SECRET_ACCESS_KEY --host=${AWS_ENDPOINT_URL#*//}
		--host-bucket=${AWS_ENDPOINT_URL#*//} --ca-certs=$AWS_CA_BUNDLE
		$no_tls"
	s3cmd=$(echo "$s3cmd" | tr '\n\t' '  ')
	curl="curl -sSf --cacert $AWS_CA_BUNDLE --aws-sigv4 aws:amz:us-east-1:s3
		-u $AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY
		-H x-amz-content-sha256:UNSIGNED-PAYLOAD"
	curl=$(echo "$curl" | tr '\n\t' '  ')
	url=$AWS_ENDPOINT_URL/bench
}

bench_transfer() {
	set_up_peers "$S3_TEST_TLS_URL"
	[ -e sealed.gz ] || pgdumpz bench >sealed.gz || exit 1
	measure 'Upload, from a pipe' <<-E
		s3put	s3put	cat sealed.gz | s3put --force a.sql.gz >/dev/null
		rclone rcat	rclone	cat sealed.gz | env -u AWS_CA_BUNDLE rclone rcat s3:bench/b
		aws s3 cp -	/usr/bin/aws	cat sealed.gz | $aws - s3://bench/c
		s3cmd put -	s3cmd	cat sealed.gz | $s3cmd put - s3://bench/d
		curl -T FILE (one request, a file)	curl	$curl -T sealed.gz $url/e
	E
	measure 'Download, to a file' <<-E
		s3get	s3get	s3get a.sql.gz -o \$OUT
		rclone cat	rclone	env -u AWS_CA_BUNDLE rclone cat s3:bench/a.sql.gz >\$OUT
		aws s3 cp	/usr/bin/aws	$aws s3://bench/a.sql.gz \$OUT
		s3cmd get	s3cmd	$s3cmd get s3://bench/a.sql.gz \$OUT
		curl	curl	$curl $url/a.sql.gz -o \$OUT
	E
}

# What sending costs: a GiB through a pipe, in the clear and over TLS.
bench_large() {
	"$tests/seal.py" 1024 >large
	for url in "$s3_url" "$S3_TEST_TLS_URL"; do
		set_up_peers "$url"
		measure "1 GiB from a pipe, ${AWS_ENDPOINT_URL%%:*}" 1.074 <<-E
			s3put	s3put	cat large | s3put --force a >/dev/null
			s3put --checksum crc64nvme	s3put	cat large | s3put --force --checksum crc64nvme a >/dev/null
			rclone rcat	rclone	cat large | env -u AWS_CA_BUNDLE rclone rcat s3:bench/a
			aws s3 cp -	/usr/bin/aws	cat large | $aws - s3://bench/a
			s3cmd put -	s3cmd	cat large | $s3cmd put - s3://bench/a
			curl -T FILE (one request, a file)	curl	$curl -T large $url/a
		E
		measure "1 GiB to a pipe, ${AWS_ENDPOINT_URL%%:*}" 1.074 <<-E
			s3get	s3get	s3get a | cat >/dev/null
			rclone cat	rclone	env -u AWS_CA_BUNDLE rclone cat s3:bench/a | cat >/dev/null
			aws s3 cp	/usr/bin/aws	$aws s3://bench/a - | cat >/dev/null
			s3cmd get	s3cmd	$s3cmd get s3://bench/a - | cat >/dev/null
			curl	curl	$curl $url/a | cat >/dev/null
		E
	done
	rm large
}

bench_list() {
	set_up_peers "$s3_url"
	for i in 1 2 3; do
		echo "$i" | s3put --unsealed "few/$i" >/dev/null || exit 1
	done
	measure 'Three keys, ten times, http' <<-E
		s3ls	s3ls	for i in 1 2 3 4 5 6 7 8 9 0; do s3ls few >/dev/null; done
		curl	curl	for i in 1 2 3 4 5 6 7 8 9 0; do $curl "$url?list-type=2&prefix=few" >/dev/null; done
		aws s3 ls	/usr/bin/aws	for i in 1 2 3 4 5 6 7 8 9 0; do /usr/bin/aws --endpoint-url $s3_url s3 ls s3://bench/few/ >/dev/null; done
	E
	"$tests/seal.py" 1 >sealed
	setpriv --pdeathsig KILL "$tests/servers/manykeys.py" . 100000 sealed &
	until [ -s port ]; do sleep 0.1; done
	set_up_peers "http://127.0.0.1:$(cat port)"
	measure '100,000 keys, http' <<-E
		s3ls	s3ls	s3ls backups >\$OUT
		aws s3 ls	/usr/bin/aws	/usr/bin/aws --endpoint-url $AWS_ENDPOINT_URL s3 ls s3://bench/backups/ >\$OUT
	E
	kill $!
	rm port deleted
}

start_servers
s3_url=$AWS_ENDPOINT_URL
[ $# -gt 0 ] || set -- dump share many toast verify restore transfer large list
for part in "$@"; do
	"bench_$part"
done
