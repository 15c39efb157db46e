#!/bin/sh
# A scripted S3 server for what no free server does: simserver.py says what.
#
#   dir=$(tests/servers/sim.sh start $$)   belongs to this shell, ends with it
#   . "$dir/env"                           AWS_ENDPOINT_URL SIM_REQUESTS ...
#   tests/servers/sim.sh stop "$dir"
#
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case ${1:-} in
start) begin "${2:?owner process id}" sim ;;
stop) end "${2:?directory}" ;;
serve) exec "${servers:?}/simserver.py" "$2" ;;
*) die "usage: sim.sh start OWNER_PID | stop DIR" ;;
esac
