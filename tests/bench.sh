#!/bin/sh
# Ratios to peers, all in one run on throw-away servers: `make bench`.
# Prints Markdown.  Numbers are for reading: nothing passes or fails by them.
#   BENCH_ROWS  rows of the big table (4500000: 1.1 GB of SQL text)
#   BENCH_RUNS  runs of each command, in turns; the quickest counts (3)
set -u
. "$(dirname "$0")/stage.sh"
rows=${BENCH_ROWS:-4500000} runs=${BENCH_RUNS:-3}
cpus=$(nproc)
export TMPDIR="$work"

# measure TITLE <<commands; lines whose program isn't installed are left out.
measure() {
	while IFS='	' read -r label program command; do
		[ -z "$label" ] || ! command -v "$program" >/dev/null ||
			printf '%s\t%s\n' "$label" "$command"
	done | "$tests/measure.py" "$1" "$runs" || exit 1
}

start_servers() {
	pg=$(TMPDIR=/tmp "$tests/servers/pg.sh" start $$) || exit 1
	s3=$(STORE=bluestore "$tests/servers/s3.sh" start $$) || exit 1
	. "$pg/env"
	. "$s3/env"
	"$tests/servers/s3peer.py" mb bench || exit 1
	createdb bench &&
		psql -Xq -v logs="$rows" -f "$tests/demo.sql" bench || exit 1
	psql -Xqc 'CHECKPOINT' bench
	export AWS_ENDPOINT_URL="$S3_TEST_TLS_URL" S3_BUCKET=s3://bench
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

# Debian's own programs, whatever else is in PATH.
set_up_peers() {
	export RCLONE_CONFIG=/dev/null RCLONE_CONFIG_S3_TYPE=s3 \
		RCLONE_CONFIG_S3_PROVIDER=Ceph RCLONE_CONFIG_S3_ENV_AUTH=true \
		RCLONE_CONFIG_S3_ENDPOINT="$AWS_ENDPOINT_URL" \
		RCLONE_CA_CERT="$AWS_CA_BUNDLE"
	aws="/usr/bin/aws --endpoint-url $AWS_ENDPOINT_URL s3 cp --quiet"
	s3cmd="s3cmd -q --access_key=$AWS_ACCESS_KEY_ID
		--secret_key=$AWS_SECRET_ACCESS_KEY --host=${AWS_ENDPOINT_URL#*//}
		--host-bucket=${AWS_ENDPOINT_URL#*//} --ca-certs=$AWS_CA_BUNDLE"
	s3cmd=$(echo "$s3cmd" | tr '\n\t' '  ')
	curl="curl -sSf --cacert $AWS_CA_BUNDLE --aws-sigv4 aws:amz:us-east-1:s3
		-u $AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY
		-H x-amz-content-sha256:UNSIGNED-PAYLOAD"
	curl=$(echo "$curl" | tr '\n\t' '  ')
	url=$AWS_ENDPOINT_URL/bench
}

bench_transfer() {
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

start_servers
bench_dump
bench_verify
set_up_peers
bench_transfer
