#!/bin/sh
# Run unit tests, and the scenarios that have a line "# valgrind", under
# valgrind: an error of memory or a definite leak fails the test.
set -eu
cd "$(dirname "$0")/.."
BIN=$(cd "${BIN:-bin}" && pwd)
wrapped=$(mktemp -d)
trap 'rm -rf "$wrapped"' EXIT
# no freeres: in a forked child it would print what the parent has buffered
checker='valgrind -q --vgdb=no --error-exitcode=99 --run-libc-freeres=no
	--run-cxx-freeres=no --leak-check=full --show-leak-kinds=definite
	--errors-for-leak-kinds=definite --child-silent-after-fork=yes'
checker=$(echo "$checker" | tr '\n\t' '  ')
for tool in "$BIN"/*; do
	[ -f "$tool" ] && [ -x "$tool" ] || continue
	printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$checker" "$tool" \
		>"$wrapped/${tool##*/}"
	chmod +x "$wrapped/${tool##*/}"
done
TEST_INSTRUMENTED=1 WRAP=$checker BIN=$wrapped tests/run --with valgrind
