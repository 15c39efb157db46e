#!/bin/sh
# A throw-away Windows: a Wine prefix with its server, for programs of ours.
#
#   dir=$(tests/servers/wine.sh start $$)   belongs to this shell, ends with it
#   . "$dir/env"                            WINE WINEPREFIX ...
#   tests/servers/wine.sh stop "$dir"
#
# $WINE x.exe ARGS runs there, and sees the environment but for PATH, HOME, TEMP
# and TMPDIR: WINEPATH and WINETEMP become PATH and TEMP.  WINE_C is where drive
# C: is; Z: is the root of all files.  Whatever runs in the prefix is ended with
# it.  Wine reads the names of files by the locale.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
wine=/usr/lib/wine/wine64 server=/usr/lib/wine/wineserver64

# Two that start at once, as the first program would do it, quarrel.
start_server() {
	"$server" -f -p 9>&- &
	until [ -S "$(echo "$1"/wine-*/server-*/socket)" ]; do
		kill -0 $! || return 1
		sleep 0.05
	done
}

# A program that stays: without one, Windows' services end and start with every
# command.  It waits for a line that never comes.
stay() {
	"$wine" 'C:\windows\system32\cmd.exe' /c 'set /p line=' <"$1/never" &
}

# What the registry says goes before what a test says.
unset_temp() {
	for name in TEMP TMP; do
		"$wine" reg delete 'HKCU\Environment' /v $name /f &&
			"$wine" reg delete 'HKLM\System\CurrentControlSet\Control\Session Manager\Environment' \
				/v $name /f || return 1
	done
}

# Debian's Wine finds its server by TMPDIR, which scenarios have for themselves.
make_command() {
	cat >"$1/wine" <<-X && chmod 755 "$1/wine"
		#!/bin/sh
		TMPDIR='$1' exec '$wine' "\$@"
	X
}

serve() {
	trap 'WINEPREFIX="$1/prefix" "$server" -k; wait; exit 0' TERM
	[ -x "$wine" ] || fail "$1" "no wine64 is installed"
	unset DISPLAY WINEPATH WINETEMP
	export TMPDIR="$1" WINEPREFIX="$1/prefix" WINEARCH=win64 WINEDEBUG=-all
	export WINEDLLOVERRIDES='mscoree,mshtml,winemenubuilder.exe=' LC_ALL=C.UTF-8
	mkdir "$WINEPREFIX" && mkfifo "$1/never" || fail "$1" "cannot make a pipe"
	exec 9<>"$1/never"
	start_server "$1" || fail "$1" "cannot start wineserver"
	"$wine" wineboot -i 9>&- || fail "$1" "cannot make a prefix"
	stay "$1"
	make_command "$1" || fail "$1" "cannot write to $1"
	unset_temp || fail "$1" "cannot unset TEMP"
	publish "$1" <<-X
		export WINE='$1/wine' WINEPREFIX='$WINEPREFIX'
		export WINE_C='$WINEPREFIX/drive_c' WINEARCH=win64 WINEDEBUG=-all
		export WINEDLLOVERRIDES='$WINEDLLOVERRIDES' LC_ALL=C.UTF-8
		unset DISPLAY
	X
	wait
}

case ${1:-} in
start) begin "${2:?owner process id}" wine ;;
stop) end "${2:?directory}" ;;
serve) serve "$2" ;;
*) die "usage: wine.sh start OWNER_PID | stop DIR" ;;
esac
