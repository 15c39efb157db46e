#!/bin/sh
# A fault proxy in front of the S3 server that S3_TEST_PORT names.
#
#   dir=$(tests/servers/proxy.sh start $$)   belongs to this shell
#   . "$dir/env"                             AWS_ENDPOINT_URL FAULT_RULES ...
#   tests/servers/proxy.sh stop "$dir"
#
# How to write rules: see faultproxy.py.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

serve() {
	exec "$servers/faultproxy.py" "$1" "${S3_TEST_PORT:?no S3 server}"
}

case ${1:-} in
start) begin "${2:?owner process id}" proxy ;;
stop) end "${2:?directory}" ;;
serve) serve "$2" ;;
*) die "usage: proxy.sh start OWNER_PID | stop DIR" ;;
esac
