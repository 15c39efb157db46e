# For demo.sh and bench.sh: a private directory, the current one from here on
# and gone in the end with the servers that $pg and $s3 name.
# shellcheck shell=sh disable=SC2154
cd "$(dirname "$0")/.." || exit 1
tests=$PWD/tests
PATH="$(cd "${BIN:-bin}" && pwd):$PATH"
export PATH LC_ALL=C.UTF-8 AWS_EC2_METADATA_DISABLED=true

work=$(mktemp -d) || exit 1
pg='' s3=''
clean_up() {
	trap '' HUP INT TERM
	cd /
	[ -z "$pg" ] || "$tests/servers/pg.sh" stop "$pg"
	[ -z "$s3" ] || "$tests/servers/s3.sh" stop "$s3"
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT PIPE TERM
cd "$work" || exit 1
