#!/bin/sh
# Run unit tests, and the scenarios that have a line "# valgrind", under
# valgrind: an error of memory or a definite leak fails the test.
set -eu
cd "$(dirname "$0")/.."
BIN=$(cd "${BIN:-bin}" && pwd)
wrapped=$(mktemp -d)
trap 'rm -rf "$wrapped"' EXIT
checker='valgrind -q --error-exitcode=99 --leak-check=full
	--errors-for-leak-kinds=definite --child-silent-after-fork=yes'
checker=$(echo "$checker" | tr '\n\t' '  ')
for tool in "$BIN"/*; do
	[ -f "$tool" ] && [ -x "$tool" ] || continue
	printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$checker" "$tool" \
		>"$wrapped/${tool##*/}"
	chmod +x "$wrapped/${tool##*/}"
done
WRAP=$checker BIN=$wrapped tests/run --with valgrind
