#!/bin/sh
# Credentials that come from elsewhere than two variables: a role that a real
# token service gives, and a command; what becomes of them meanwhile.
. "${0%/*}/../lib.sh"
export S3_CONF='rgw sts key = abcdefghijklmnop
rgw s3 auth use sts = true'
own_s3
fresh_bucket
key=$AWS_ACCESS_KEY_ID secret=$AWS_SECRET_ACCESS_KEY
"$tests/seal.py" 11 >sealed
mkdir .aws

# --- a role

export CEPH_CONF="${S3_TEST_LOG%/out/*}/ceph.conf"
radosgw-admin role create --role-name=backup --assume-role-policy-doc='{
	"Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
	"Principal": { "AWS": ["arn:aws:iam:::user/test"] },
	"Action": ["sts:AssumeRole"] }] }' >role.out 2>&1 &&
	radosgw-admin role-policy put --role-name=backup --policy-name=p \
		--policy-doc='{ "Version": "2012-10-17", "Statement": [{
		"Effect": "Allow", "Action": ["s3:*"],
		"Resource": "arn:aws:s3:::*" }] }' >>role.out 2>&1 ||
	diag "$(cat role.out)"
cat >.aws/config <<-E
	[profile backup]
	role_arn = arn:aws:iam:::role/backup
	source_profile = keys
	[profile keys]
	aws_access_key_id = $key
	aws_secret_access_key = $secret
	[profile wrong]
	role_arn = arn:aws:iam:::role/backup
	source_profile = bad
	[profile bad]
	aws_access_key_id = $key
	aws_secret_access_key = XYZZY
E
run sh -c 's3put --profile backup --part-size 5M a <sealed'
status_is 0 'stored by a role'
s3 get "$bucket" a >back
same_file sealed back 'whole'
run env AWS_ENDPOINT_URL_STS="$S3_TEST_TLS_URL" s3ls --profile backup
status_is 0 'a token service elsewhere, by TLS'
out_like ' a$' 'and the listing is there'
run s3ls --profile wrong
status_is 4 'a wrong key'
err_like "cannot assume role 'arn:aws:iam:::role/backup' of profile 'wrong'" \
	'names the role and the profile'
err_like '^s3ls: hint: check the keys' 'and says what to do'

# --- a command

unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
cat >give <<-E
	#!/bin/sh
	echo x >>'$T/given'
	echo 'asking the vault' >&2
	echo '{ "Version": 1, "AccessKeyId": "$key", "SecretAccessKey": "$secret" }'
E
chmod +x give
printf '[default]\ncredential_process = "%s/give" now\n' "$T" >.aws/config
use_proxy
# its_own COMMAND...: without the credentials of this test
its_own() {
	AWS_ACCESS_KEY_ID=$key AWS_SECRET_ACCESS_KEY=$secret "$@"
}
faults 'PUT partNumber=2 nth:1 status 400 ExpiredToken' \
	'PUT partNumber=3 nth:1 status 400 ExpiredToken'
run sh -c 's3put --part-size 5M --jobs 1 b <sealed'
status_is 0 'credentials expire twice during an upload'
its_own s3 get "$bucket" b >back
same_file sealed back 'it is whole'
is "$(wc -l <given)" 3 'the command was asked at the beginning and each time'
is "$(requests PUT .*partNumber=2)" 2 'and the part was sent again'
err_like '^asking the vault$' 'its words are seen'
faults 'PUT partNumber=2 always status 400 ExpiredToken'
: >given
run sh -c 's3put --part-size 5M --jobs 1 c <sealed'
status_is 4 'a server that never has enough'
is "$(wc -l <given)" 2 'is given others once'
err_like 'ExpiredToken' 'and named'
its_own nothing_left "$bucket" c
faults
run env AWS_CONTAINER_AUTHORIZATION_TOKEN=XYZZY \
	s3put d -- sh -c 'cat sealed; env | grep AWS_CONTAINER; true'
status_is 0 'a command that looks for the token of the container'
its_own s3 get "$bucket" d >back
same_file sealed back 'does not find it'
printf '[default]\ncredential_process = echo XYZZY\n' >.aws/config
run s3ls
status_is 3 'a command that gives none'
err_like 'credential_process' 'is named'
is "$(grep -c XYZZY "$err")" 0 'what it wrote is not shown'
printf '[default]\ncredential_process = touch %s/asked; sleep 60; true\n' "$T" \
	>.aws/config
s3ls >"$out" 2>"$err" &
ls=$!
wait_for test -e asked
kill -s TERM $ls
wait $ls
status=$?
status_is 143 'stopped while a command is asked'
no_children_left
run env AWS_PROFILE=none s3ls
status_is 2 'no such profile'
no_children_left
no_temp_left
done_testing
