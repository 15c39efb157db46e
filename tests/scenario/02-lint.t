#!/bin/sh
# unsanitized
# Each lint fails on what it is there to find, and passes a clean tree.
. "${0%/*}/../lib.sh"
lint=$tests/lint

# --- floors

mkdir -p tree/lib
table() {
	printf '| floor | modules |\n|---|---|\n' >tree/lib/README.md
	printf '%s\n' "$@" >>tree/lib/README.md
}
table '| 0 | `low` the ground |' '| 1 | `mid` one · `other` more |'
for module in low mid other; do
	echo "#include \"$module.h\"" >tree/lib/$module.c
	: >tree/lib/$module.h
done
echo '#include "low.h"' >>tree/lib/mid.c
echo '#include "mid.h"' >tree/lib/mid_posix.c
ok 'floors: a clean tree passes' "$lint/floors" tree
expect_floor() { # expect_floor ERE NAME
	run "$lint/floors" tree
	status_is 1 "floors: $2"
	out_like "$1" 'and the message says so'
}
echo '#include "other.h"' >tree/lib/mid_posix.c
expect_floor "mid_posix.c:1: .*'other' of floor 1" 'an equal floor'
: >tree/lib/mid_posix.c
echo '#include "mid.h"' >tree/lib/low.h
expect_floor "low.h:1: .*'mid' of floor 1" 'a higher floor, in a header'
echo '#include "../main.h"' >tree/lib/low.h
expect_floor 'low.h:1: .*no module' 'a header from outside'
: >tree/lib/low.h
: >tree/lib/low_private.h
echo '#include "low_private.h"' >>tree/lib/low.c
ok 'floors: a private header within its module' "$lint/floors" tree
echo '#include "low_private.h"' >tree/lib/mid_posix.c
expect_floor "'low_private.h' is private to 'low'" 'one of another module'
: >tree/lib/mid_posix.c
: >tree/lib/extra.c
expect_floor "'extra' is not in" 'a module that the table lacks'
rm tree/lib/extra.c
table '| 0 | `low` the ground · `gone` |' '| 1 | `mid` one · `other` more |'
expect_floor "no module 'gone'" 'a module that is not there'
rm -r tree

# --- options

cat >tool <<'E'
#!/bin/sh
cat <<'T'
usage: tool [options]

  -j, --jobs=N            at a time
      --dry-run           only say it
      --help              print this
T
E
chmod +x tool
page() {
	printf '.It Fl %s\n' "$@" >tool.1
}
page 'j Ar N , Fl -jobs Ns = Ns Ar N' '-dry-run' '-help'
ok 'options: the same ones pass' "$lint/options" . ./tool
page 'j Ar N , Fl -jobs Ns = Ns Ar N' '-help'
run "$lint/options" . ./tool
out_is 'tool: --dry-run is only in --help' 'options: one the page lacks'
page 'j , Fl -jobs' '-dry-run' '-help' 'x'
run "$lint/options" . ./tool
out_is 'tool: -x is only in tool.1' 'options: one that --help lacks'
status_is 1 'options: fails'
rm tool.1
not_ok 'options: a tool without a page' "$lint/options" . ./tool

# --- words (written so that they don't find themselves here)

bad_line() { # bad_line FILE TEXT
	mkdir -p "$(dirname "$1")"
	printf '%s\n' "$2" >"$1"
	not_ok "words: $1: $2" "$lint/words" "$1"
}
bad_line a.sh "# TO""DO: all"
bad_line a.md "see /wo""rk/there"
bad_line a.md "as iss""ue 12 says"
bad_line a.md "blank "
bad_line lib/mem.c "#ifdef _WIN""32"
bad_line lib/s3.c "#include <curl/""curl.h>"
bad_line lib/s3.c "#include <ex""pat.h>"
bad_line s3put/main.c "	fputs(\"x\", std""err);"
bad_line lib/s3.c "	ex""it(1);"
bad_line lib/s3.h "typedef str""uct x y;"
printf '%s\n' "#ifdef _WIN""32" >lib/os.h
printf '%s\n' 'mktemp a.XX''XXXX; case network/wo''rk/x in esac' >b.sh
printf '%s\n' "/*" " * what goes to stderr" " */" >lib/x.c
ok 'words: where they belong they may stand' "$lint/words" lib/os.h lib/x.c b.sh
seq 600 >long.c
not_ok 'words: a long file' "$lint/words" long.c

# --- batch

printf '\tPLAIN("DB_NAME", KEY_NAMES),\n' >keys.c
batch() { # batch LINE...: a script of these lines
	printf '%s\r\n' '@echo off' \
		'setlocal EnableExtensions DisableDelayedExpansion' "$@" >x.bat
}
batch_fails() { # batch_fails ERE NAME
	run "$lint/batch" keys.c x.bat
	status_is 1 "batch: $2"
	out_like "$1" 'and the message says so'
}
batch 'call :go' 'goto describe_%x%' ':go' 'rem never %DB_NAME%' ':describe_1'
ok 'batch: a clean script passes' "$lint/batch" keys.c x.bat
batch 'echo %DB_NAME%'
batch_fails 'x.bat:3: expands DB_NAME' 'a value is expanded'
batch 'if !DB_NAME:~0,1! == a exit /b'
batch_fails 'x.bat:3: expands DB_NAME' 'a part of one, later'
batch 'step begin || exit /b'
batch_fails 'x.bat:3: uses' 'an operator'
batch 'goto nowhere'
batch_fails "no label 'nowhere'" 'a label that is not there'
batch ':unused'
batch_fails "nothing goes to label 'unused'" 'one that nobody needs'
batch ':a' 'goto a' ':a'
batch_fails "'a' is there twice" 'one that is there twice'
batch 'echo ü'
batch_fails 'ASCII' 'a letter of some code page'
batch 'goto :eof'
tr -d '\r' <x.bat >y.bat
mv y.bat x.bat
batch_fails 'CR LF' 'line ends of elsewhere'
printf 'exit /b\r\n' >x.bat
batch_fails 'delayed expansion' 'one that eats exclamation marks'

# --- all of them over a tree

mkdir -p all/tests all/lib all/man all/bin all/tool
cp -r "$lint" all/tests/
cp "$tests/../.clang-tidy" all/
cp tool all/bin/
cd all || exit 1
printf '| 0 | `low` |\n' >lib/README.md
printf '#ifndef LOW_H\n#define LOW_H\nint low_get(int a);\n#endif\n' >lib/low.h
printf '#include "low.h"\n\nint\nlow_get(int a)\n{\n\treturn a + 1;\n}\n' >lib/low.c
printf '#include "low.h"\n\nint\nmain(void)\n{\n\treturn low_get(0);\n}\n' >tool/main.c
printf '#!/bin/sh\necho hello\n' >x.sh
cat >man/tool.1 <<'E'
.Dd January 1, 2026
.Dt TOOL 1
.Os
.Sh NAME
.Nm tool
.Nd does it
.Sh DESCRIPTION
.Bl -tag -width Ds
.It Fl j Ar N , Fl -jobs Ns = Ns Ar N
At a time.
.It Fl -dry-run
Only say it.
.It Fl -help
Print this.
.El
E
git init -q . && git add .
lint_all() {
	run env BIN=bin LINT_CFLAGS=-Ilib tests/lint/all
}
spoil() { # spoil LINT FILE TEXT: with TEXT appended, LINT fails
	cp "$2" ../saved
	printf '%s\n' "$3" >>"$2"
	lint_all
	is "$(grep '^lint:' "$err")" "lint: $1 has failed" "all: $1 finds $2"
	cp ../saved "$2"
}
lint_all
status_is 0 'all: a clean tree passes'
spoil words x.sh '# FIX''ME'
spoil floors lib/README.md '| 1 | `high` |'
spoil options man/tool.1 '.Bl -tag -width Ds
.It Fl -more
More.
.El'
spoil shellcheck x.sh 'rm -rf $1/x'
spoil mandoc man/tool.1 '.Xx'
spoil cppcheck lib/low.c 'int low_set(int a);
int low_set(int a) { return a % 5 == 6; }'
spoil clang-tidy lib/low.c '#define LOW_TWICE(x) x * 2'
done_testing
