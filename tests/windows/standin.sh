# For scenarios of both drivers, after lib.sh of windows: stand-ins for the tools,
# but for withconf, auditlog and step.  See standin.c for what they do.
# shellcheck shell=sh disable=SC2034,SC2154 # shared with lib.sh
#
#   use_standins        in unix.tools and windows.tools, with the drivers
#   fresh               they succeed, and nothing is there
#   answer TOOL LINE... what it does from now on, call by call
#   earlier NAME        a file of a night before
#   prepare SYSTEM HERE LINE...
#                       a directory $T/SYSTEM, which the driver knows as HERE,
#                       with a configuration: @/ in a LINE is in that directory
#   the_same WHAT FILE  both systems have the same, but for paths, times and
#                       what belongs to a machine
#   backup_bat [ARG...] backup-db.bat with $T/windows/conf; sets $status

use_standins() {
	for name in $(env | sed -n 's/^\(AWS_[A-Z0-9_]*\|PG[A-Z]*\|S3_BUCKET\)=.*/\1/p'); do
		unset "$name"
	done
	STANDIN_VERSION=$(auditlog --version | sed 's/.* //')
	export STANDIN_VERSION
	mkdir unix.tools "$T/windows tools é"
	windows_tools="$T/windows tools é"
	ok 'stand-ins for here' cc -o standin "$tests/windows/standin.c"
	ok 'and for there' x86_64-w64-mingw32-gcc-posix -static -include io.h \
		-DBINARY='_setmode(1, 0x8000)' -o standin.exe \
		"$tests/windows/standin.c"
	for tool in pgdumpz gzverify s3put s3ls s3prune keeplocal alertmail pingurl; do
		cp standin "unix.tools/$tool"
		cp standin.exe "$windows_tools/$tool.exe"
	done
	cp "$bin"/*.sh "$bin/withconf" "$bin/auditlog" unix.tools/
	for tool in withconf auditlog step; do
		cp "$WINDOWS_BIN/$tool.exe" "$windows_tools/"
	done
	cp "$tests/../bin/backup-db.bat" "$windows_tools/"
}

answer() {
	tool=$1
	shift
	printf '%s\n' "$@" >"answers/$tool"
}

earlier() {
	echo "$1" >>answers/earlier
}

fresh() {
	rm -rf answers
	mkdir answers
	: >answers/earlier
	printf '%s\n' '{"sha256":"5ea1","tables":[{"rows":3},{"rows":40}]}' \
		>answers/gzverify.out
	printf 'server 15\tpg_dump 15\t1000\n' >answers/pgdumpz.out
}

prepare() {
	system=$1
	here=$(printf %s "$2" | sed 's/\\/\\\\/g')
	shift 2
	rm -rf "$system"
	mkdir "$system" "$system/backups" "$system/tmp"
	cp answers/* "$system/"
	while read -r file; do
		printf whole >"$system/backups/$file"
	done <answers/earlier
	printf '%s\n' "$@" | sed "s,@/,$here/,g" >"$system/conf"
	chmod 600 "$system/conf"
}

the_same() {
	normalize <"unix/$2" >unix.plain
	normalize <"windows/$2" >windows.plain
	is "$(diff unix.plain windows.plain)" '' "$1"
}

# Also quotes that only a backslash asks for.
normalize() {
	sed -E -e 's,\\+,/,g' -e "s,(Z:)?$T/(unix|windows),DIR,g" \
		-e 's/_20[0-9]{6}_[0-9]{6}\.sql/_TIME.sql/g' \
		-e 's/^20[^ ]*Z //' -e 's/"//g' \
		-e 's/ run=[^ ]*//' -e 's/ (pid|kib|host|user|record|seconds|age_seconds)=[^ ]*//g' \
		-e 's/(seconds|host|prev|time|run):[^,}]*//g' \
		-e 's/hint=(mount it|connect its disk|chown|let)[ ,].*/hint=/' \
		-e 's/we run as .*/we run as/' \
		-e '/^# HELP|^# TYPE/d' -e 's/(_timestamp_seconds|_duration_seconds)(.*) .*/\1\2/'
}

backup_bat() {
	STANDIN_DIR=$(win "$T/windows") WINETEMP=$(win "$T/windows/tmp") \
		WINETMP=$(win "$T/windows/tmp") run "$WINE" \
		"$(win "$windows_tools/backup-db.bat")" \
		-c "$(win "$T/windows/conf")" "$@" </dev/null
}
