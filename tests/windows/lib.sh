# For the scenarios of the .exe files and .bat drivers, after lib.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables shared with lib.sh
#
#   use_wine           Wine; NAME.exe of WINDOWS_BIN are commands from here on,
#                      in pipelines too, beside the tools of this system
#   win PATH           the path as Windows has it, Z:\...
#   windows_env NAME   that variable as a program there sees it
#   pipe ARG...        pipe.exe: see the head of pipe.c; sets $status,
#                      $statuses (of all stages), fills $out and $err
#   use_clients        PostgreSQL's own .exe files, in Program Files
#   wine_cmd ARG...    cmd.exe
#
# TEMP there is $T/tmp, so that no_temp_left sees it.

WINDOWS_BIN=$(cd "${WINDOWS_BIN:-$tests/../build-windows/bin}" && pwd)
bin=$(cd "${UNIX_BIN:-$tests/../bin}" && pwd)
PATH=$bin:$PATH
pipe=$WINDOWS_BIN/../pipe.exe
export WINDOWS_BIN

win() {
	printf 'Z:%s\n' "$1" | tr / '\134'
}

use_wine() {
	use_server wine "${PGDUMPZ_TEST_WINE:-}"
	mkdir "$T/exe"
	for file in "$WINDOWS_BIN"/*.exe; do
		ln -s "$tests/windows/exe" "$T/exe/${file##*/}"
	done
	PATH=$T/exe:$PATH
	WINETEMP=$(win "$T/tmp")
	WINETMP=$WINETEMP
	WINEPATH=$(win "$WINDOWS_BIN")
	export WINETEMP WINETMP WINEPATH
}

# As lib.sh has it; what Wine did not start is noted for tests/one.
run() {
	"$@" >"$out" 2>"$err"
	status=$?
	[ -z "${WINE_UNSTARTED:-}" ] ||
		grep "^Can't recognize 'step " "$err" >>"$WINE_UNSTARTED"
}

# The prefix may be shared: somebody else can be quicker.
use_clients() {
	[ -x "${WINDOWS_PG_BIN:=$("$tests/../windows/libs.sh")/bin}/pg_dump.exe" ] || {
		echo "Bail out! no pg_dump.exe in $WINDOWS_PG_BIN"
		exit 1
	}
	mkdir -p "$WINE_C/Program Files/PostgreSQL/15"
	ln -sn "$WINDOWS_PG_BIN" "$WINE_C/Program Files/PostgreSQL/15/bin" 2>/dev/null ||
		[ -e "$WINE_C/Program Files/PostgreSQL/15/bin" ]
}

wine_cmd() {
	"$WINE" 'C:\windows\system32\cmd.exe' "$@"
}

windows_env() {
	wine_cmd /c "echo %$1%" </dev/null | tr -d '\r'
}

pipe() {
	run timeout 300 "$WINE" "$pipe" -r report "$@"
	statuses=$(tr -d '\r' <"$T/report" | tr '\n' ' ')
	statuses=${statuses% }
}
