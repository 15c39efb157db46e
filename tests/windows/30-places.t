#!/bin/sh
# Windows' own places and habits: paths, consoles, line ends, certificates,
# credentials and passwords where users have them.
. "${0%/*}/../lib.sh"
. "$tests/windows/lib.sh"
use_wine
use_clients
use_pg
use_s3
fresh_db
fresh_bucket
sql 'CREATE TABLE t AS SELECT generate_series(1, 100) AS n'
pgdumpz "$db" >sealed
cmd='C:\windows\system32\cmd.exe'

# --- paths

odd="a b/ü ß %x% & (c)"
mkdir -p "$odd"
cp sealed "$odd/in ö.gz"
run gzverify.exe -l "$odd/in ö.gz"
status_is 0 'a path with blanks and letters'
run gzverify.exe -o "$odd/out € 字.gz" "$odd/in ö.gz"
status_is 0 'and one to write to'
same_file sealed "$odd/out € 字.gz" 'has its name'
run s3put.exe "k ü/字 %41" "$(win "$T/$odd/in ö.gz")"
status_is 0 'a path with backslashes, a key with letters'
is "$(s3 ls "$bucket" | cut -f 2)" 'k ü/字 %41' 'the key is that'
run s3get.exe -o "$odd/back ü.gz" 'k ü/字 %41'
same_file sealed "$odd/back ü.gz" 'and it comes back'
run keeplocal.exe --keep-last 1 "$odd"
status_is 0 'a directory is listed'
long=$T/$(printf '%080d/%080d/%080d/%080d' 1 2 3 4)
mkdir -p "$long"
run gzverify.exe -o "$(win "$long/file.gz")" sealed
status_is 0 'a path of more than 260 characters'
same_file sealed "$long/file.gz" 'is written'
run gzverify.exe "$(win "$long/file.gz")"
status_is 0 'and read'
run s3get.exe -o "$(win "$long/got.gz")" 'k ü/字 %41'
status_is 0 'and gets an object'
cp "$long/file.gz" "$long/app_20240101_000000.sql.gz"
run keeplocal.exe --keep-last 1 "$(win "$long")"
status_is 0 'and is listed'
out_like 'app_20240101_000000' 'with what is in it'
is "$(find . -name '*.partial')" '' 'no partial file is left'

# --- a configuration of Windows: CRLF, BOM, backslashes

printf '\357\273\277# of the night\r\nDB_NAME="%s"\r\nBACKUP_DIR=%s\r\nS3_BUCKET="s3://night/x" # here\r\n' \
	"$db" "$(win "$T/$odd")" >conf
run env AWS_CA_BUNDLE="$(win "$AWS_CA_BUNDLE")" withconf.exe -c conf "$cmd" /c 'echo [%BACKUP_DIR%] [%S3_BUCKET%]'
status_is 0 'a configuration with CRLF and a byte order mark'
like "$(tr -d '\200-\377' <"$out")" '^\[Z:.* %x% & \(c\)\] \[s3://night/x\]' 'has no CR in its values'
printf 'DB_NAME=x\r\nNO_SUCH_KEY=x\r\n' >conf
run withconf.exe -c conf "$cmd" /c 'echo no'
status_is 2 'an unknown key is an error'
err_like 'NO_SUCH_KEY' 'and named'
is "$(cat "$out")" '' 'nothing runs'

# --- credentials in the profile, passwords in pgpass.conf

mkdir -p profile/.aws
printf '[default]\r\naws_access_key_id = %s\r\naws_secret_access_key = %s\r\n' \
	"$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" >profile/.aws/credentials
printf '[default]\r\nregion = us-east-1\r\n' >profile/.aws/config
profile=USERPROFILE=$(win "$T/profile")
without_keys() {
	env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_REGION \
		-u AWS_DEFAULT_REGION "$WINE" "$pipe" "$@" s3ls.exe --uri 'k ü'
}
run without_keys -s "$profile"
status_is 0 'credentials are found in %USERPROFILE%\.aws'
out_is "s3://$bucket/k ü/字 %41" 'and good'
run without_keys
isnt "$status" 0 'they are nowhere else'
err_like 'credentials' 'which is said'
roaming="$WINE_C/users/$(id -un)/AppData/Roaming/postgresql"
mkdir -p "$roaming"
printf '127.0.0.1:%s:%s:postgres:%s\r\n' "$PGPORT" "$db" "$PGPASSWORD" \
	>"$roaming/pgpass.conf"
run env -u PGPASSWORD sh -c 'pgdumpz.exe "$PGDATABASE" >again'
status_is 0 'the password is found in %APPDATA%\postgresql\pgpass.conf'
ok 'for pg_dump.exe as well' gzverify again
rm "$roaming/pgpass.conf"
run env -u PGPASSWORD pgdumpz.exe "$db"
status_is 3 'it is nowhere else'
err_like 'no password' 'which is said'

# --- TLS

export AWS_ENDPOINT_URL="$S3_TEST_TLS_URL"
run s3ls.exe
status_is 0 'a server whose CA AWS_CA_BUNDLE has'
bundle=$AWS_CA_BUNDLE
unset AWS_CA_BUNDLE CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR
run sh -c 'cat sealed | s3put.exe refused'
status_is 4 'one whose CA nobody knows'
err_like 'certificate' 'the message says so'
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=another' \
	-keyout other.key -out other.pem 2>/dev/null
run env AWS_CA_BUNDLE=other.pem sh -c 'cat sealed | s3put.exe refused'
status_is 4 'one whose CA is another'
is "$(s3 ls "$bucket" refused)" '' 'nothing was stored'
run env AWS_CA_BUNDLE="$(win "$bundle")" sh -c 'cat sealed | s3put.exe accepted'
status_is 0 'a path of Windows in AWS_CA_BUNDLE'
export AWS_CA_BUNDLE="$bundle"

no_uploads_left "$bucket"
no_children_left
no_temp_left
done_testing
