#!/bin/sh
# A connection that waits is looked after by the kernel, as the user says or by
# default, so that a dead network is noticed and no firewall forgets it.
. "${0%/*}/../lib.sh"
own_pg

# timers 2: for each connection to the server its timer (2: keepalive) and
# seconds; timers 1: the same at the server's end
timers() {
	python3 - "$1" <<-'E'
		import os, sys
		for line in open("/proc/net/tcp").read().splitlines()[1:]:
		    f = line.split()
		    if int(f[int(sys.argv[1])].split(":")[1], 16) == int(os.environ["PGPORT"]) and f[3] == "01":
		        kind, left = f[5].split(":")
		        print(int(kind, 16), int(left, 16) // os.sysconf("SC_CLK_TCK"))
	E
}

# both ends of one are looked after
a_leader() {
	timers 2 | grep -q '^2 ' &&
		timers 1 | awk '$1 == 2 && $2 <= 60 { n++ } END { exit n == 0 }'
}

# runs_from SECONDS LEFT: a timer that can't have run for longer than $past
runs_from() {
	[ -n "$2" ] && [ "$2" -le "$1" ] && [ "$2" -ge $(($1 - past)) ]
}

# waits SECONDS NAME OPTION...: how long until the kernel looks after a leader
# that waits for its input
waits() {
	most=$1 what=$2
	shift 2
	mkfifo hold
	began=$(date +%s)
	pgrestorez --scratch "$@" <hold >"$out" 2>"$err" &
	tool=$!
	exec 9>hold
	wait_for a_leader
	left=$(timers 2 | sed -n 's/^2 //p' | sort -n | tail -n 1)
	theirs=$(timers 1 | sed -n 's/^2 //p' | sort -n | tail -n 1)
	past=$(($(date +%s) - began + 1))
	exec 9>&-
	wait $tool
	rm hold
	like "$(cat "$err")" 'empty' "$what: it was waiting for input"
	runs_from "$most" "$left"
	result $? "$what: $most s" || diag "left: $left"
	runs_from 60 "$theirs"
	result $? "$what: and the server looks after us" || diag "left: $theirs"
}

waits 60 'by default'
waits 60 'with a URI' -d "postgresql:///app?application_name=x"
waits 500 'as a URI says' -d "postgresql:///app?keepalives_idle=500"
waits 400 'as a conninfo string says' -d 'dbname=app keepalives_idle=400'
printf '[slow]\nkeepalives_idle=300\n' >services
export PGSERVICEFILE="$T/services"
waits 300 'as a service says' -d service=slow
PGSERVICE=slow waits 300 'as a service in the environment says'
unset PGSERVICE

# --- programs get it, too, as far as older ones know it

mkdir stub
ln -s "$PG_SERVER_BIN/pg_restore" stub/pg_restore
cat >stub/psql <<E
#!/bin/sh
[ "\$1" != --version ] || exec "$PG_SERVER_BIN/psql" --version
echo "\$*" >&2
exit 1
E
chmod +x stub/psql
fresh_db
sql 'CREATE TABLE t AS SELECT 1 AS n'
pgdumpz "$db" >dump.gz
run sh -c 'pgrestorez --scratch --pg-bin stub <dump.gz'
status_is 3 'a psql that fails'
err_like "keepalives_idle='60'" 'was told how to look after its connection'
unlike "$(cat "$err")" 'tcp_user_timeout' 'by nothing that an old one refuses'
run sh -c 'pgrestorez --scratch -d "tcp_user_timeout=1234" --pg-bin stub <dump.gz'
err_like "tcp_user_timeout='1234'" 'unless the user does'
no_children_left
done_testing
