#!/bin/sh
# Each filter leaves out what it leaves out of pg_dump's text, and no more.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
own_pg	# whose roles nobody else changes meanwhile
fresh_db
fill_db "$db" more
space=${db}_space
PGOPTIONS='-c allow_in_place_tablespaces=on' \
	sql_in postgres "CREATE TABLESPACE $space LOCATION ''"
PGCLIENTENCODING=UTF8 PGOPTIONS=$(plain printenv PGOPTIONS)
export PGCLIENTENCODING PGOPTIONS
sql "DELETE FROM app.nasty WHERE length(v) > 1000; TRUNCATE app.big;
	DELETE FROM app.users WHERE id > 20; DELETE FROM app.logs WHERE id % 50 > 0;
	SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE oid <> ALL
	('{1001,1002,2002}');
	SET allow_system_table_mods = on; INSERT INTO pg_seclabel VALUES
	('app.users'::regclass, 'pg_class'::regclass, 0, 'none', 'label');
	CREATE TABLE kind.apart (a integer) TABLESPACE $space;
	INSERT INTO kind.apart VALUES (1);
	CREATE TABLE public.config (id integer, own boolean);
	INSERT INTO public.config VALUES (1, false), (2, true), (3, true);
	CREATE TABLE public.config2 AS SELECT 5 AS five;
	CREATE SEQUENCE public.config_seq START 42;
	ALTER EXTENSION hstore ADD TABLE public.config;
	ALTER EXTENSION hstore ADD TABLE public.config2;
	ALTER EXTENSION hstore ADD SEQUENCE public.config_seq;
	UPDATE pg_extension SET extconfig = ARRAY['public.config',
	'public.config2', 'public.config_seq']::regclass[], extcondition =
	ARRAY['WHERE own ORDER BY id DESC', '', ''] WHERE extname = 'hstore'" \
	>/dev/null

# What a dump says, whatever its order: each row with its table, each line of
# SQL, each setting once, each large object that has contents.
cat >essence.awk <<'AWK'
/^COPY .* FROM stdin;$/ { table = $0; gsub(/  +/, " ", table); next }
table != "" && $0 == "\\." { table = ""; next }
table != "" { print table " " $0; next }
/^SELECT pg_catalog.lo_open/ { split($0, part, "'"); next }
/^SELECT pg_catalog.lowrite/ { once["large object " part[2]]; next }
/^SELECT pg_catalog.lo_put/ {
	split($0, part, "[(,]")
	once["large object " part[2]]
	next
}
/^SELECT pg_catalog.lo_close|^BEGIN;$|^COMMIT;$|^--|^$/ { next }
/^\\(un)?restrict / { next }
/^SET |^SELECT pg_catalog.set_config/ { once[$0]; next }
{ print }
END { for (line in once) print line }
AWK
essence() {
	awk -f essence.awk | sort
}

# like_pg_dump FILTER...: the same text from both; it stays in "want"
like_pg_dump() {
	pgdumpz "$@" "$db" >ours.gz 2>"$err"
	is $? 0 "$*: dumped" || diag "$(cat "$err")"
	gunzip -c ours.gz | essence >got
	pg_dump "$@" "$db" | essence >want
	same_file got want "$*: as pg_dump does"
	cmp -s got want || diag "$(diff got want | cut -c 1-200 | head -n 10)"
	ok "$*: there is something" test -s want
}

like_pg_dump
cp want all
is "$(grep -c '^COPY public.config (id, own) FROM stdin; [23]	t$' all)" 2 \
	'a configuration table of an extension: the rows of its condition'
is "$(grep -c 'COPY public.config.*1	f\|CREATE TABLE public.config' all)" 0 \
	'and no others, nor the table, which the extension makes'
ok 'and one without a condition' \
	grep -qx 'COPY public.config2 (five) FROM stdin; 5' all
# these leave something out, or change it
while read -r filter; do
	eval "like_pg_dump $filter"
	not_ok "$filter: has an effect" cmp -s want all
done <<'FILTERS'
-n app
-n app -n 'ki*'
-N app
--schema='app' --exclude-schema='kind'
--exclude-schema='*'
-t app.users
-t 'app.*' -T app.logs
-t app.logs -t app.logs_2024_e
-t 'kind.deep*'
-t 'kind.mood?s?0'
-t app.v -t kind.mv1
-t app.down
-t app.users -b
-T 'app.u*' -T kind.deep_x
--table='kind.mood_list' --exclude-table='kind.mood_any'
-e hstore
-e pg_trgm
-e hstore --exclude-table-data=public.config
--extension='*' -n kind
--exclude-table-data=app.users
--exclude-table-data=kind.mv1 --exclude-table-data=app.down
--exclude-table-data='kind.deep*' --exclude-table-data='*.mood*'
-s
-s -b
--schema-only -n app
-B
--no-blobs -n app
-O
-x
--no-acl
--no-comments
--no-publications
--no-subscriptions
--no-security-labels
--no-tablespaces
--no-table-access-method
--no-toast-compression
--no-unlogged-table-data
--load-via-partition-root
-C
-C -O -x
--no-comments --no-publications --no-subscriptions -O -x -n app -T app.b
FILTERS
# these change nothing here
for filter in --blobs --role=postgres --strict-names --lock-wait-timeout=1h; do
	like_pg_dump "$filter"
	same_file want all "$filter: all of it"
done

# pg_restore has no such option, and writes owners as they are
pgdumpz --quote-all-identifiers "$db" | gunzip -c >text
ok '--quote-all-identifiers: in the schema' \
	grep -q '^CREATE TABLE "app"."users" ($' text
ok 'and where there are rows' grep -q '^COPY "app"."types" ("f8", ' text
essence <text | tr -d '"' | sort >got
pg_dump --quote-all-identifiers "$db" | essence | tr -d '"' | sort >want
same_file got want 'and all of it'

# --- globals

like_dumpall() {
	pgdumpz --globals "$@" | gunzip -c | essence >got
	pg_dumpall --globals-only "$@" | essence >want
	same_file got want "--globals $*: as pg_dumpall does"
	ok "--globals $*: there is something" test -s want
}
sql_in postgres "CREATE ROLE \"$db role\" PASSWORD 'x';
	ALTER ROLE \"$db role\" SET work_mem = '7MB';
	COMMENT ON ROLE \"$db role\" IS E'role\\n\\\\! touch pwned';
	GRANT t_reader TO \"$db role\" WITH ADMIN OPTION;
	GRANT CREATE ON TABLESPACE $space TO t_reader"
like_dumpall
cp want all
for filter in --no-role-passwords --no-comments --no-tablespaces -x; do
	like_dumpall $filter
	not_ok "--globals $filter: has an effect" cmp -s want all
done
like_dumpall --role=postgres
for filter in -s --schema=app -C --load-via-partition-root; do
	run pgdumpz --globals "$filter"
	status_is 2 "--globals $filter: refused"
	err_like "can't be used with --globals" 'and told why'
	out_is '' 'with no output'
done
run pgdumpz --no-role-passwords "$db"
status_is 2 '--no-role-passwords without --globals: refused'
sql 'DROP TABLE kind.apart'
sql_in postgres "DROP TABLESPACE $space"
sql_in postgres "DROP ROLE \"$db role\""
no_file pwned
no_children_left
no_temp_left
done_testing
