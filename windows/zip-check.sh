#!/bin/sh
# zip-check.sh ZIP TOOL...: fail unless the zip holds what it should, and nothing else.
set -eu

zip=$1
shift
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
failed=0

bad() {
	echo "zip-check: $*" >&2
	failed=1
}

python3 -m zipfile -e "$zip" "$dir"
cd "$dir"
{
	for tool in "$@"; do
		echo "pgdumpz/bin/$tool.exe"
	done
	cd "$OLDPWD"
	for file in bin/*.bat bin/*.sql README.md etc/backup.conf.example \
		etc/windows-*.xml; do
		[ ! -e "$file" ] || echo "pgdumpz/$file"
	done
	for page in man/*; do
		echo "pgdumpz/doc/${page##*/}.txt"
	done
	echo pgdumpz/licences/versions.txt
} | sort >"$dir/wanted"
find pgdumpz -type f ! -path '*/licences/*/*' | sort >found
diff wanted found || bad "these files are missing (<) or unexpected (>)"

for name in curl expat gcc jansson libdeflate mingw-w64 openssl postgresql-15 zlib; do
	[ -s pgdumpz/licences/$name/debian-copyright.txt ] ||
		bad "there is no licence of $name"
done

# shellcheck disable=SC2044 # names without blanks
for file in $(find pgdumpz -name '*.txt' -o -name '*.bat' -o -name '*.example' \
	-o -name '*.md' -o -name '*.xml' -o -name '*.sql'); do
	! grep -v -q "$(printf '\r')\$" "$file" || bad "$file: a line without CR"
	! grep -q "$(printf '\b')" "$file" || bad "$file: characters struck over"
done
for file in pgdumpz/etc/*.xml; do
	python3 -c 'import sys, xml.dom.minidom as d; d.parse(sys.argv[1])' "$file" ||
		bad "$file: is not XML"
done
for file in pgdumpz/bin/*.exe; do
	! grep -q -e /tmp/ -e pgdumpz-windows/ "$file" ||
		bad "$file: names a directory of the machine that built it"
done
exit "$failed"
