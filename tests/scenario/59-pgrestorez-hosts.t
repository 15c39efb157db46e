#!/bin/sh
# A leader that has been lost is opened again at the very same server: what a
# failed restore has made is there, whatever else the user's host list names.
. "${0%/*}/../lib.sh"
# shellcheck source=56-pgrestorez.sh
. "$tests/scenario/56-pgrestorez.sh"
own_pg
other=$PGPORT
own_pg
this=$PGPORT
fresh_db
sql "CREATE TABLE t AS SELECT n, md5(n::text) FROM generate_series(1, 20000) n"
pgdumpz "$db" >good.gz
door=$("$tests/servers/freeport.py" 1)

# a door that leads to the server whose port is in the file "to", if any
python3 - "$door" 2>door.log <<'E' &
import socket, sys, threading, time
def pump(a, b):
	try:
		while data := a.recv(65536):
			b.sendall(data)
	except OSError:
		pass
	for s in (a, b):
		try:
			s.shutdown(socket.SHUT_RDWR)
		except OSError:
			pass
def wait():
	while True:
		try:
			return int(open("to").read())
		except (OSError, ValueError):
			time.sleep(0.05)
wait()
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
	a, _ = listener.accept()
	b = socket.create_connection(("127.0.0.1", wait()))
	threading.Thread(target=pump, args=(a, b), daemon=True).start()
	threading.Thread(target=pump, args=(b, a), daemon=True).start()
E
keeper=$!
trap 'kill $keeper; cd /; rm -rf "$T"' EXIT

made() {
	[ -n "$(temps)" ]
}

no_leader() {
	[ "$(sql_in postgres "SELECT count(*) FROM pg_stat_activity WHERE
		application_name = 'pgrestorez' AND datname = 'postgres'")" = 0 ]
}

opened() {
	python3 -c 'import socket, sys
socket.create_connection(("127.0.0.1", int(sys.argv[1])))' "$door"
}

# broken PORTS COMMAND...: of a restore there the leader is lost, then COMMAND is
# run, then the stream ends too early
broken() {
	ports=$1
	shift
	mkfifo hold
	env -u PGDATABASE PGHOST=127.0.0.1,127.0.0.1 PGPORT="$ports" \
		pgrestorez -d new <hold >"$out" 2>"$err" &
	tool=$!
	exec 9>hold
	head -c 300000 good.gz >&9
	ok 'a restore has begun' wait_for made
	sql_in postgres "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE application_name = 'pgrestorez' AND datname = 'postgres'" >ended
	ok 'its leader is lost' wait_for no_leader
	"$@"
	exec 9>&-
	wait $tool
	status=$?
	rm hold
}

# --- the first of the list comes up meanwhile

first_comes_up() {
	echo "$other" >to
	ok 'another server is up' wait_for opened
}

broken "$door,$this" first_comes_up
status_is 1 'a stream that is cut fails'
err_like 'cannot trust' 'for that reason'
is "$(temps)" '' 'its database was dropped where it was made'
unlike "$(cat "$err")" 'cannot drop' 'as it should be'

# --- the address leads elsewhere

echo "$this" >to
now_elsewhere() {
	echo "$other" >to
}

broken "$door,$door" now_elsewhere
status_is 1 'a stream that is cut fails'
err_like 'warning: cannot drop .*: another server answers now where the first' \
	'what could not be dropped is told'
ok 'it is still there' made
echo "$this" >to
run sh -c 'pgrestorez --scratch <good.gz'
status_is 0 'until the next run'
is "$(temps)" '' 'drops it'
no_temp_left
done_testing
