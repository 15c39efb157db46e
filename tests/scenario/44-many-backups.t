#!/bin/sh
# 100,000 backups: within 32 MiB of memory, each decided once.
# unsanitized
. "${0%/*}/../lib.sh"
. "$tests/retention.sh"
export AWS_ACCESS_KEY_ID=k AWS_SECRET_ACCESS_KEY=s AWS_REGION=us-east-1
limit=$((32 * 1024))

# peak COMMAND...: sets $status and $kib, the peak of its resident memory
peak() {
	run "$tests/peak" kib "$@"
	kib=$(cat kib)
}

within_limit() {
	ok "$1 ($kib KiB)" test "$kib" -le "$limit"
}

setpriv --pdeathsig KILL "$tests/servers/manykeys.py" "$T" 100000 sealed &
server_pid=$!
trap 'kill $server_pid 2>/dev/null; cd /; rm -rf "$T"' EXIT
wait_for test -s port
AWS_ENDPOINT_URL=http://127.0.0.1:$(cat port)
export AWS_ENDPOINT_URL S3_BUCKET=s3://bucket

peak s3ls --uri backups
status_is 0 's3ls lists them'
is "$(sort -u "$out" | wc -l)" 100000 'all'
within_limit 's3ls stays small'
cp "$out" uris
peak s3ls --json backups
within_limit 's3ls --json, too'
peak s3ls --max-age 26h backups
status_is 0 's3ls --max-age finds the newest'
within_limit 'and stays small'

peak s3prune --daily 30 --monthly 12 backups
status_is 0 's3prune prunes them'
within_limit 's3prune stays small'
is "$(wc -l <"$out")" 100000 'each is decided'
is "$(decided keep | wc -l)" 40 '30 days and 12 months, two of them in both'
is "$(sort -u deleted | wc -l)" 99960 'and the others are deleted'
decided delete | sort >said
sed 's/.*\///' deleted | sort >gone
same_file said gone 'which is what it said'
: >deleted
peak sh -c 'exec s3prune --keep-last 1 --dry-run - <uris'
status_is 0 's3prune - takes them through a pipe'
within_limit 'and stays small'
is "$(decided delete | wc -l)" 99999 'each is decided'

mkdir many
python3 -c '
import datetime
sealed = open("sealed", "rb").read()
for i in range(100000):
    t = datetime.datetime(2026, 1, 1) - i * datetime.timedelta(hours=1)
    open(f"many/app_{t:%Y%m%d_%H%M%S}.sql.gz", "wb").write(sealed)'
peak keeplocal --daily 30 many
status_is 0 'keeplocal prunes as many files'
within_limit 'and stays small'
is "$(find many -type f | wc -l)" 30 'thirty are left'
done_testing
