# For restore-db.sh: which backups there are, and the one that is meant.
# Variables that functions share, beside those of driver-names.sh:
#   only, before, backup, source   what was asked for
#   found, place       the name of the backup that is meant; local or remote
#   where              its path or URI
#   stamp, age         when it was made, and how many seconds ago
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # shared

# --before as the date in a name: what is left out is zero.
take_before() {
	digits=$(printf %s "$before" | tr -d ' :TZ_-')
	case ${before%Z} in
	????-??-?? | ????-??-???*:* | ????????_??????) ;;
	*) digits=bad ;;
	esac
	case $digits in
	*[!0-9]* | ????????????????*) digits=bad ;;
	????????) digits=${digits}000000 ;;
	????????????) digits=${digits}00 ;;
	esac
	printf '%s\n' "$digits" | awk '{
		m = substr($0, 5, 2) + 0
		d = substr($0, 7, 2) + 0
		exit length($0) != 14 || m < 1 || m > 12 || d < 1 || d > 31 ||
			substr($0, 9, 2) + 0 > 23 || substr($0, 11, 2) + 0 > 59 ||
			substr($0, 13, 2) + 0 > 60
	}' || bad_usage "'$before' is no time such as '2026-11-20 03:00' (UTC)"
	limit=${digits%??????}_${digits#????????}
}

# take_source DB: as take_names, also for one that DB_NAME lacks.
take_source() {
	take_names "$1"
	grep -qxF -e "$1" "$work/databases" && return
	label=$1 name=$(encode "$1")
}

# Whose backups are meant: $work/sources.
check_sources() {
	[ -n "$BACKUP_DIR$S3_BUCKET" ] || bad_configuration \
		'there is neither BACKUP_DIR nor S3_BUCKET' 'set where backups are'
	[ "$only" != remote ] || [ -n "$S3_BUCKET" ] || bad_configuration \
		'there is no S3_BUCKET' 'set it; a drill reads what is there'
	[ "$only" != local ] || [ -n "$BACKUP_DIR" ] || bad_configuration \
		'there is no BACKUP_DIR' 'set it, or leave out --local'
	if [ -n "$backup" ]; then
		name=${backup##*/} name=${name%%.sql.gz*}
		decode "${name%_????????_??????}"
	elif [ -n "$source" ]; then
		printf '%s\n' "$source"
	elif [ "$mode" != restore ] || [ "$(wc -l <"$work/databases")" -eq 1 ]; then
		cat "$work/databases"
	elif ! grep -xF -e "$target" "$work/databases"; then
		bad_configuration 'DB_NAME names several databases' \
			'say whose backup is meant: --name NAME'
	fi >"$work/sources"
}

# list_there: lines "STAMP PLACE SIZE AGE NAME" of $name's backups, the newest
# first, and the local copy before the remote one.
list_there() {
	: >"$work/files"
	: >"$work/remote"
	if [ "$only" != remote ] && [ -d "$BACKUP_DIR" ]; then
		for own in $(own_files); do
			echo "$(size_of "$BACKUP_DIR/$own") $own"
		done >"$work/files"
	fi
	if [ "$only" != local ] && [ -n "$S3_BUCKET" ]; then
		list_remote
		listed=$?
	else
		listed=0
	fi
	{
		sed 's/^/local /' "$work/files"
		sed 's/^/remote /' "$work/remote"
	} | awk -v now="$(date +%s)" -v skip="${#name}" "$awk_epoch"'
		$2 > 0 {
			stamp = substr($3, skip + 2, 15)
			print stamp, $1, $2, now - epoch(stamp), $3
		}' | sort -k 1,1r -k 2,2 >"$work/there"
	return $listed
}

# Seconds of a date in a name; the calendar is that of Fliegel and Van Flandern.
awk_epoch='
	function epoch(s,    y, m, a, days) {
		a = int((14 - substr(s, 5, 2)) / 12)
		y = substr(s, 1, 4) + 4800 - a
		m = substr(s, 5, 2) + 12 * a - 3
		days = substr(s, 7, 2) + int((153 * m + 2) / 5) + 365 * y - 2472633
		days += int(y / 4) - int(y / 100) + int(y / 400)
		return days * 86400 + substr(s, 10, 2) * 3600 \
			+ substr(s, 12, 2) * 60 + substr(s, 14, 2)
	}'

list_failed() { # list_failed STATUS
	[ -z "$BACKUP_DIR" ] || [ "$mode" = drill ] ||
		set -- "$1" 'hint=for what is in BACKUP_DIR, use --local'
	fail "$1" list.failed "db=$db" "bucket=$S3_BUCKET" ${2:+"$2"}
}

list_one() {
	list_there
	listed=$?
	awk '{
		a = $4 < 0 ? -$4 : $4
		if (a < 172800)
			age = sprintf("%dh %02dm", a / 3600, a % 3600 / 60)
		else
			age = sprintf("%dd %02dh", a / 86400, a % 86400 / 3600)
		printf "%9s %13s %6s  %s%s\n", age, $3, $2, $5,
			$4 < 0 ? "  (dated ahead of the clock)" : ""
	}' "$work/there"
	[ "$listed" = 0 ] || list_failed "$listed"
}

# --- the one that is meant

choose_backup() {
	found='' place='' where='' stamp='' age=''
	case $backup in
	'') choose_newest || return ;;
	s3://*) found=${backup##*/} place=remote where=$backup ;;
	*/*) found=${backup##*/} place=local where=$backup ;;
	*) choose_named || return ;;
	esac
	learn_age
	check_backup
}

# None that is dated ahead of the clock by more than a day: its date is wrong.
choose_newest() {
	list_there || {
		list_failed $?
		return 1
	}
	awk -v limit="${limit:-}" '{
		if ($4 < -93600) {
			print "ahead", $5
		} else if (limit == "" || $1 < limit) {
			print $2, $5
			exit
		}
	}' "$work/there" >"$work/chosen"
	sed -n 's/^ahead //p' "$work/chosen" >"$work/ahead"
	while IFS= read -r odd <&4; do
		event backup.ahead "db=$db" "name=$odd" level=warn \
			'reason=it is dated ahead of the clock, and passed over'
	done 4<"$work/ahead"
	set_found "$(grep -v '^ahead ' "$work/chosen")" || missing \
		"there is no backup${before:+ before $before}"
}

choose_named() {
	: >"$work/chosen"
	if [ "$only" != remote ] && [ -n "$BACKUP_DIR" ] &&
		[ -f "$BACKUP_DIR/$backup" ]; then
		echo "local $backup" >"$work/chosen"
	elif [ "$only" != local ] && [ -n "$S3_BUCKET" ]; then
		run_tool s3ls "${S3_BUCKET%/}/$backup" || {
			list_failed $?
			return 1
		}
		awk -v "name=$backup" '$4 == name { print "remote", $4 }' \
			"$work/out" >"$work/chosen"
	fi
	set_found "$(cat "$work/chosen")" || missing "there is no backup '$backup'"
}

set_found() { # set_found "PLACE NAME"
	place=${1%% *} found=${1#* }
	case $place in
	local) where=$BACKUP_DIR/$found ;;
	remote) where=${S3_BUCKET%/}/$found ;;
	*) return 1 ;;
	esac
}

missing() { # missing REASON
	case $only in
	local) set -- "$1 in BACKUP_DIR" ;;
	remote) set -- "$1 in S3_BUCKET" ;;
	esac
	fail 1 backup.missing "db=$db" "reason=$1" \
		'hint=see what there is: restore-db.sh --list'
	return 1
}

learn_age() {
	stamp=${found%%.sql.gz*}
	stamp=${stamp#"${stamp%???????????????}"}
	case $stamp in
	*[!0-9_]* | '') stamp='' ;;
	*) age=$(echo "$stamp" | awk -v now="$(date +%s)" \
		"$awk_epoch"'{ print now - epoch($0) }') ;;
	esac
}

check_backup() {
	is_encrypted=''
	case $found in
	*.age | *.gpg | *.enc)
		is_encrypted=yes
		[ -n "$DECRYPT_CMD" ] || bad_configuration \
			"'$found' is encrypted, and there is no DECRYPT_CMD" \
			'set it to the reverse of ENCRYPT_CMD'
		;;
	esac
	[ "$place" = remote ] || { [ -f "$where" ] && [ -r "$where" ]; } ||
		missing "'$where' is no file that $(id -un) can read"
}

check_age() {
	stale=''
	run_tool s3ls --name="$label" --max-age="${max_age:-26h}" || {
		fail $? backup.stale "db=$db" \
			'hint=find out why backups have stopped; see --max-age'
		stale=yes
	}
}
