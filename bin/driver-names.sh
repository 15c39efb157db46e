# For backup-db.sh and restore-db.sh: names of backups, and what is there.
# Variables that functions share:
#   db, label, name    the database, what its backups are called, and the same
#                      as it stands in names of files and objects
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154,SC2231,SC2012 # shared; plain file names

tab='	'

# --- names

# A database's name as the tools write it in file names and keys.
encode() {
	printf %s "$1" | od -An -v -tu1 | LC_ALL=C awk '{
		for (i = 1; i <= NF; i++) {
			c = sprintf("%c", $i)
			if ($i > 127 || c !~ /[A-Za-z0-9._-]/)
				c = sprintf("%%%02X", $i)
			printf "%s", c
		}
	}'
}

decode() {
	printf '%s\n' "$1" | LC_ALL=C awk '{
		while (match($0, /%[0-9A-F][0-9A-F]/)) {
			high = index("123456789ABCDEF", substr($0, RSTART + 1, 1))
			low = index("123456789ABCDEF", substr($0, RSTART + 2, 1))
			printf "%s%c", substr($0, 1, RSTART - 1), high * 16 + low
			$0 = substr($0, RSTART + 3)
		}
		print
	}'
}

# take_names DB: label is what the tools get as a NAME, name what they make of
# it.
take_names() {
	db=$1 label=$1
	[ -z "$BACKUP_NAME" ] || label=$(decode "$BACKUP_NAME")
	name=$(encode "$label")
}

# The backups of $name in BACKUP_DIR, without the directory; an empty file is
# none.
own_files() {
	d='[0-9]' d=$d$d
	(cd "$BACKUP_DIR" && for own in "${name}_"$d$d$d${d}_$d$d$d.sql.gz \
		"${name}_"$d$d$d${d}_$d$d$d.sql.gz.[aeg][gnp][ecg]; do
		[ ! -f "./$own" ] || [ ! -s "./$own" ] ||
			printf '%s\n' "$own"
	done)
}

size_of() {
	ls -ln "$1" | awk '{ print $5 }'
}

# fact KEY [CHARACTERS]: each of its numbers or sums in what a tool has told as
# JSON.  A name can't pass for one: its quotes are escaped.
fact() {
	grep -oE "[{,]\"$1\":\"?[${2:-0-9a-f}]+" "$work/facts" |
		sed 's/.*[:"]//'
}

# The sizes and names of this backup's objects; a size that differs is another
# file.
list_remote() {
	run_tool s3ls --name="$label" || return
	awk '{ print $3, $4 }' "$work/out" >"$work/remote"
}
