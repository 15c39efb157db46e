# For scenarios: TAP, throw-away servers, and looking for what was left behind.
# shellcheck shell=sh
#
#   #!/bin/sh
#   . "${0%/*}/../lib.sh"
#   use_pg; use_s3                 the runner's servers, or ones of our own
#   fresh_db; fresh_bucket         $db (as PGDATABASE too), $bucket (S3_BUCKET)
#   sql 'CREATE TABLE t AS SELECT generate_series(1, 9) AS n'
#   run sh -c 'pgdumpz "$PGDATABASE" | gzverify | s3put a.sql.gz'
#   status_is 0 'the pipeline succeeds'
#   is "$(s3 ls "$bucket" | wc -l)" 1 'and leaves one object'
#   done_testing
#
# Each scenario has a directory of its own ($T, also the current one and HOME);
# TMPDIR is $T/tmp, the tools under test come first in PATH.  Without
# done_testing at the end there is no plan, and the scenario counts as failed.
#
# Results             ok NAME COMMAND...      COMMAND succeeds
#                     not_ok NAME COMMAND...  COMMAND fails
#                     is GOT WANT NAME, isnt GOT UNWANTED NAME
#                     like GOT ERE NAME, unlike GOT ERE NAME
#                     same_file A B NAME, skip REASON [COUNT], skip_all REASON
#                     instrumented  true under sanitizers and valgrind, where
#                     memory and time mean nothing
# Commands            run COMMAND...  sets $status, fills the files $out, $err
#                     status_is N NAME, out_is TEXT NAME, out_like ERE NAME,
#                     err_is TEXT NAME, err_like ERE NAME
#                     $unit is where the unit tests are
#                     wait_for COMMAND...  until it succeeds, two minutes
#                     at most: a slow machine must not fail a test
# PostgreSQL          use_pg, own_pg (takes PG_CONF), fresh_db, sql SQL,
#                     sql_in DB SQL
# S3, without us      use_s3, own_s3 (takes S3_CONF), fresh_bucket,
#                     s3 COMMAND...  as in servers/s3peer.py, past any proxy
#                     has_feature tls|policy|classes: Swift has none of them
# Faults              use_proxy  puts the fault proxy into AWS_ENDPOINT_URL
#                     faults RULE...  one argument a rule, see faultproxy.py;
#                     none: healthy again.  requests METHOD ERE  counts them,
#                     forget_requests
# A scripted server   use_sim  instead of use_s3; bucket sim, see simserver.py
#                     sim_sent METHOD ERE HEADER  its values in those requests
# Nothing left        nothing_left BUCKET [PREFIX]  no object, no upload
#                     no_uploads_left BUCKET, no_children_left,
#                     no_backends_left DB, no_temp_left, no_file PATH
set -u

tests=$(cd "${0%/*}/.." && pwd)
scenario=$(basename "$0" .t)
bin=$(cd "${BIN:-$tests/../bin}" 2>/dev/null && pwd)
unit=${O:-build}/unit
case $unit in /*) ;; *) unit=$tests/../$unit ;; esac
server_tmp=${TMPDIR:-/tmp}
T=$(mktemp -d "$server_tmp/pgdumpz-$scenario.XXXXXX") || exit 1
mkdir "$T/tmp"
cd "$T" || exit 1
out=$T/out err=$T/err status=0
test_count=0 failures=0
unset AWS_PROFILE AWS_SESSION_TOKEN S3_BUCKET JOBS
export HOME="$T" TMPDIR="$T/tmp" LC_ALL=C.UTF-8 SHELL=/bin/sh
export PATH="$bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" # Debian's tools
export AWS_EC2_METADATA_DISABLED=true
export PGDUMPZ_TEST_TAG="$scenario.$$"

trap 'cd /; rm -rf "$T"' EXIT
trap 'exit 1' HUP INT PIPE TERM

# --- results

diag() {
	printf '%s\n' "$@" | sed "s/^/# /" >&2
}

result() { # result STATUS NAME; a # in a name would begin a directive
	test_count=$((test_count + 1))
	case $2 in *'#'*) set -- "$1" "$(printf '%s\n' "$2" | sed 's/#/\\#/g')" ;; esac
	if [ "$1" = 0 ]; then
		echo "ok $test_count - $2"
		return 0
	fi
	echo "not ok $test_count - $2"
	failures=$((failures + 1))
	diag "failed in $scenario: $2"
	return 1
}

ok() {
	name=$1
	shift
	"$@" >"$T/ok.log" 2>&1
	result $? "$name" || diag "command: $*" "$(head -n 40 "$T/ok.log")"
}

not_ok() {
	name=$1
	shift
	! "$@" >"$T/ok.log" 2>&1
	result $? "$name" || diag "should fail: $*" "$(head -n 40 "$T/ok.log")"
}

is() {
	[ "$1" = "$2" ]
	result $? "$3" || diag "got:      $1" "expected: $2"
}

isnt() {
	[ "$1" != "$2" ]
	result $? "$3" || diag "got the unwanted: $1"
}

like() {
	printf '%s\n' "$1" | grep -qE -e "$2"
	result $? "$3" || diag "got:            $1" "does not match: $2"
}

unlike() {
	! printf '%s\n' "$1" | grep -qE -e "$2"
	result $? "$3" || diag "got:     $1" "matches: $2"
}

same_file() {
	cmp "$1" "$2" >"$T/ok.log" 2>&1
	result $? "$3" || diag "$(cat "$T/ok.log")"
}

skip() {
	left=${2:-1}
	while [ "$left" -gt 0 ]; do
		test_count=$((test_count + 1)) left=$((left - 1))
		echo "ok $test_count # SKIP $1"
	done
}

instrumented() {
	[ -n "${TEST_INSTRUMENTED:-}" ]
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

done_testing() {
	echo "1..$test_count"
	[ "$failures" = 0 ]
	exit
}

# --- commands

run() {
	"$@" >"$out" 2>"$err"
	status=$?
}

status_is() {
	[ "$status" = "$1" ]
	result $? "$2" || diag "exit status: $status, expected: $1" \
		"stderr: $(head -c 2000 "$err")"
}

out_is() {
	is "$(cat "$out")" "$1" "$2"
}

out_like() {
	like "$(cat "$out")" "$1" "$2"
}

err_is() {
	is "$(cat "$err")" "$1" "$2"
}

err_like() {
	like "$(cat "$err")" "$1" "$2"
}

wait_for() {
	tries=2400
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || {
			diag "waited in vain for: $*"
			return 1
		}
		sleep 0.05
	done
}

# --- servers

# Servers are no children of ours in the sense of no_children_left.
start_server() {
	env -u PGDUMPZ_TEST_TAG TMPDIR="$server_tmp" "$tests/servers/$1.sh" start $$
}

# use_server KIND DIR: servers of our own when DIR is empty.
use_server() {
	server=${2:-$(start_server "$1")}
	[ -r "$server/env" ] || {
		echo "Bail out! no $1 server"
		exit 1
	}
	. "$server/env"
}

own_pg() {
	use_server pg ''
}

use_pg() {
	use_server pg "${PGDUMPZ_TEST_PG:-}"
}

own_s3() {
	use_server s3 ''
	s3_direct=$AWS_ENDPOINT_URL
}

use_s3() {
	use_server s3 "${PGDUMPZ_TEST_S3:-}"
	s3_direct=$AWS_ENDPOINT_URL
}

has_feature() {
	case " ${S3_TEST_LACKS:-} " in
	*" $1 "*) return 1 ;;
	esac
}

use_proxy() {
	use_server proxy ''
}

use_sim() {
	use_server sim ''
	bucket=sim
	export S3_BUCKET=s3://sim
}

sim_sent() {
	python3 -c 'import json, re, sys
_, path, method, regex, header = sys.argv
for r in map(json.loads, open(path)):
	if r["method"] == method and re.search(regex, r["target"]):
		print(r["headers"].get(header, "-"))' "$SIM_REQUESTS" "$@"
}

fresh_count=0

fresh_db() {
	fresh_count=$((fresh_count + 1))
	db=t_$(echo "$scenario" | tr -c 'a-z0-9\n' _)_$$_$fresh_count
	sql_in postgres "CREATE DATABASE \"$db\"" || exit 1
	export PGDATABASE="$db"
}

sql_in() {
	psql -XAtq -v ON_ERROR_STOP=1 -d "$1" -c "$2"
}

sql() {
	sql_in "$db" "$1"
}

s3() {
	AWS_ENDPOINT_URL=$s3_direct "$tests/servers/s3peer.py" "$@"
}

fresh_bucket() {
	fresh_count=$((fresh_count + 1))
	bucket=t-$(echo "$scenario" | tr -c 'a-z0-9\n' -)-$$-$fresh_count
	s3 mb "$bucket" || exit 1
	export S3_BUCKET="s3://$bucket"
}

# --- faults

faults() {
	printf '%s\n' "$@" >"$FAULT_RULES.new" && mv "$FAULT_RULES.new" "$FAULT_RULES"
}

# The proxy writes its line after the answer has gone out.
requests() {
	sleep 0.2
	grep -cE -e "^$1 [^ ]*$2" "$FAULT_REQUESTS"
}

forget_requests() {
	sleep 0.2
	: >"$FAULT_REQUESTS"
}

# --- nothing left behind

nothing_left() {
	is "$(s3 ls "$@")" '' "no object is left in $*"
	is "$(s3 uploads "$@")" '' "no multipart upload is left in $*"
}

no_uploads_left() {
	is "$(s3 uploads "$@")" '' "no multipart upload is left in $*"
}

# Whatever a tool has started carries the scenario's tag in its environment;
# the search itself must not.  Prints process ids.
tagged_processes() {
	env -u PGDUMPZ_TEST_TAG sh -c 'grep -lsxzF -e "$1" /proc/[0-9]*/environ |
		cut -d/ -f3' - "PGDUMPZ_TEST_TAG=$PGDUMPZ_TEST_TAG"
}

no_tagged_processes() {
	[ -z "$(tagged_processes)" ]
}

no_children_left() {
	wait_for no_tagged_processes
	left=$(tagged_processes)
	is "$left" '' 'no process is left' || for pid in $left; do
		diag "$pid: $(tr '\0' ' ' <"/proc/$pid/cmdline")"
	done
}

backends() { # autovacuum comes when it likes
	sql_in postgres "SELECT pid, state, left(query, 60) FROM pg_stat_activity
		WHERE datname = '$1' AND backend_type <> 'autovacuum worker'"
}

no_backends() {
	[ -z "$(backends "$1")" ]
}

no_backends_left() {
	wait_for no_backends "$1"
	is "$(backends "$1")" '' "no backend is left in $1"
}

no_temp_left() {
	is "$(ls -A "$TMPDIR")" '' 'no temporary file is left'
}

no_file() {
	[ ! -e "$1" ]
	result $? "there is no file $1" || diag "$(ls -l "$1")"
}
