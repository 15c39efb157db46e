#!/bin/sh
# A web server that stands in for a monitoring service: webhook.py says what it
# does.
#
#   dir=$(tests/servers/web.sh start $$)   belongs to this shell, ends with it
#   . "$dir/env"                           WEB_PORT WEB_TLS_PORT WEB_DIR WEB_CA
#   tests/servers/web.sh stop "$dir"
#
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

serve() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=localhost' \
		-addext 'subjectAltName=DNS:localhost' -keyout "$1/server.key" \
		-out "$1/server.pem" 2>/dev/null ||
		fail "$1" "cannot make a certificate"
	exec "${servers:?}/webhook.py" "$1"
}

case ${1:-} in
start) begin "${2:?owner process id}" web ;;
stop) end "${2:?directory}" ;;
serve) serve "$2" ;;
*) die "usage: web.sh start OWNER_PID | stop DIR" ;;
esac
