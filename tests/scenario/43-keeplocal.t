#!/bin/sh
# keeplocal: the same policy on a directory, and nothing outside of it.
# valgrind
. "${0%/*}/../lib.sh"
. "$tests/retention.sh"

# local_store DIR NAME AGO...: sealed files
local_store() {
	dir=$1 name=$2
	shift 2
	for ago in "$@"; do
		cp sealed "$dir/$name$(stamp "$ago days ago")"
	done
}

# left DIR: its names, one a line
left() {
	find "$1" -mindepth 1 -maxdepth 1 -printf '%f\n' | LC_ALL=C sort
}

# --- a directory with everything in it

mkdir -p d/eu d/app_20240101_000000.sql.gz outside
local_store d app 1 2 3 40 41
local_store d app_x 90
local_store d app_20240101 90
local_store d leapmailr_eu 90
local_store d/eu app 90
local_store outside app 60
cp sealed "d/app$(stamp '42 days ago').enc"
cp foreign "d/app$(stamp '45 days ago')"
cp sealed d/app_20230231_000000.sql.gz
: >d/notes.txt
ln -s "../outside/app$(stamp '60 days ago')" "d/app$(stamp '60 days ago')"
ln -s nowhere "d/app$(stamp '61 days ago')"
mkfifo "d/app$(stamp '62 days ago')"
left d >before
run keeplocal --days 30 --dry-run d
status_is 0 '--dry-run succeeds'
left d >after
same_file before after '--dry-run deletes nothing'
cp "$out" plan
run keeplocal --days 30 d
status_is 0 'a directory is pruned'
same_file plan "$out" 'the plan of --dry-run was the same, to the byte'
is "$(decided delete)" "app$(stamp '40 days ago')
app$(stamp '41 days ago')
app$(stamp '42 days ago').enc" 'what is older goes, newest first'
left d >after
is "$(comm -23 before after)" "app$(stamp '42 days ago').enc
app$(stamp '41 days ago')
app$(stamp '40 days ago')" 'that, and nothing else, is gone'
out_like "^keep	app$(stamp '45 days ago')	no seal: not counted\$" \
	'one without a seal is reported'
is "$(grep -c -e notes -e "$(stamp '60 days ago')" "$out")" 0 \
	'foreign files and links are not spoken of'
is "$(left outside)" "app$(stamp '60 days ago')" \
	'nothing is reached through a symbolic link'
ok 'the link itself stays' test -L "d/app$(stamp '60 days ago')"
ok 'and a pipe does not hold it up' test -p "d/app$(stamp '62 days ago')"
is "$(left d/eu)" "app$(stamp '90 days ago')" 'folders below are not entered'
run keeplocal --days 30 d
is "$(decided delete)" '' 'once more: nothing to do'

mkdir e
ln -s e link
local_store e app 1 2
run keeplocal --keep-last 1 link/
is "$(left e)" "app$(stamp '1 day ago')" 'the directory may be a link itself'
(cd e && cp ../sealed "app$(stamp '9 days ago')" && run keeplocal --keep-last 1 .)
is "$(left e)" "app$(stamp '1 day ago')" 'or the current one'

# --- names from a pipe

mkdir p
local_store p app 1 2 3
run sh -c 'ls -d p/* | keeplocal --keep-last 2 -'
status_is 0 'paths through a pipe'
is "$(decided delete)" "p/app$(stamp '3 days ago')" 'are said in full'
is "$(left p | wc -l)" 2 'and it is gone'
run sh -c '(ls -d p/*; echo) | keeplocal --keep-last 1 -'
status_is 2 'a bad line'
is "$(left p | wc -l)" 2 'deletes nothing'
local_store . app 8 9
run sh -c 'ls app_*.gz | keeplocal --keep-last 1 -'
is "$(decided delete)" "app$(stamp '9 days ago')" 'a path may be a bare name'

# --- what was left behind

mkdir l
local_store l app 1
for name in app app_x other; do
	cp sealed "l/$name$(stamp '9 days ago').partial"
done
cp sealed l/free.partial
cp sealed "l/app$(stamp '5 days ago').partial"
touch -d '8 days ago' l/*.partial
touch -d '6 days ago' "l/app$(stamp '5 days ago').partial"
cp sealed "l/app$(stamp '20 days ago').partial"
touch -d '20 days ago' "l/app$(stamp '20 days ago').partial"
(flock 9 && exec sleep 20) 9<"l/app$(stamp '20 days ago').partial" &
pid=$!
wait_for sh -c '! flock -n "$1" true' - "l/app$(stamp '20 days ago').partial"
run keeplocal --keep-last 1 --name app --dry-run l
is "$(left l | wc -l)" 7 '--dry-run clears nothing'
cp "$out" plan
run keeplocal --keep-last 1 --name app l
status_is 0 'leftovers'
same_file plan "$out" 'are cleared as planned'
is "$(decided delete)" "app$(stamp '9 days ago').partial" \
	'an old one of NAME goes'
no_file "l/app$(stamp '9 days ago').partial"
is "$(left l | wc -l)" 6 'no young, locked, foreign one'
run keeplocal --keep-last 1 l
is "$(decided delete | wc -l)" 2 'without --name those of all backups'
ok 'a locked one stays' test -f "l/app$(stamp '20 days ago').partial"
ok 'and one that is nobody'\''s' test -f l/free.partial
kill $pid
wait $pid 2>/dev/null

# --- odd names

mkdir o
nl='
'
for name in "mü ller" "a%2Fb" "-x" "new${nl}line" "tab	tab"; do
	cp sealed "o/$name$(stamp '1 day ago')"
	cp sealed "o/$name$(stamp '2 days ago')"
done
run keeplocal --keep-last 1 o
status_is 0 'odd names'
is "$(decided delete | wc -l)" 3 'are pruned, but none with control characters'
is "$(wc -l <"$out")" 6 'a line each'

# --- failures

mkdir f
local_store f app 1 2 3
run keeplocal --keep-last 1 nowhere
status_is 3 'no such directory'
err_like "cannot list 'nowhere'" 'it says so'
for options in '' '--keep-last 0' '--days' '--daily 0' '--days 1x'; do
	# shellcheck disable=SC2086 # words
	run keeplocal $options f
	status_is 2 "usage: '$options'"
	out_is '' 'decides nothing'
done
run keeplocal --keep-last 1
status_is 2 'no DIR'
run keeplocal --keep-last 1 ''
status_is 2 'an empty DIR'
is "$(left f | wc -l)" 3 'all files are there'
run sh -c 'keeplocal --keep-last 2 f >&-'
status_is 3 'closed standard output'
run sh -c 'keeplocal --keep-last 2 f >/dev/full'
status_is 3 'full standard output'
if [ "$(id -u)" = 0 ] && command -v chattr >/dev/null && \
	chattr +i "f/app$(stamp '2 days ago')" 2>/dev/null; then
	run keeplocal --keep-last 1 f
	chattr -i "f/app$(stamp '2 days ago')"
	status_is 3 'one that cannot be deleted'
	out_like "^error	app$(stamp '2 days ago')	cannot delete" 'is reported'
	err_like 'could not delete 1 of' 'and counted'
elif [ "$(id -u)" != 0 ]; then
	chmod 500 f
	run keeplocal --keep-last 1 f
	chmod 700 f
	status_is 3 'one that cannot be deleted'
	out_like "^error	app$(stamp '2 days ago')	cannot delete" 'is reported'
	err_like 'could not delete 1 of' 'and counted'
else
	skip 'nothing can be made undeletable here' 3
fi
no_children_left
no_temp_left
done_testing
