#!/bin/sh
# imports.sh FILE.exe...: fail unless each needs nothing but what every Windows has.
set -eu

system='advapi32 bcrypt crypt32 gdi32 kernel32 msvcrt secur32 shell32 user32 ws2_32'
failed=0
for file in "$@"; do
	dlls=$(x86_64-w64-mingw32-objdump -p "$file" |
		sed -n 's/^[[:space:]]*DLL Name: //p' | tr '[:upper:]' '[:lower:]')
	[ -n "$dlls" ] || {
		echo "imports: $file: no import found" >&2
		failed=1
	}
	for dll in $dlls; do
		case " $system " in *" ${dll%.dll} "*) continue ;; esac
		echo "imports: $file needs $dll, which is not a part of Windows" >&2
		failed=1
	done
done
exit "$failed"
