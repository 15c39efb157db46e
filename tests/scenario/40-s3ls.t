#!/bin/sh
# s3ls: what is there, in four forms, and the alarm for backups that stopped.
. "${0%/*}/../lib.sh"
. "$tests/retention.sh"
use_s3
fresh_bucket

# --- the plain form

head -c 1500000 /dev/zero >large
s3 put "$bucket" top.txt foreign
s3 put "$bucket" backups/large.bin large
store backups/app_20240101_020000.sql.gz backups/eu/app_20240102_020000.sql.gz \
	backups-old/app_20240103_020000.sql.gz
size=$(wc -c <sealed) small=$(wc -c <foreign)
day='[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}'

run s3ls "s3://$bucket"
status_is 0 'a bucket is listed'
err_is '' 'silently'
is "$(wc -l <"$out")" 3 'three lines'
out_like "^ {27}PRE backups/\$" 'a folder is shown as aws s3 ls does'
out_like "^$day +$small top.txt\$" 'and an object'
like "$(TZ=Pacific/Auckland s3ls "s3://$bucket")" "$(date -u +%Y-%m-%d)" \
	'the time zone does not matter'
run s3ls "s3://$bucket/backups"
is "$(sed 's/.* //' "$out" | tr '\n' ' ')" \
	'eu/ app_20240101_020000.sql.gz large.bin ' \
	'a folder without its slash: its content, not its neighbours'
run s3ls --human-readable --summarize "s3://$bucket/backups/"
out_like "^$day +1[.]4 MiB large.bin\$" 'sizes for people'
out_like '^Total Objects: 2$' 'the number of objects'
out_like '^   Total Size: 1[.]4 MiB$' 'and their size'
run s3ls --summarize "s3://$bucket/backups/"
out_like "^   Total Size: $((1500000 + size))\$" 'exactly'
run s3ls --recursive backups
is "$(sed 's/.* //' "$out" | tr '\n' ' ')" \
	'backups/app_20240101_020000.sql.gz backups/eu/app_20240102_020000.sql.gz backups/large.bin ' \
	'--recursive: all below, full keys; S3_BUCKET completes the place'
run s3ls
out_like ' top.txt$' 'without PREFIX: what S3_BUCKET says'
run s3ls backups/large.bin
out_like "^$day +1500000 large.bin\$" 'an object by its key'
run s3ls nothing
status_is 0 'an empty folder is no error'
out_is '' 'and prints nothing'
run s3ls --summarize nothing
out_like '^Total Objects: 0$' 'but a total'
run s3ls --name app --recursive
is "$(wc -l <"$out")" 3 '--name: only its backups'

# --- forms for programs

run s3ls --uri backups
out_is "s3://$bucket/backups/app_20240101_020000.sql.gz
s3://$bucket/backups/large.bin" '--uri: one URI a line'
s3ls --json backups >json
run python3 -c "
import json
got = json.load(open('json'))
assert got[0] == {'uri': 's3://$bucket/backups/eu/', 'prefix': 'backups/eu/'} or \
	got[-1]['prefix'] == 'backups/eu/', got
one = [i for i in got if i.get('name') == 'app']
assert len(got) == 3 and len(one) == 1, got
assert one[0]['key'] == 'backups/app_20240101_020000.sql.gz'
assert one[0]['size'] == $size and one[0]['time'] == '2024-01-01T02:00:00Z'
assert one[0]['storage_class'] == 'STANDARD' and len(one[0]['etag']) == 32
"
status_is 0 "--json: one document with everything$(cat "$err")"
is "$(s3ls --json nothing)" '[]' 'and an empty list is one'

# --- odd keys

fresh_bucket
nl='
'
store "a${nl}s3:" "tab	key" 'ü +%&"<>' "back\\slash" 'é/app_20240101_020000.sql.gz'
run s3ls
is "$(wc -l <"$out")" 5 'a newline in a key makes no second line'
out_like 'a\\x0as3:$' 'it is escaped'
out_like 'tab\\x09key$' 'and so is a tab'
out_like 'ü [+]%&"<>$' 'other text is not'
run s3ls --uri
status_is 1 'as URIs: exit 1'
err_like "left out key 'a.*x0as3:'" 'what is no line is left out, and named'
is "$(wc -l <"$out")" 2 'the rest is there'
out_like "^s3://$bucket/ü [+]%&\"<>\$" 'a URI is exact'
s3ls --json >json
ok 'JSON has them all, exactly' python3 -c "
import json
got = [i['key'] for i in json.load(open('json')) if 'key' in i]
assert sorted(got) == sorted(['a\ns3:', 'tab\tkey', 'ü +%&\"<>', 'back\\\\slash']), got"

# --- more than a page

if has_feature policy; then
	fresh_bucket
	let_all_put
	bulk 'many/n[1-1100]'
	is "$(s3ls many | wc -l)" 1100 'all of 1,100 keys are listed'
	is "$(s3ls --uri many | sort -u | wc -l)" 1100 'each once'
fi

# --- the alarm

fresh_bucket
run s3ls --max-age 26h backups
status_is 1 'alarm: no backup at all'
out_is '' 'nothing on standard output'
err_like "no backup in 's3://$bucket/backups'" 'it says so'
err_like 'hint: ' 'with a hint'
store "backups/app$(stamp '30 hours ago')"
run s3ls --max-age 26h backups
status_is 1 'alarm: the newest is 30 h old'
err_like 'is 1 d 6 h old, more than 1 d 2 h$' 'it says how old'
run s3ls --max-age 31h backups
status_is 0 'no alarm at 31 h'
out_is '' 'silent' && err_is '' 'on both'
store "backups/app_x$(stamp '1 hour ago').age"
run s3ls --max-age 26h backups
status_is 0 'the newest of any name counts'
run s3ls --max-age 26h --name app backups
status_is 1 'with --name only its own'
run s3ls --max-age 26h --name app_x backups
status_is 0 'encrypted ones count'
run s3ls --max-age 26h
status_is 1 'not what is in folders below'
run s3ls --max-age 26h --recursive
status_is 0 'unless --recursive'
store "backups/z$(stamp '1 hour ago').partial" "backups/z_20991341_000000.sql.gz"
run s3ls --max-age 26h --name z backups
status_is 1 'a partial file and a bad date are no backups'
s3 put "$bucket" "backups/e$(stamp '1 hour ago')"
run s3ls --max-age 26h --name e backups
status_is 1 'an empty object is no backup'
store "backups/app$(stamp '10 minutes')"
run s3ls --max-age 26h --name app backups
status_is 0 'ten minutes ahead is a clock that is a bit fast'
store "backups/app$(stamp '3 hours')"
run s3ls --max-age 26h --name app backups
status_is 1 'alarm: one from the future'
err_like "is 2 h 5[0-9] min ahead of the server's clock" 'it says how far'
use_proxy
faults 'GET list-type always date 7200'
run s3ls --max-age 2h --name app_x backups
status_is 1 "the server's clock counts, not ours"
faults 'GET list-type always header Date'
run s3ls --max-age 2h --name app_x backups
status_is 4 'without a Date there is no verdict'
faults 'GET list-type always truncate 300'
run s3ls --json backups
status_is 4 'a listing that is cut is an error'
faults
export AWS_ENDPOINT_URL="$s3_direct"

# --- usage

for options in '--uri --json' '--uri --max-age 1h' '--max-age 26' \
	'--max-age -1h' '--json --summarize' 'a b' '--max-age 1h --human-readable' \
	's3://' 's3://b/../x'; do
	# shellcheck disable=SC2086 # words
	run s3ls $options
	case $options in
	*..*) isnt "$status" 0 "$options" ;;
	*) status_is 2 "usage: $options" ;;
	esac
done
run env -u S3_BUCKET s3ls
status_is 2 'no place at all'
err_like 'hint: write s3://BUCKET/PREFIX, or set S3_BUCKET' 'with a hint'
run s3ls s3://no-such-bucket-here
status_is 4 'no such bucket'
run env AWS_SECRET_ACCESS_KEY=wrong s3ls
status_is 4 'wrong secret'
run env AWS_ENDPOINT_URL=http://127.0.0.1:1 s3ls
status_is 4 'no server'
run sh -c 's3ls --recursive >&-'
status_is 3 'closed standard output'
run sh -c 's3ls --recursive >/dev/full'
status_is 3 'full standard output'
no_children_left
no_temp_left
done_testing
