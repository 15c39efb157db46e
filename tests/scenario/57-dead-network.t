#!/bin/sh
# A network that dies without a word, in a network of our own: whatever waits
# for the server gives up in bounded time, and nothing passes for whole.
[ -n "${IN_OWN_NETWORK:-}" ] || [ "$(id -u)" != 0 ] ||
	! unshare -n true 2>/dev/null ||
	IN_OWN_NETWORK=1 exec unshare -n "$0"
. "${0%/*}/../lib.sh"
[ -n "${IN_OWN_NETWORK:-}" ] || skip_all 'only root has a network of its own'
# shellcheck source=56-pgrestorez.sh
. "$tests/scenario/56-pgrestorez.sh"

# network up|down
network() {
	python3 - "$1" <<-'E' || echo 'Bail out! cannot switch the network'
		import fcntl, socket, struct, sys
		GET, SET, UP = 0x8913, 0x8914, 1	# SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		name = struct.pack("16sh14x", b"lo", 0)
		flags = struct.unpack("16sh14x", fcntl.ioctl(s, GET, name))[1]
		flags = flags | UP if sys.argv[1] == "up" else flags & ~UP
		fcntl.ioctl(s, SET, struct.pack("16sh14x", b"lo", flags))
	E
}

network up
# the server looks sooner than it is told to
export PG_CONF='tcp_keepalives_idle = 1
tcp_keepalives_interval = 1
tcp_keepalives_count = 2'
own_pg
tcp_host=$PGHOST
# the tests' own questions need no network
export PGHOST="$server"
fresh_db
sql "CREATE TABLE big AS SELECT n, repeat(md5(n::text), 20) AS v
	FROM generate_series(1, 100000) n"
pgdumpz "$db" >good.gz
soon='keepalives_idle=1 keepalives_interval=1 keepalives_count=2 tcp_user_timeout=3000'

# dies_in STATUS ERE NAME: the command $tool does, without a network
dies_in() {
	start=$(date +%s)
	wait_for not_running "$tool"
	took=$(($(date +%s) - start))
	not_running "$tool"
	result $? "$3: it gives up" || kill -9 "$tool"
	wait "$tool"
	status=$?
	diag "$3: after $took s"
	status_is "$1" "$3: it failed"
	err_like "$2" "$3: and says why"
}

no_sessions() {
	[ "$(sql_in postgres "SELECT count(*) FROM pg_stat_activity
		WHERE application_name = 'pgrestorez'")" = 0 ]
}

not_running() {
	! kill -0 "$1" 2>/dev/null
}

# --- a dump, between two of its rows

mkfifo slow
pgdumpz -j 1 -d "host=$tcp_host dbname=$db $soon" 2>"$err" >slow &
tool=$!
exec 9<slow
head -c 100000 <&9 >part.gz
network down
cat <&9 >>part.gz &
reader=$!
dies_in 3 'pgdumpz: ' 'a dump'
wait $reader
exec 9<&-
network up
run gzverify part.gz
status_is 1 'what came of it is not whole'

# --- a restore, between two of its rows

mkfifo rows
pgrestorez -d "host=$tcp_host dbname=$db.new $soon" <rows 2>"$err" &
tool=$!
exec 9>rows
head -c 2000000 good.gz >&9
wait_for in_temp 'COPY%'
network down
{
	tail -c +2000001 good.gz >&9
	exec 9>&-
} 2>/dev/null &
feeder=$!
exec 9>&-
dies_in 3 'pgrestorez: ' 'a restore'
wait $feeder
not_ok 'there is no database of that name' exists "$db.new"
wait_for no_sessions
result $? 'the server ends its sessions, too'
network up
run sh -c 'pgrestorez -d "$1" <good.gz' - "$db.new"
status_is 0 'when the network is back, the next run'
err_like "dropped the database 'pgrestorez_" 'drops what could not be dropped'
is "$(temps)" '' 'nothing is left'
no_children_left
no_temp_left
done_testing
