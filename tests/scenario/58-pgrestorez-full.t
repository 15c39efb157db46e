#!/bin/sh
# A disk of the server that is really full: a message, and no database.
. "${0%/*}/../lib.sh"
# shellcheck source=56-pgrestorez.sh
. "$tests/scenario/56-pgrestorez.sh"
[ "$(id -u)" = 0 ] || skip_all 'only root can mount a small disk'
own_pg
small=$PG_SOCKET_DIR/small
mkdir "$small"
mount -t tmpfs -o size=8m tmpfs "$small" 2>"$err" ||
	skip_all 'a small disk can not be mounted here'
trap 'umount -l "$small"; cd /; rm -rf "$T"' EXIT
chown postgres: "$small"
sql_in postgres "CREATE TABLESPACE small LOCATION '$small'"
fresh_db
sql "CREATE TABLE big AS SELECT n AS id, repeat(md5(n::text), 20) AS v
	FROM generate_series(1, 20000) n"
pgdumpz "$db" >good.gz
"$tests/reseal.py" 2 "SET default_tablespace = ''" \
	"SET default_tablespace = 'small'" <good.gz >full.gz
new=$db.new
fails 3 'cannot load the rows of public.big: .*No space left on device' \
	'a disk without room' full.gz
err_like 'hint: free some space on the server' 'with a hint'
is "$(find "$small" -type f -size +0 | grep -vc PG_VERSION)" 0 \
	'and the disk is empty again'
done_testing
