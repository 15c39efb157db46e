# For scenarios of pgrestorez: what it must not leave behind.
# shellcheck shell=sh

# Databases of runs that have not ended, or were killed.
temps() {
	sql_in postgres "SELECT datname FROM pg_database
		WHERE datname ~ '^pgrestorez_' ORDER BY 1"
}

# in_temp LIKE: does a query like that run in a temporary database?
in_temp() {
	[ "$(sql_in postgres "SELECT count(*) > 0 FROM pg_stat_activity
		WHERE datname ~ '^pgrestorez_' AND query LIKE '$1'")" = t ]
}

exists() {
	[ "$(sql_in postgres "SELECT count(*) FROM pg_database
		WHERE datname = '$1'")" = 1 ]
}

# nothing_restored DB: a restore into it has failed, and cleaned up
nothing_restored() {
	not_ok "there is no database $1" exists "$1"
	is "$(temps)" '' 'no temporary database is left'
	no_children_left
	no_temp_left
}

# fails STATUS ERE NAME FILE [OPTION...]: into the database $new
fails() {
	want=$1 message=$2 what=$3 file=$4
	shift 4
	run sh -c 'f=$1; shift; exec pgrestorez "$@" <"$f"' - "$file" -d "$new" "$@"
	status_is "$want" "$what fails"
	err_like "$message" "$what: the message says why"
	nothing_restored "$new"
}

# make_bad KIND OLD NEW...: bad.gz is dump.sql.gz with another text, see reseal.py
make_bad() {
	"$tests/reseal.py" "$@" <dump.sql.gz >bad.gz || diag 'cannot change it'
}
