#!/bin/sh
# zip.sh BIN LIBS STAGE ZIP: what is installed on Windows, as a zip whose only directory
# is "pgdumpz".  STAGE is made anew.  Text gets the line ends of Windows.  The same
# inputs make the same bytes.
set -eu

: "${SOURCE_DATE_EPOCH:=315532800}"	# 1980, where zip's time begins
export SOURCE_DATE_EPOCH	# strip and zip.py date by it
bin=$1 libs=$2 stage=$3/pgdumpz zip=$4
here=$(dirname "$0")

text() { # text FROM TO
	sed 's/\r*$/\r/' "$1" >"$2"
}

rm -rf "$3"
mkdir -p "$stage/bin" "$stage/doc" "$stage/etc" "$stage/licences"

for file in "$bin"/*.exe; do
	x86_64-w64-mingw32-strip -o "$stage/bin/${file##*/}" "$file"
done
for file in "$bin"/*.bat "$bin"/*.sql; do
	[ ! -e "$file" ] || text "$file" "$stage/bin/${file##*/}"
done

text README.md "$stage/README.md"
text etc/backup.conf.example "$stage/etc/backup.conf.example"
for file in etc/windows-*.xml; do
	text "$file" "$stage/etc/${file##*/}"
done
for page in man/*.[157]; do
	# bold and underlined characters are struck over one another
	mandoc -T utf8 -O width=78 "$page" | perl -CSD -pe 's/.\x08//g; s/$/\r/' \
		>"$stage/doc/${page##*/}.txt"
done

for dir in "$libs"/licences/*; do
	mkdir "$stage/licences/${dir##*/}"
	for file in "$dir"/*; do
		name=${file##*/}
		text "$file" "$stage/licences/${dir##*/}/${name%.txt}.txt"
	done
done
text "$libs/versions" "$stage/licences/versions.txt"

python3 "$here/zip.py" "$3" "$zip"
