#!/bin/sh
# s3prune: what goes, what stays, and what is left alone.
. "${0%/*}/../lib.sh"
. "$tests/retention.sh"
use_s3
fresh_bucket

# --- a folder with everything in it

d=backups
for ago in 1 2 3 40 41; do
	store "$d/app$(stamp "$ago days ago")"
done
store "$d/app$(stamp '42 days ago').age" "$d/app_x$(stamp '90 days ago')" \
	"$d/app_20240101$(stamp '90 days ago')" \
	"$d/leapmailr_eu$(stamp '90 days ago')" \
	"$d/app$(stamp '50 days ago').partial" "$d/app_20230231_000000.sql.gz" \
	"$d/notes.txt" "$d/eu/app$(stamp '90 days ago')" \
	"$d-old/app$(stamp '90 days ago')" "app$(stamp '90 days ago')"
s3 put "$bucket" "$d/app$(stamp '45 days ago')" foreign
s3 put "$bucket" "$d/app$(stamp '12 hours ago')" foreign
keys >before
run s3prune --days 30 --dry-run "$d"
status_is 0 '--dry-run succeeds'
same_file before - '--dry-run deletes nothing' <<E
$(keys)
E
cp "$out" plan
run s3prune --days 30 "$d"
status_is 0 'a folder is pruned'
same_file plan "$out" 'the plan of --dry-run was the same, to the byte'
is "$(decided delete)" "app$(stamp '40 days ago')
app$(stamp '41 days ago')
app$(stamp '42 days ago').age" 'what is older goes, newest first'
is "$(decided keep | grep '^app_2' | grep -v '^app_20240101_')" \
	"app$(stamp '12 hours ago')
app$(stamp '1 day ago')
app$(stamp '2 days ago')
app$(stamp '3 days ago')
app$(stamp '45 days ago')" 'what is younger or has no seal stays'
is "$(decided error)" '' 'without errors'
out_like "^keep	app$(stamp '1 day ago')	last, days\$" 'a reason: rules'
out_like "^keep	app$(stamp '12 hours ago')	no seal: not counted\$" \
	'a reason: no seal'
out_like "^delete	app$(stamp '41 days ago')	no rule keeps it\$" \
	'a reason: none'
err_like 's3prune: warning: .*without a seal' 'the unsealed ones are reported'
for name in app_x app_20240101 leapmailr_eu; do
	out_like "^keep	$name$(stamp '90 days ago')	last" \
		"the only one of $name stays"
done
keys >after
is "$(comm -23 before after)" "$d/app$(stamp '42 days ago').age
$d/app$(stamp '41 days ago')
$d/app$(stamp '40 days ago')" 'that, and nothing else, is gone'
run s3prune --days 30 "$d"
status_is 0 'once more'
is "$(decided delete)" '' 'and nothing to do'
run s3prune --days 30 nothing
status_is 0 'an empty folder'
out_is '' 'has nothing to decide'
err_is "s3prune: warning: there are no backups in 'nothing'" 'and says so'

# --- one NAME

fresh_bucket
for name in app app_x app_20240101; do
	store "$name$(stamp '1 day ago')" "$name$(stamp '9 days ago')"
done
run s3prune --days 7 --name app "s3://$bucket"
status_is 0 '--name'
is "$(decided delete)" "app$(stamp '9 days ago')" 'touches that NAME only'
is "$(keys | wc -l)" 5 'in a whole bucket, too'
is "$(wc -l <"$out")" 2 'and speaks of no other'
run s3prune --keep-last 1 --name ap ''
is "$(cat "$out")" '' 'a part of a NAME is another NAME'

store "my%20db$(stamp '1 day ago')" "my%20db$(stamp '9 days ago')"
run s3prune --keep-last 1 --name 'my db' "s3://$bucket"
is "$(decided delete)" "my%20db$(stamp '9 days ago')" \
	'--name is given as to s3put, unencoded'
run s3prune --keep-last 1 --name '' "s3://$bucket"
status_is 2 'an empty NAME'

# --- encrypted ones count

store "app$(stamp '1 hour ago').gpg"
run s3prune --keep-last 1 --name app "s3://$bucket"
is "$(decided delete)" "app$(stamp '1 day ago')" 'an encrypted one counts'
out_like "^keep	app$(stamp '1 hour ago').gpg	last; unverified\$" \
	'and is marked so'

use_proxy
faults 'GET app_2.*gz always status 403 InvalidObjectState'
store "app$(stamp '3 hours ago')"
run s3prune --keep-last 2 --name app "s3://$bucket"
status_is 0 'one in an archive tier'
out_like "^keep	app$(stamp '3 hours ago')	last; unverified\$" 'counts, too'
forget_requests
if has_feature classes; then
	s3 put "$bucket" "app$(stamp '2 hours ago')" sealed 'x-amz-storage-class: GLACIER'
	run s3prune --keep-last 2 --name app --dry-run "s3://$bucket"
	out_like "^keep	app$(stamp '2 hours ago')	last; unverified\$" \
		'one of an archive class counts'
	is "$(requests GET "$(stamp '2 hours ago')")" 0 'without an attempt to read it'
fi
faults

# --- the clock

fresh_bucket
store "app$(stamp '40 days ago')" "app$(stamp '39 days ago')" \
	"app$(stamp '38 days ago')"
run s3prune --days 7 "s3://$bucket"
is "$(decided delete)" '' 'age is counted from the newest, not the clock'
faults 'GET list-type always date 315360000'
run s3prune --days 7 "s3://$bucket"
is "$(decided delete)" '' 'a server in 2036 deletes nothing good'
faults 'GET list-type always date -315360000'
run s3prune --keep-last 1 "s3://$bucket"
status_is 0 'a server ten years behind'
is "$(decided delete)" '' 'deletes nothing'
is "$(grep -c 'ahead of the clock: not counted$' "$out")" 3 'and says why'
faults
store "app$(stamp '400 days')"
run s3prune --days 7 "s3://$bucket"
is "$(decided delete)" '' 'a name in the future expires nothing'
out_like "^keep	app$(stamp '400 days')	ahead of the clock" 'it is reported'
is "$(keys | wc -l)" 4 'all are there'

# --- names from a pipe

fresh_bucket
for ago in 1 2 3 4; do
	store "b/app$(stamp "$ago days ago")" "b/x/app$(stamp "$ago days ago")"
done
store b/notes.txt
run sh -c 's3ls --recursive --uri b | s3prune --keep-last 3 --dry-run -'
status_is 0 'a listing through a pipe'
is "$(decided delete)" "s3://$bucket/b/app$(stamp '4 days ago')
s3://$bucket/b/x/app$(stamp '4 days ago')" 'every folder by itself, as URIs'
run sh -c 's3ls --uri b | head -n 2 | s3prune --keep-last 3 -'
is "$(decided delete)" '' 'a part of a listing deletes no more than all of it'
printf 's3://%s/b/app%s\n' "$bucket" "$(stamp '3 days ago')" \
	"$bucket" "$(stamp '3 days ago')" "$bucket" "$(stamp '4 days ago')" \
	"$bucket" "$(stamp '9 days ago')" >list
run sh -c 's3prune --keep-last 2 - <list'
is "$(wc -l <"$out")" 2 'repetitions count once, what is not there for nothing'
is "$(decided delete)" '' 'so nothing goes'
run sh -c ': | s3prune --keep-last 1 -'
status_is 0 'nothing on standard input'
out_is '' 'is nothing to do'
for bad in '' "s3://$bucket/a	b" notes.txt "$bucket/b/x" http://x/y s3:// \
	"s3://$bucket/cr$(printf '\r')"; do
	{
		s3ls --uri b
		printf '%s\n' "$bad"
	} >list
	run sh -c 's3prune --keep-last 1 - <list'
	status_is 2 "a bad line: '$bad'"
	out_is '' 'decides nothing'
done
err_like 'line 6 of the input' 'and is named by its number'
printf 's3://%s/b/app\0_20240101_000000.sql.gz' "$bucket" >list
run sh -c 's3prune --keep-last 1 - <list'
status_is 2 'a zero byte'
is "$(keys | wc -l)" 9 'all is still there'
s3ls --uri b | tr -d '\n' >list
run sh -c 's3prune --keep-last 1 - <list'
is "$(decided delete)" '' 'lines that ran together delete nothing'
s3ls --uri b/ >list
run sh -c 's3prune --keep-last 3 - <list'
is "$(decided delete)" "s3://$bucket/b/app$(stamp '4 days ago')" \
	'and without --dry-run it goes'
is "$(keys | wc -l)" 8 'it alone'

# --- seals

fresh_bucket
head -c $(($(wc -c <sealed) / 2)) sealed >first_half
cat foreign sealed >behind
{
	cat sealed
	printf x
} >longer
head -c 102 /dev/zero >zeros
tail -c 102 sealed >only_seal
store "app$(stamp '9 days ago')" "app$(stamp '8 days ago')"
n=1
for file in first_half behind longer zeros only_seal /dev/null; do
	s3 put "$bucket" "app$(stamp "$n days ago")" "$file"
	n=$((n + 1))
done
run s3prune --keep-last 1 "s3://$bucket"
status_is 0 'damaged ones among others'
is "$(decided delete)" "app$(stamp '9 days ago')" 'count for nothing'
is "$(grep -c 'no seal: not counted' "$out")" 6 'and are never deleted'

# --- odd names

fresh_bucket
store "mü ller$(stamp '1 day ago')" "mü ller$(stamp '2 days ago')" \
	"a%2Fb&<c>$(stamp '1 day ago')" "a%2Fb&<c>$(stamp '2 days ago')" \
	"new
line$(stamp '1 day ago')" "new
line$(stamp '2 days ago')"
run s3prune --keep-last 1 "s3://$bucket"
status_is 0 'odd names'
is "$(decided delete)" "a%2Fb&<c>$(stamp '2 days ago')
mü ller$(stamp '2 days ago')" 'are pruned, but no name with a newline'
is "$(keys | grep -c "$(stamp '2 days ago')")" 1 'exactly these'

# --- what was left behind

fresh_bucket
store "b/app$(stamp '1 day ago')"
for key in "b/app$(stamp '9 days ago')" "b/app_x$(stamp '9 days ago')" \
	"b/x/app$(stamp '9 days ago')" b/other.bin; do
	s3 begin "$bucket" "$key" >/dev/null
done
run s3prune --days 30 --name app b
status_is 0 'uploads of today'
is "$(s3 uploads "$bucket" | wc -l)" 4 'are not touched'
faults 'GET list-type always date 604000'
run s3prune --days 30 --name app b
is "$(s3 uploads "$bucket" | wc -l)" 4 'nor are they within 7 days'
faults 'GET list-type always date 605800'
run s3prune --days 30 --name app --dry-run b
is "$(s3 uploads "$bucket" | wc -l)" 4 'nor by --dry-run after 7 days'
cp "$out" plan
run s3prune --days 30 --name app b
status_is 0 'after 7 days'
same_file plan "$out" 'as planned'
out_like "^delete	app$(stamp '9 days ago')	upload of .*Z, never finished\$" \
	'the one of NAME goes'
is "$(s3 uploads "$bucket" | wc -l)" 3 'and no other'
run s3prune --days 30 b
is "$(s3 uploads "$bucket" | cut -f2)" "b/other.bin
b/x/app$(stamp '9 days ago')" 'without --name those of all backups of the folder'
faults
no_children_left
no_temp_left
done_testing
