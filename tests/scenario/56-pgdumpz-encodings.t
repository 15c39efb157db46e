#!/bin/sh
# Databases in other encodings than UTF-8, and with settings of their own.
. "${0%/*}/../lib.sh"
# shellcheck source=50-pgdumpz.sh
. "$tests/scenario/50-pgdumpz.sh"
use_pg
make_roles

# make_db ENCODING NAME VALUE: a database with that name and value everywhere
make_db() {
	encoding=$1 n=$2
	fresh_count=$((fresh_count + 1))
	db=t_56_encodings_$$_$fresh_count
	sql_in postgres "CREATE DATABASE \"$db\" ENCODING $1 LOCALE 'C'
		TEMPLATE template0"
	PGCLIENTENCODING=$1 psql -XqAt -v ON_ERROR_STOP=1 -d "$db" <<-E >/dev/null
		CREATE SCHEMA "$n";
		CREATE TYPE "$n"."$n e" AS ENUM ('$n');
		CREATE TABLE "$n"."$n" (id serial, "$n" text DEFAULT '$3',
			"$n 2" "$n"."$n e");
		INSERT INTO "$n"."$n" ("$n 2") VALUES (NULL), ('$n');
		INSERT INTO "$n"."$n" ("$n") SELECT chr(n)
			FROM generate_series(1, 127) n;
		CREATE VIEW "$n"."$n v" AS SELECT '$3'::text AS "$n";
		CREATE FUNCTION "$n"."$n"("$n" text) RETURNS text LANGUAGE sql
			AS 'SELECT ''$3''::text';
		COMMENT ON TABLE "$n"."$n" IS '$3
		\\! touch pwned';
		SELECT lo_create(1);
		COMMENT ON LARGE OBJECT 1 IS '$3';
	E
}

# proven: by pgrestorez, into a database of the same encoding
proven() {
	run sh -c 'pgrestorez --verify -d "$1" <ours.gz' - "$db.back"
	status_is 0 "$encoding: pgrestorez restores it, too"
	same_db "$db.back" "$ours" "$encoding: by pgrestorez"
}

# --- every byte there is, which is no text in any encoding

bytes=$(printf '\200\377\351\134\134\307\042\042')
make_db SQL_ASCII "$(printf 'n\377\200')" "$bytes"
sql "DO 'DECLARE n integer; BEGIN CREATE TABLE bytes (a integer, b text);
	FOR n IN 1..255 LOOP INSERT INTO bytes VALUES (n,
	convert_from(set_byte(''\\x00''::bytea, 0, n), ''SQL_ASCII'')); END LOOP;
	END'"
twins 'SQL_ASCII' as_super as_super
is "$(sql_in "$ours" "SELECT count(*) FROM bytes WHERE
	convert_to(b, 'SQL_ASCII') = set_byte('\\x00'::bytea, 0, a)")" 255 \
	'each byte is restored as it was'
proven
ok 'the manifest names the encoding' grep -qa '"encoding":"SQL_ASCII"' ours.sql
ok 'and has names by their bytes' \
	grep -qaF '"name":"n\u00FF\u0080"' ours.sql

# --- one byte, and several bytes, a character

make_db LATIN1 "$(printf 'Gr\366\337e')" "$(printf '\304\326\334 \251')"
twins 'LATIN1' as_super as_super
proven
encoding=''
restore_as as_super ours.sql
is "$(cat complaints)" '' 'a dump in LATIN1 is restored into UTF-8'
is "$(plain psql -XAtc 'SELECT "Größe" FROM "Größe"."Größe" WHERE id = 1' \
	"$target")" 'ÄÖÜ ©' 'as the same text'
# many rows are loaded in another way than a few
printf 'CREATE TABLE "\374" AS SELECT n, $$\344\366$$::varchar(2) AS a, to_json(
	$$\344$$::text) AS j FROM generate_series(1, 20000) n' |
	PGCLIENTENCODING=LATIN1 psql -Xq "$db"
pgdumpz "$db" >ours.gz
sql_in postgres "CREATE DATABASE \"$db.utf8\" TEMPLATE template0 ENCODING UTF8"
run sh -c 'pgrestorez --force --verify -d "$1" <ours.gz' - "$db.utf8"
status_is 0 'and by pgrestorez into a database in UTF-8 that is there'
is "$(sql_in "$db.utf8" 'SELECT "Größe" FROM "Größe"."Größe" WHERE id = 1')" \
	'ÄÖÜ ©' 'as the same text'
is "$(sql_in "$db.utf8" 'SELECT count(*), a, j::text FROM "ü" GROUP BY 2, 3')" \
	'20000|äö|"ä"' 'in a large table, too'
sql_in postgres "DROP DATABASE \"$db.utf8\""

kanji=$(printf '\311\275') kana=$(printf '\216\261') rare=$(printf '\217\260\241')
make_db EUC_JP "$kanji" "$kanji$kana$rare"
twins 'EUC_JP' as_super as_super
proven
encoding=''
restore_as as_super ours.sql
is "$(cat complaints)" '' 'a dump in EUC_JP is restored into UTF-8'
is "$(plain psql -XAtc 'SELECT "表" FROM "表"."表" WHERE id = 1' "$target")" \
	'表ｱ丂' 'as the same text'
no_file pwned

# --- settings that change what text a value has, or stop a session

fresh_db
sql "CREATE SCHEMA s; CREATE TABLE s.t (z timestamptz, d date, i interval,
	b bytea, f float8, x xml, a text[], m money, s text);
	INSERT INTO s.t VALUES ('2024-03-31 01:30:00+00', '2024-02-03',
	'-1 mons +2 days -03:04:05', '\\x00015c27ff', 0.1::float8 + 0.2,
	'<a/>text', '{NULL,\"NULL\",x}', 5.25, E'back\\\\slash');
	CREATE FUNCTION s.f() RETURNS text LANGUAGE sql AS E'SELECT \$q\$\\\\\$q\$';
	SELECT lo_from_bytea(1, '\\x5c00')" >/dev/null
rows_of "$db" >rows.before
# strange DB: such settings, as a DBA may have made them
strange() {
	for setting in "TimeZone = 'America/St_Johns'" "DateStyle = 'German'" \
		"IntervalStyle = 'sql_standard'" "bytea_output = 'escape'" \
		'extra_float_digits = -15' "xmloption = 'document'" \
		's.x = 1' 'search_path = s, pg_temp' "statement_timeout = '50ms'" \
		"lock_timeout = '50ms'" "idle_in_transaction_session_timeout = '1s'" \
		"idle_session_timeout = '9s'" 'quote_all_identifiers = on' \
		"default_transaction_isolation = 'serializable'" \
		'default_transaction_deferrable = on' 'row_security = off' \
		'standard_conforming_strings = off' 'backslash_quote = off' \
		'escape_string_warning = on' 'enable_tidscan = off' \
		'transform_null_equals = on' 'synchronize_seqscans = on' \
		"client_encoding = 'LATIN1'" "session_replication_role = 'replica'" \
		"$2"; do
		[ -z "$setting" ] || PGOPTIONS='-c statement_timeout=0' \
			sql_in postgres "ALTER DATABASE \"$1\" SET $setting"
	done
}
strange "$db" 'default_transaction_read_only = on'
twins 'a database with settings of its own' as_super as_super
rows_of "$ours" >rows.after
same_file rows.before rows.after 'and the same values'
empty_db
strange "$target" ''
run restore ours.gz "$target"
status_is 0 'restored into one with such settings'
rows_of "$target" >rows.after
same_file rows.before rows.after 'with the same values, too'

# with its settings: as from pg_dump, writing must be allowed by hand
pgdumpz -C "$db" >ours.gz
settings() {
	sql_in postgres "SELECT unnest(setconfig) AS s FROM pg_db_role_setting s
		JOIN pg_database d ON d.oid = setdatabase WHERE datname = '$1'
		ORDER BY s"
}
settings "$db" >settings.before
sql_in postgres "ALTER DATABASE \"$db\" RENAME TO \"$db.old\""
run env PGOPTIONS='-c default_transaction_read_only=off' sh -c \
	'gunzip -c ours.gz | psql -Xq -v ON_ERROR_STOP=1 postgres'
status_is 0 'it is created anew, with its settings'
settings "$db" >settings.after
same_file settings.before settings.after 'all of them'
rows_of "$db" >rows.after
same_file rows.before rows.after 'and the same values'
no_children_left
no_temp_left
done_testing
