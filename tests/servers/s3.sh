#!/bin/sh
# A throw-away S3 server on free ports of 127.0.0.1: Ceph's RADOS Gateway.
#
#   dir=$(tests/servers/s3.sh start $$)   belongs to this shell, ends with it
#   . "$dir/env"                          AWS_ACCESS_KEY_ID AWS_ENDPOINT_URL ...
#   tests/servers/s3.sh stop "$dir"
#
# HTTP and HTTPS (a private CA: AWS_CA_BUNDLE), path style by 127.0.0.1,
# virtual hosts as BUCKET.s3.localhost.  Two users: test and other.  Storage
# classes STANDARD_IA and GLACIER.
# From the environment:
#   STORE       memstore (RAM, default) or bluestore (a file) for large data
#   S3_CONF     more lines for radosgw, e.g. 'rgw max concurrent requests = 2'
#               makes real 503 SlowDown answers, 'rgw lc debug interval = 5'
#               runs lifecycle rules with days of five seconds
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
PATH=$PATH:/usr/sbin:/sbin
store_bytes=17179869184
access=TESTACCESSKEY0000001 secret=testSecretKey/0000000000000000000000001
access2=TESTACCESSKEY0000002 secret2=testSecretKey/0000000000000000000000002

# A private CA and a certificate for every name the gateway answers to.
make_certificate() (
	cd "$1" || exit 1
	{
		openssl req -x509 -newkey rsa:2048 -nodes -days 30 \
			-subj '/CN=s3 test CA' -keyout ca.key -out ca.pem &&
			openssl req -newkey rsa:2048 -nodes -subj '/CN=localhost' \
				-keyout server.key -out server.csr &&
			echo 'subjectAltName=DNS:localhost,DNS:s3.localhost,DNS:*.s3.localhost,IP:127.0.0.1' >server.ext &&
			openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key \
				-CAcreateserial -days 30 -extfile server.ext \
				-out server.pem
	} 2>/dev/null
)

# write_conf DIR MON_PORT HTTP_PORT HTTPS_PORT
write_conf() {
	cat >"$1/ceph.conf" <<-E
		[global]
		fsid = $(cat /proc/sys/kernel/random/uuid)
		mon host = [v2:127.0.0.1:$2/0]
		ms bind ipv6 = false
		ms crc data = false
		ms crc header = false
		debug ms = 0/0
		auth cluster required = none
		auth service required = none
		auth client required = none
		run dir = $1/out
		log file = $1/out/\$name.log
		admin socket = $1/out/\$name.\$pid.asok
		crash dir = $1/out
		osd pool default size = 1
		osd pool default min size = 1
		osd pool default pg num = 4
		osd pool default pgp num = 4
		osd pool default pg autoscale mode = off
		osd crush chooseleaf type = 0
		mon allow pool size one = true
		mon max pg per osd = 1000
		paxos propose interval = 0.01
		paxos min wait = 0.005
		[mon]
		mon data = $1/mon
		mon initial members = a
		mon data avail crit = 1
		mon data avail warn = 2
		[osd]
		osd data = $1/osd
		osd journal =
		public addr = 127.0.0.1
		cluster addr = 127.0.0.1
		osd objectstore = ${STORE:-memstore}
		memstore device bytes = $store_bytes
		bluestore block size = $store_bytes
		osd memory target = 1073741824
		osd class update on start = false
		[client]
		ms mon client mode = crc
		rgw frontends = beast endpoint=127.0.0.1:$3 ssl_endpoint=127.0.0.1:$4 ssl_certificate=$1/server.pem ssl_private_key=$1/server.key
		rgw dns name = s3.localhost
		rgw crypt require ssl = false
		rgw crypt s3 kms backend = testing
		rgw crypt s3 kms encryption keys = testkey-1=YmluCmJvb3N0CmJvb3N0LWJ1aWxkCmNlcGguY29uZgo=
		rgw enable usage log = false
		rgw gc obj min wait = 2
		rgw gc processor period = 5
		rgw gc processor max time = 5
		${S3_CONF:-}
	E
}

start_store() {
	mkdir "$1/mon" "$1/osd" "$1/out" || return 1
	fsid=$(sed -n 's/^fsid = //p' "$1/ceph.conf")
	osd_id=$(cat /proc/sys/kernel/random/uuid)
	monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$2/0]" \
		"$1/monmap" >/dev/null &&
		ceph-mon --mkfs -i a --monmap "$1/monmap" &&
		ceph-mon -i a &&
		ceph --connect-timeout 20 osd new "$osd_id" 0 &&
		ceph-osd -i 0 --mkfs --osd-uuid "$osd_id" &&
		ceph-osd -i 0
}

make_users() {
	radosgw-admin user create --uid=test --display-name=Test \
		--access-key="$access" --secret="$secret" >/dev/null &&
		radosgw-admin user create --uid=other --display-name=Other \
			--access-key="$access2" --secret="$secret2" >/dev/null
}

add_classes() {
	for class in STANDARD_IA GLACIER; do
		radosgw-admin zonegroup placement add --rgw-zonegroup=default \
			--placement-id=default-placement --storage-class=$class
		radosgw-admin zone placement add --rgw-zone=default \
			--placement-id=default-placement --storage-class=$class \
			--data-pool=default.rgw.buckets.data
	done >/dev/null
}

# The zonegroup's api name is the one LocationConstraint that is accepted.
name_region() {
	radosgw-admin zonegroup get --rgw-zonegroup=default |
		sed 's/"api_name": "[^"]*"/"api_name": "us-east-1"/' >"$1/zonegroup" &&
		radosgw-admin zonegroup set --rgw-zonegroup=default \
			--infile "$1/zonegroup" >/dev/null
}

answers() {
	curl -s -o /dev/null --max-time 5 "http://127.0.0.1:$1/"
}

start_gateway() {
	radosgw -f -n client.rgw.a &
	pid=$!
	until answers "$2"; do
		kill -0 "$pid" || return 1
		sleep 0.05
	done
}

serve() {
	trap 'exit 0' TERM
	# shellcheck disable=SC2046 # three numbers
	set -- "$1" $("$servers/freeport.py" 3)
	export CEPH_CONF="$1/ceph.conf"
	make_certificate "$1" || fail "$1" "openssl cannot make a certificate"
	write_conf "$@"
	start_store "$1" "$2" || fail "$1" "cannot start Ceph's mon and osd"
	make_users || fail "$1" "cannot make users"
	add_classes || fail "$1" "no classes"
	name_region "$1" || fail "$1" "cannot name the region"
	start_gateway "$1" "$3" || fail "$1" "cannot start radosgw"
	publish "$1" <<-E
		export AWS_ACCESS_KEY_ID=$access AWS_SECRET_ACCESS_KEY=$secret
		export AWS_DEFAULT_REGION=us-east-1 AWS_REGION=us-east-1
		export AWS_ENDPOINT_URL=http://127.0.0.1:$3
		export S3_TEST_TLS_URL=https://127.0.0.1:$4
		export S3_TEST_VHOST_URL=https://s3.localhost:$4
		export AWS_CA_BUNDLE='$1/ca.pem'
		export S3_TEST_PORT=$3 S3_TEST_LOG='$1/out/client.rgw.a.log'
		export S3_TEST_OTHER_KEY=$access2 S3_TEST_OTHER_SECRET=$secret2
	E
	wait "$pid"
}

case ${1:-} in
start) begin "${2:?owner process id}" s3 ;;
stop) end "${2:?directory}" ;;
serve) serve "$2" ;;
*) die "usage: s3.sh start OWNER_PID | stop DIR" ;;
esac
