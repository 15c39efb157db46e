# For restore-db.sh: the database that is restored into.  Variables that
# functions share:
#   beside    a database to work from
#   exists    not empty: the target is there, and what of it
#   fresh     what the restored one is called until it takes the place
#   kept      what the one that was there is called then
#   ready     not empty: the restored one is whole, and is to take the place
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # shared

# A value in the quotes of libpq and psql, which are the same.
quoted() {
	printf "'%s'" "$(printf '%s\n' "$1" | sed "s/[\\\\']/\\\\&/g")"
}

# sql NAME VARIABLE...: run restore-NAME.sql beside the target; what values
# there are goes the same way, since Windows' arguments can't hold all of them.
sql() {
	{
		statements=$parts/restore-$1.sql
		shift
		for variable; do
			eval "value=\$$variable"
			printf '\\set %s %s\n' "$variable" "$(quoted "$value")"
		done
		cat "$statements"
	} >"$work/statements" 2>"$work/said" || return
	run_tool psql_as -v ON_ERROR_STOP=1 -d "$beside" <"$work/statements"
}

look_at_target() {
	for beside in postgres template1; do
		run_tool psql_as -d "$beside" -c 'SELECT' && break
	done
	sql exists target || give_up server.unreachable "hint=try: psql -d postgres,\
 as the user $(id -un); see DB_HOST, DB_PORT, DB_USER and DB_PASSWORD"
	exists=$(cat "$work/out") fresh=$target kept=''
	[ -n "$exists" ] || return 0
	time=$(date -u +%Y%m%d_%H%M%S)
	sql names target time || give_up server.failed
	{
		IFS= read -r fresh
		IFS= read -r kept
	} <"$work/out"
}

ask() {
	[ -z "$yes" ] || return 0
	[ -t 0 ] || {
		fail 1 target.exists "database=$target" \
			"reason=the database '$target' exists already" \
			'hint=restore under another name, or replace it: --yes'
		end_run
	}
	printf '%s\n' "The database '$target' exists ($exists)." \
		"It would become '$kept', and its sessions would end." >&2
	printf '%s' "Put the backup $found into its place? Then type yes: " >&2
	IFS= read -r answer || answer=''
	[ "$answer" = yes ] || {
		fail 1 target.exists "database=$target" 'reason=the answer was not yes' \
			'hint=nothing was changed'
		end_run
	}
}

restore() {
	event restore.start "db=$db" "backup=$where" "into=$target"
	loading=$target
	# a name that looks like a URI or a conninfo string is still a name
	load --dbname="dbname=$(quoted "$fresh")" || kept=''
	[ "$loaded" != 0 ] || [ -z "$exists" ] || take_place || loaded=3 kept=''
	conclude "$target"
}

# Both names change in one transaction.  Who connects between the end of the
# sessions and the lock is in the way; then once more.  A lost answer may be
# that it was done.
take_place() {
	tries_left=5 ready=yes
	until sql swap target fresh kept || is_swapped; do
		tries_left=$((tries_left - 1))
		if [ "$tries_left" = 0 ] || [ "$there" != apart ]; then
			tell_names
			ready=''
			return 1
		fi
	done
	ready=''
	tell_kept
}

tell_kept() {
	event target.kept "into=$target" "kept=$kept" \
		'text=drop it when the restored one has proven good'
}

# is_swapped: $there is swapped, apart, or nothing when the server can't be
# asked; what was said before stays.
is_swapped() {
	cp "$work/said" "$work/swapping"
	there=''
	sql there fresh kept && there=$(cat "$work/out")
	mv "$work/swapping" "$work/said"
	[ "$there" = swapped ]
}

# What has become of the names, behind what was said.
tell_names() {
	if [ "$there" = apart ]; then
		echo "psql: hint: the restored one is called '$fresh'; rename it"
	else
		echo "psql: hint: see psql -l: if there is '$fresh', that is the" \
			"restored one; if not, '$target' is, and '$kept' what was there"
	fi >>"$work/said"
}
