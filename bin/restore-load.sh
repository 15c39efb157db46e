# For restore-db.sh: out of where a backup lies, into a server.  Variables that
# functions share, beside those of restore-find.sh:
#   loaded    the exit status that a load stands for
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # shared

psql_as() { # psql_as [OPTION]...: without a word of its own
	LC_ALL=C PGCLIENTENCODING=SQL_ASCII "${PG_BIN:+$PG_BIN/}psql" -XAtqw "$@"
}

# noted FILE COMMAND...: its exit status into $work/FILE; a pipeline tells only
# the last one's.
noted() {
	note=$work/$1
	shift
	rm -f "$note"
	"$@"
	echo $? >"$note"
}

# The backup as it was before its encryption.
open_backup() {
	if [ "$place" = local ]; then
		echo 0 >"$work/fetched"
		decrypt <"$where"
	elif [ -n "$is_encrypted" ]; then
		noted fetched s3get --receipt="$work/got" "$where" | decrypt
	else
		noted fetched s3get --receipt="$work/got" "$where"
	fi
}

decrypt() {
	if [ -n "$is_encrypted" ]; then
		sh -c "$DECRYPT_CMD"
	else
		cat
	fi
}

# blame STATUS: of what read the backup.  When it did not come, that is why; a
# reader that ended early says so itself.
blame() {
	fetched=$(cat "$work/fetched" 2>/dev/null)
	case ${fetched:-3}:$1 in
	0:[0-3]) return "$1" ;;
	4:*) return 4 ;;
	2:*) return 2 ;;
	1:[01]) return 1 ;;
	*:[123]) return "$1" ;;
	*) return 3 ;;
	esac
}

# load OPTION...: for pgrestorez
load() {
	began=$(date +%s)
	: >"$work/got"
	: >"$work/facts"
	[ -n "$no_verify" ] || set -- --verify --json "$@"
	{
		open_backup | pgrestorez ${JOBS:+"--jobs=$JOBS"} \
			${PG_BIN:+"--pg-bin=$PG_BIN"} ${no_owner:+--no-owner} \
			${no_acl:+--no-acl} "$@" >"$work/facts"
	} 2>"$work/said"
	blame $?
	loaded=$?
	return $loaded
}

drill() {
	event drill.start "db=$db" "backup=$where"
	loading=scratch
	load --scratch
	conclude scratch
}

# --- roles and tablespaces

# In memory: they hold the digests of passwords.  So there is a bound.
read_globals() {
	{
		text=$(open_backup | noted checked gzverify |
			noted unpacked gzip -dc | {
			head -c 67108864
			wc -c >"$work/beyond"
		})
	} 2>"$work/said"
	checked=$(cat "$work/checked" 2>/dev/null)
	[ "$(cat "$work/unpacked" 2>/dev/null)" = 0 ] || [ "$checked" != 0 ] ||
		checked=3
	blame "${checked:-3}" || return
	[ "$(tr -d ' ' <"$work/beyond")" != 0 ] || return 0
	text=''
	printf '%s\n' "'$found' holds more than 64 MiB of SQL" "psql: hint: if\
 these are roles and tablespaces, restore them: gunzip -c FILE | psql -X" \
		>"$work/said"
	return 1
}

# What psql said, as "SQLSTATE words"; 00 and 01 begin those of remarks.
globals_errors() {
	sed -n 's/^[^ ]*:  \([0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z]\): /\1 /p' \
		"$work/said" | grep -v '^0[01]'
}

# Does that psql know \restrict?  From 13.22, 14.19, 15.14, 16.10, 17.6, 18 on.
can_restrict() {
	psql_as --version | awk '{
		split("22 19 14 10 6", least, " ")
		n = split($3, v, /[.]/)
		old = v[1] < 13 || (v[1] < 18 && v[2] + 0 < least[v[1] - 12])
		exit old || (v[1] < 19 && n < 2)
	}'
}

# Roles and tablespaces need no command of psql's: it takes none from here on,
# but the one that ends this, which could have another run in backquotes.
put_globals() {
	! can_restrict || printf '\\restrict %s\n' \
		"$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
	printf '%s\n' "$text" | sed -e '/^\\\(un\)\{0,1\}restrict [0-9A-Za-z]*$/d' \
		-e '/\\unrestrict.*`/s/`/'"'/g"
}

run_globals() {
	put_globals | psql_as -v VERBOSITY=verbose -d "$beside" \
		>/dev/null 2>"$work/said"
	ran=$?
	text=''
	existing=$(globals_errors | grep -c '^42710')
	{
		grep -e 'backslash commands are restricted' -e '^.unrestrict: ' \
			"$work/said"
		globals_errors | grep -v '^42710'
	} >"$work/errors"
	[ "$ran" = 0 ] && [ ! -s "$work/errors" ]
}

# Those that exist keep existing (42710), and become as the backup has them.
restore_globals() {
	meant_db=$db meant=$where
	take_source globals
	backup=''
	choose_backup && load_globals
	had=$?
	take_source "$meant_db"
	backup=$meant
	[ "$had" = 0 ] && choose_backup
}

load_globals() {
	event globals.start "name=$found" "place=$place"
	read_globals || {
		fail $? globals.failed "name=$found"
		return 1
	}
	run_globals || {
		fail 3 globals.failed "name=$found" \
			"reason=$(cat "$work/errors" "$work/said" | head -n 1)" \
			'hint=only what exists already may fail; restore as a superuser'
		return 1
	}
	event globals.done "name=$found" "existing=$existing"
}
