#!/bin/sh
# A database back from its backup, or the proof that it could be: list,
# restore, drill.  See restore-db(1) and pgdumpz.conf(5).
#
# Here is the order of things; restore-find.sh, -load.sh, -into.sh and -tell.sh
# know how each is done, and driver-run.sh, -names.sh and -tell.sh what a backup
# does, too.
# shellcheck disable=SC2034,SC2154,SC2317 # shared, and called by name
set -u
umask 077

self=$(readlink -f -- "$0") || exit 3
here=${self%/*}
PATH=$here:$PATH
export PATH
parts=$here
[ -r "$parts/driver-run.sh" ] || parts=$here/../share/pgdumpz
. "$parts/driver-run.sh" || exit 3
. "$parts/driver-names.sh" || exit 3
. "$parts/driver-tell.sh" || exit 3
. "$parts/restore-find.sh" || exit 3
. "$parts/restore-load.sh" || exit 3
. "$parts/restore-into.sh" || exit 3
. "$parts/restore-tell.sh" || exit 3
driver=restore-db topic=restore
tools='withconf pgrestorez gzverify s3get s3ls auditlog alertmail'
mode=restore target='' source='' backup='' before='' only='' globals=''
max_age='' yes='' no_verify='' no_owner='' no_acl='' stale='' loading=''
ready=''

usage() {
	cat <<-'E'
	usage: restore-db.sh [OPTION]... -d DATABASE [BACKUP]
	       restore-db.sh [OPTION]... --drill [BACKUP]
	       restore-db.sh [OPTION]... --list
	Restore a database, or prove that it could be restored. BACKUP is a name from
	the list, a path or an s3:// URI; the newest one, unless it is given.

	  -d, --dbname=DATABASE  restore into DATABASE, compared with the backup
	      --drill            restore what is in the bucket into a scratch
	                         database, compare all rows, drop it, keep evidence
	      --list             list the backups that there are
	  -n, --name=NAME        those of the database NAME (of DB_NAME)
	      --before=TIME      only older ones: 'YYYY-MM-DD hh:mm', in UTC
	      --local            only those in BACKUP_DIR
	      --remote           only those in S3_BUCKET
	      --globals          restore the newest roles and tablespaces first
	  -y, --yes              do not ask before replacing a database
	      --no-verify        do not compare with the backup
	  -O, --no-owner         whoever restores will own everything
	  -x, --no-acl           no GRANT, no REVOKE
	      --max-age=AGE      a drill fails if the newest is older (26h)
	  -c, --config=FILE      the configuration (PGDUMPZ_CONF,
	                         /etc/pgdumpz/backup.conf)
	  -o, --option=KEY=VALUE goes before what FILE says
	  -q, --quiet            only warnings and errors on standard error
	      --help             print this
	  -V, --version          print the version
	E
}

# --- options

# take_value OPTION LEFT NEXT: $value, and in $took the status of own_option.
take_value() {
	took=0
	case $1 in
	--*=*) value=${1#*=} ;;
	--* | -?)
		[ "$2" -gt 0 ] || bad_usage "$1 needs a value"
		value=$3 took=2
		;;
	*) value=${1#-?} ;;
	esac
	[ -n "$value" ] || bad_usage "the value of ${1%%=*} is empty"
}

own_option() {
	case $1 in
	--drill | --list)
		[ "$mode" = restore ] || bad_usage '--drill and --list exclude each other'
		mode=${1#--}
		;;
	--local | --remote)
		[ -z "$only" ] || bad_usage '--local and --remote exclude each other'
		only=${1#--}
		;;
	--globals) globals=yes ;;
	-y | --yes) yes=yes ;;
	--no-verify) no_verify=yes ;;
	-O | --no-owner) no_owner=yes ;;
	-x | --no-acl) no_acl=yes ;;
	-d* | --dbname | --dbname=*) take_value "$@" && target=$value && return $took ;;
	-n* | --name | --name=*) take_value "$@" && source=$value && return $took ;;
	--before | --before=*) take_value "$@" && before=$value && return $took ;;
	--max-age | --max-age=*) take_value "$@" && max_age=$value && return $took ;;
	'' | -*) return 1 ;;
	*)
		[ -z "$backup" ] || bad_usage "one backup only, not '$1' as well"
		backup=$1
		;;
	esac
}

check_usage() {
	[ -z "$backup" ] || [ -z "$source$before" ] ||
		bad_usage 'a BACKUP needs no --name and no --before'
	[ -z "$max_age" ] || [ "$mode" = drill ] ||
		bad_usage '--max-age is for --drill'
	[ -z "$before" ] || take_before
	case $mode in
	restore)
		[ -n "$target" ] || bad_usage 'no database is named: -d DATABASE'
		case $target in postgres | template0 | template1)
			bad_usage "'$target' is what the server itself needs" ;;
		esac
		;;
	list)
		[ -z "$backup$target$globals" ] ||
			bad_usage '--list takes no BACKUP, no -d and no --globals'
		;;
	drill)
		[ -z "$target$globals" ] ||
			bad_usage '--drill takes no -d and no --globals'
		[ "$only" != local ] && [ -z "$no_verify" ] ||
			bad_usage '--drill takes no --local and no --no-verify'
		case $backup in
		s3://*) ;;
		*/*) bad_usage "--drill reads the bucket, not '$backup'" ;;
		esac
		only=remote
		;;
	esac
}

# A listing disturbs nobody, and a restore may take longer than a backup does.
again() {
	check_usage
	case $mode in
	list) set -- --no-lock -o MAX_RUNTIME=0 "$@" ;;
	restore) set -- -o MAX_RUNTIME=0 "$@" ;;
	esac
	set -- "$@" sh "$self"
	[ "$mode" = restore ] || set -- "$@" "--$mode"
	[ "$mode" = drill ] || set -- "$@" ${only:+"--$only"}
	exec withconf "$@" ${quiet:+-q} ${target:+"--dbname=$target"} \
		${source:+"--name=$source"} ${before:+"--before=$before"} \
		${globals:+--globals} ${yes:+--yes} ${no_owner:+--no-owner} \
		${no_acl:+--no-acl} ${max_age:+"--max-age=$max_age"} \
		${no_verify:+--no-verify} ${backup:+"$backup"}
}

# --- what is done

# What each_source does for every database, or the one that was asked for.
each_source() { # each_source COMMAND
	while IFS= read -r db <&3; do
		take_source "$db"
		"$1"
	done 3<"$work/sources"
}

list() {
	each_source list_one
	take_source globals
	[ -n "$source" ] || list_one
	exit "$verdict"
}

restore_one() {
	choose_backup || return
	look_at_target
	[ -z "$exists" ] || ask
	[ -z "$globals" ] || restore_globals || return
	restore
}

drill_one() {
	if choose_backup; then
		[ -n "$backup$before" ] || check_age
		drill
	else
		add_record action=drill "db=$db" verdict=failed "exit=$verdict" \
			"reason=$(last_reason)" "host=$(uname -n)"
	fi
}

main() {
	check_usage
	# a listing is not an event, and who restores looks on
	[ "$mode" != list ] || quiet=yes LOG_FILE=''
	if [ "$mode" = drill ]; then topic=drill; else ALERT_EMAIL=''; fi
	begin_run sources
	find_records restores
	check_temp
	check_tools
	check_sources
	case $mode in
	list) list ;;
	restore) each_source restore_one ;;
	drill) each_source drill_one ;;
	esac
	end_run
}

start "$@"
main
