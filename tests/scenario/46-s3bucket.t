#!/bin/sh
# s3bucket: what a bucket lacks, and what is set; on Ceph, and as AWS answers.
. "${0%/*}/../lib.sh"
use_s3
unset RETENTION_DAYS
tab=$(printf '\t')
# says STATE WHAT NAME: such a line was printed
says() {
	out_like "^$1$tab$2$tab" "$3"
}

# --- a real server

new=t-s3bucket-$$
run s3bucket check "s3://$new/db"
status_is 1 'there is no such bucket'
err_like "hint: make it: s3bucket create s3://$new" 'says how to make it'
run s3bucket create "s3://$new/db"
status_is 0 'create'
says ok bucket 'it is made'
says note encryption 'what the store can not is said'
run s3bucket check "s3://$new/db"
status_is 0 'then it has no gap'
for what in versioning publicAccessBlock archive noncurrent uploads probe; do
	says ok $what "$what is well"
done
is "$(s3 versions "$new")" '' 'the probe has left nothing, no version either'
run s3bucket create "s3://$new/db"
status_is 0 'create it again'
echo >rules
run s3put "s3://$new/db/x" rules
status_is 0 'one can store there: no public access block is in the way'
run s3bucket create --object-lock "s3://$new/db"
status_is 1 'object lock can not be added'
err_like 'without object lock' 'says so'

# rules of others stay as they were
cat >rules <<-'X'
	<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule>
	<ID>theirs &lt;1&gt;</ID><Filter><And><Prefix>logs/</Prefix><Tag><Key>k</Key>
	<Value>a &amp; b</Value></Tag></And></Filter><Status>Enabled</Status>
	<Expiration><Days>3</Days></Expiration></Rule></LifecycleConfiguration>
X
s3 call PUT "/$new?lifecycle=" rules
run s3bucket apply --archive-days 0 --expire-days 60 "s3://$new/db"
status_is 0 'apply'
rules=$(s3 call GET "/$new?lifecycle=")
like "$rules" '<ID>theirs &lt;1&gt;</ID>.*<Prefix>logs/</Prefix>.*<Value>a &amp; b</Value>.*<Days>3</Days>' \
	'keeps the rules of others'
like "$rules" '<ID>pgdumpz db/</ID>.*<Prefix>db/</Prefix>.*<Expiration><Days>60</Days>' \
	'and adds ours'
unlike "$rules" Transition 'without archiving'
run s3bucket apply --expire-days 90 "s3://$new/db"
is "$(s3 call GET "/$new?lifecycle=" | grep -o '<Rule>' | wc -l)" 2 \
	'the next time it is replaced'
# what the bucket had stays when it can't be tried
use_proxy
cat >block <<-'X'
	<PublicAccessBlockConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
	<BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>
X
blocks_acls() {
	s3 call GET "/$new?publicAccessBlock=" |
		grep -o '<BlockPublicAcls>[a-z]*' | sed 's/.*>//'
}
s3 call PUT "/$new?publicAccessBlock=" block
faults 'PUT db/ always status 403 AccessDenied'
run s3bucket apply --expire-days 90 "s3://$new/db"
status_is 0 'who may not store there, but set it up'
is "$(blocks_acls)" true 'leaves the ACLs blocked'
faults 'DELETE db/ always status 403 AccessDenied'
run s3bucket apply --expire-days 90 "s3://$new/db"
status_is 0 'who may not delete there'
is "$(blocks_acls)" true 'leaves them blocked, too'
says note probe 'and is told'
out_like 'probe.*left there: ' 'what could not be deleted'
probe=$(s3 ls "$new" | awk '/pgdumpz-probe/ { print $NF }')
like "$probe" '^db/[^ ]*$' 'which is there'
s3 rm "$new" "$probe"
faults
run s3bucket apply --expire-days 90 "s3://$new/db"
status_is 0 'where they keep everybody from storing'
is "$(blocks_acls)" false 'they are not'
faults 'PUT [?]versioning always status 404 NoSuchKey'
run s3bucket apply --expire-days 90 "s3://$new/db"
status_is 4 'a setting that is answered by 404 is a failure'
err_like 'cannot set the versioning' 'with a message'
faults
AWS_ENDPOINT_URL=$s3_direct

run s3bucket check --retention-days 91 "s3://$new/db"
status_is 1 'a lifecycle that deletes too early'
says gap expiration 'is a gap'
out_like 'RETENTION_DAYS keeps them for 91: they are gone' 'that says what it means'
run env RETENTION_DAYS=90 s3bucket check "s3://$new/db"
status_is 0 'one that does not'
run env RETENTION_DAYS=400 s3bucket apply "s3://$new/db"
status_is 2 'nor is such a rule made'
run s3bucket apply -n "s3://$new/other"
out_like "^note${tab}lifecycle${tab}would be set" '--dry-run says what it would do'
unlike "$(s3 call GET "/$new?lifecycle=")" 'other/' 'and does nothing'
run env AWS_ACCESS_KEY_ID="$S3_TEST_OTHER_KEY" \
	AWS_SECRET_ACCESS_KEY="$S3_TEST_OTHER_SECRET" s3bucket check "s3://$new/db"
status_is 4 'the bucket of somebody else'

# a bucket that locks what is stored keeps the probe out
locks=t-s3bucket-lock-$$
s3 mb "$locks" 'x-amz-bucket-object-lock-enabled: true'
cat >lock <<-'X'
	<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule>
	<DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention>
	</Rule></ObjectLockConfiguration>
X
s3 call PUT "/$locks?object-lock=" lock
run s3bucket check "s3://$locks"
says ok object-lock 'a lock by default is seen'
says note probe 'and nothing is stored'
is "$(s3 versions "$locks")" '' 'indeed'

# --- as AWS answers

use_sim
run s3bucket check
status_is 1 'a bare bucket'
for what in versioning encryption publicAccessBlock archive expiration uploads; do
	says gap $what "$what is a gap"
done
err_like "'sim' has 6 gaps" 'they are counted'
run s3bucket apply --sse aws:kms --sse-kms-key-id arn:k
status_is 0 'apply'
run s3bucket check --sse aws:kms --retention-days 365
status_is 0 'then it has none'
says ok encryption 'encryption by a key'
run s3bucket create --object-lock s3://locked
run s3bucket check s3://locked
says ok object-lock 'a bucket made with object lock'
run s3bucket whoami
out_like '^arn	arn:aws:iam::123456789012:user/backup$' 'whoami'
run s3bucket policy s3://bkt/p
ok 'the policy is JSON' python3 -m json.tool "$out"
out_like '"arn:aws:s3:::bkt/p/\*"' 'of what is below the prefix'
out_like 's3:DeleteObject' 'with the right to delete'
run s3bucket policy --write-only s3://bkt/p
unlike "$(cat "$out")" 'Delete|Get|List' 'but not for who may only store'
for args in '' 'nonsense' 'whoami s3://x' 'apply --expire-days 9 --archive-days 9' \
	'apply --sse rot13' 'apply --sse-kms-key-id k' 'apply --abort-days 0'; do
	# shellcheck disable=SC2086 # words
	run s3bucket $args
	status_is 2 "s3bucket $args"
done
done_testing
