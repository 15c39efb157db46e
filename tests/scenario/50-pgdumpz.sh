# For scenarios of pgdumpz: databases to dump, and comparing two of them.
# shellcheck shell=sh

# Roles belong to the cluster, which scenarios may share.
make_roles() {
	for role in t_owner t_reader; do
		sql_in postgres "CREATE ROLE $role" 2>/dev/null ||
			sql_in postgres "SELECT '$role'::regrole" >/dev/null
	done
}

# fill_db DB [more]: one of everything, see 50-pgdumpz.sql, 50-pgdumpz-kinds.sql
fill_db() {
	make_roles
	big=400000
	[ -z "${2:-}" ] || big=1000
	psql -XqAt -v ON_ERROR_STOP=1 -v big=$big -d "$1" \
		-f "$tests/scenario/50-pgdumpz.sql" \
		${2:+-f "$tests/scenario/50-pgdumpz-kinds.sql"} >/dev/null || exit 1
}

# empty_db: a database to restore into, named by $target; in $encoding
empty_db() {
	target=$db.r$((fresh_count += 1))
	sql_in postgres "CREATE DATABASE \"$target\" TEMPLATE template0
		${encoding:+LOCALE 'C' ENCODING $encoding}"
}

# restore FILE DB, as a user would
restore() {
	gunzip -c "$1" | psql -Xq -v ON_ERROR_STOP=1 -d "$2" >/dev/null
}

# The text of every value must not depend on the database's settings.
plain() {
	PGOPTIONS="-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres
		-c bytea_output=hex -c extra_float_digits=3 -c search_path=
		-c xmloption=content -c statement_timeout=0
		-c standard_conforming_strings=on -c quote_all_identifiers=off
		-c client_encoding=${encoding:-UTF8}" "$@"
}

schema_of() {
	plain pg_dump --schema-only "$@" | grep -av '^\\\(un\)\?restrict'
}

# A line for each table (a partitioned one as a whole), sequence, and object.
rows_of() {
	plain psql -XqAt -v ON_ERROR_STOP=1 -d "$1" <<'SQL'
SELECT format('SELECT %L, pg_catalog.count(*), pg_catalog.md5(
	pg_catalog.string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C"))
	FROM %s %s t', c.oid::regclass, CASE c.relkind WHEN 'p' THEN '' ELSE
	'ONLY' END, c.oid::regclass) FROM pg_class c
	WHERE c.relkind IN ('r', 'm', 'p') AND NOT c.relispartition
	AND (c.relkind <> 'm' OR c.relispopulated)
	AND c.relnamespace::regnamespace::text !~ '^pg_|^information_schema$'
	ORDER BY c.oid::regclass::text COLLATE "C"
\gexec
SELECT format('SELECT %L, last_value, is_called FROM %s', oid::regclass,
	oid::regclass) FROM pg_class WHERE relkind = 'S'
	ORDER BY oid::regclass::text COLLATE "C"
\gexec
SELECT oid, lomowner::regrole, lomacl, length(lo_get(oid)), md5(lo_get(oid)),
	obj_description(oid, 'pg_largeobject')
	FROM pg_largeobject_metadata ORDER BY oid;
SQL
}

# same_db A B NAME
same_db() {
	schema_of "$1" >"$T/schema.a"
	schema_of "$2" >"$T/schema.b"
	same_file "$T/schema.a" "$T/schema.b" "$3: schema"
	rows_of "$1" >"$T/rows.a"
	rows_of "$2" >"$T/rows.b"
	same_file "$T/rows.a" "$T/rows.b" "$3: rows, sequences, large objects"
	ok "$3: there is something" test -s "$T/schema.a" -a -s "$T/rows.a"
}

as_super() {
	"$@"
}

as_tester() {
	env PGUSER=tester PGPASSWORD="$PG_TESTER_PASSWORD" "$@"
}

# restore_as WHO FILE: into a new database of WHO's; its name goes to $target,
# what psql complains of to the file "complaints"
restore_as() {
	empty_db
	[ "$1" != as_tester ] ||
		sql_in postgres "ALTER DATABASE \"$target\" OWNER TO tester"
	"$1" psql -Xq -d "$target" <"$2" >/dev/null 2>complaints
}

# twins NAME DUMPER RESTORER [FILTER]...: dump $db by pgdumpz and by pg_dump,
# restore both, compare; $ours and $theirs are the databases.
twins() {
	name=$1 dumper=$2 restorer=$3
	shift 3
	run "$dumper" sh -c 'pgdumpz "$@" | gzverify -o ours.gz' - "$@" "$db"
	status_is 0 "$name: dumped"
	err_is '' "$name: without a word"
	"$dumper" pg_dump -E "${encoding:-UTF8}" "$@" "$db" >theirs.sql
	gunzip -c ours.gz >ours.sql
	restore_as "$restorer" ours.sql
	ours=$target
	sort complaints >complaints.ours
	restore_as "$restorer" theirs.sql
	theirs=$target
	sort complaints >complaints.theirs
	same_file complaints.ours complaints.theirs "$name: complaints"
	same_db "$ours" "$theirs" "$name"
}

# look_at DB: every kind of object, a line each, in the file DB.look
look_at() {
	plain psql -XqAt -v ON_ERROR_STOP=1 -d "$1" \
		-f "$tests/scenario/50-pgdumpz-look.sql" >"$1.look"
}

# look DB KIND: what look_at() has found of it
look() {
	awk -v kind="== $2" '/^== / { on = $0 == kind; next } on' "$1.look" |
		LC_ALL=C sort
}

# wait_query DB PATTERN [EVENT]: until a query like PATTERN runs in DB; with EVENT
# (Lock), until it waits for one of that type
wait_query() {
	wait_for sh -c '[ "$(psql -XAtq -d postgres -c "SELECT count(*) > 0
		FROM pg_stat_activity WHERE datname = '"'$1'"' AND pid <>
		pg_backend_pid() AND query LIKE '"'$2'"' AND
		coalesce(wait_event_type, '"''"') LIKE '"'${3-%}'"'")" = t ]'
}

# slow_bin DIR SECONDS: a --pg-bin whose pg_dump waits before it begins
slow_bin() {
	mkdir -p "$1"
	for tool in pg_restore pg_dumpall; do
		ln -sf "$PG_SERVER_BIN/$tool" "$1/$tool"
	done
	cat >"$1/pg_dump" <<-E
		#!/bin/sh
		case \$1 in
		--version) ;;
		*)
			: >>"$T/pg_dump.started"
			exec python3 -c 'import os, sys, time
		time.sleep($2)
		os.execv(sys.argv[1], sys.argv[1:])' \
				"$PG_SERVER_BIN/pg_dump" "\$@" ;;
		esac
		exec "$PG_SERVER_BIN/pg_dump" "\$@"
	E
	chmod +x "$1/pg_dump"
}

# gated_bin DIR PROGRAM: a --pg-bin whose PROGRAM, when it is run for the Nth
# time, waits for a file go.N or go.all.
gated_bin() {
	mkdir -p "$1"
	for tool in pg_dump pg_restore pg_dumpall; do
		ln -sf "$PG_SERVER_BIN/$tool" "$1/$tool"
	done
	rm "$1/$2"
	cat >"$1/$2" <<-E
		#!/bin/sh
		if [ "\$1" != --version ]; then
			echo >>"$T/$2.started"
			n=\$(wc -l <"$T/$2.started")
			until [ -e "$T/go.\$n" ] || [ -e "$T/go.all" ]; do
				sleep 0.05
			done
		fi
		exec "$PG_SERVER_BIN/$2" "\$@"
	E
	chmod +x "$1/$2"
}

# has_started PROGRAM N: has the gated one been run N times?
has_started() {
	[ "$(wc -l <"$T/$1.started")" -ge "$2" ]
}

# Nothing of a dump that has failed is left, and its output is not sealed.
nothing_remains() { # FILE
	gzverify "$1" >/dev/null 2>&1
	is $? 1 'what was written is not sealed'
	no_children_left
	no_backends_left "$db"
	no_temp_left
}
