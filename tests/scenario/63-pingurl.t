#!/bin/sh
# pingurl: what the service sees, what it may answer, and that the URL is kept.
. "${0%/*}/../lib.sh"
use_server web ''
base=http://localhost:$WEB_PORT
secret=5ecre7-uuid

# ping VERB [URL]: its requests are then in seen.
ping() {
	rm -f "$WEB_DIR/requests"
	# shellcheck disable=SC2086 # a word or none
	run env HEALTHCHECK_URL="${2:-$base/$secret}" pingurl $1 <"${input:-/dev/null}"
	cat "$WEB_DIR/requests" >seen 2>/dev/null || : >seen
}
answers() {
	printf '%s\n' "$@" >"$WEB_DIR/answers"
}
kept() {
	unlike "$(cat "$err" "$out")" "$secret" "$1: the URL is kept"
}

# --- what the service sees

ping ''
status_is 0 'a success'
out_is '' 'silent'
err_is '' 'all around'
is "$(cat seen)" "GET /$secret - 0" 'asks for the URL'
for verb in start fail log; do
	ping $verb
	is "$(cat seen)" "GET /$secret/$verb - 0" "$verb: at the end of the path"
done
ping fail "$base/$secret/?create=1"
is "$(cat seen)" "GET /$secret/fail?create=1 - 0" 'before a query'
printf 'last words\n\000\377' >words
input=words
ping fail
is "$(cat seen)" "POST /$secret/fail text/plain; charset=utf-8 13" 'words go along'
same_file words "$WEB_DIR/body" 'as they are'
head -c 1000000 /dev/urandom >words
ping fail
is "$(cut -d' ' -f5 seen)" 100000 'not too many'
head -c 100000 words >want
same_file want "$WEB_DIR/body" 'the first ones'
input=/dev/null
run sh -c "head -c 5000000 /dev/zero | HEALTHCHECK_URL=$base/x pingurl; exit \$?"
status_is 0 'the writer of too many is no hindrance'
printf '%s\n' "$base/$secret" >url
run env HEALTHCHECK_URL=nonsense HEALTHCHECK_URL_FILE=url pingurl </dev/null
status_is 0 'the URL out of a file'

# --- what it may answer

answers 503 '429 slow down' close '200 OK'
ping ''
status_is 0 'a busy service'
is "$(wc -l <seen)" 4 'is asked four times'
answers '500 no'
ping ''
status_is 4 'a service that stays broken'
is "$(wc -l <seen)" 4 'four times, no more'
err_like "cannot ping 'localhost': .*status 500" 'it says where and why'
kept 'broken'
for answer in '404 no' '301 there' '400' '200 OK (not found)' '200 OK (rate limited)'; do
	answers "$answer"
	ping ''
	status_is 4 "answer '$answer'"
	is "$(wc -l <seen)" 1 'is final'
	kept "$answer"
done
head -c 100000 /dev/zero | tr '\0' x | sed 's/^/200 /' >"$WEB_DIR/answers"
ping ''
status_is 0 'a long answer is one, too'
head -c 3000000 /dev/zero | tr '\0' x | sed 's/^/200 /' >"$WEB_DIR/answers"
ping ''
status_is 4 'one without end is not'
answers 'stall 60'
started=$(date +%s)
HEALTHCHECK_URL=$base/$secret pingurl </dev/null 2>"$err" &
waiting=$!
sleep 1
kill -TERM $waiting
wait $waiting 2>/dev/null
is "$?" 143 'a signal ends the wait for a silent service'
ok 'at once' test $(($(date +%s) - started)) -lt 10
rm "$WEB_DIR/answers"

# --- who it is

ping '' "https://localhost:$WEB_TLS_PORT/$secret"
status_is 4 'an unknown certificate'
err_like 'hint: .*SSL_CERT_FILE' 'what to do'
kept 'certificate'
export SSL_CERT_FILE="$WEB_CA"
ping '' "https://localhost:$WEB_TLS_PORT/$secret"
status_is 0 'SSL_CERT_FILE makes it known'
ping '' "https://127.0.0.1:$WEB_TLS_PORT/$secret"
status_is 4 "another host's certificate"
unset SSL_CERT_FILE
ping '' "http://u:$secret@localhost:1/$secret"
status_is 4 'nobody there'
err_like "cannot ping 'localhost'" 'the host is named'
kept 'nobody there'

# --- wrong use

for url in "ftp://localhost/$secret" "localhost/$secret" "http:///$secret" \
	"$base/$secret x" "$base/$secret#x" "$(printf '%s/\r\nX-Evil: y' "$base/$secret")"; do
	ping '' "$url"
	status_is 2 'a wrong URL'
	is "$(cat seen)" '' 'nothing is asked'
	kept 'wrong URL'
done
run pingurl </dev/null
status_is 2 'no URL'
ping nonsense
status_is 2 'an unknown verb'
run env HEALTHCHECK_URL="$base" pingurl start fail </dev/null
status_is 2 'two verbs'
run env HEALTHCHECK_URL_FILE=missing pingurl </dev/null
status_is 3 'a missing file'
no_children_left
no_temp_left
done_testing
