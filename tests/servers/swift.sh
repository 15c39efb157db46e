#!/bin/sh
# A second opinion on S3, on free ports of 127.0.0.1: OpenStack Swift with s3api.
# It is stricter than Ceph about signatures, regions and checksums, and lacks
# much: conditions, encryption, lifecycle, locks, policies.
#
#   dir=$(tests/servers/swift.sh start $$)   belongs to this shell, ends with it
#   . "$dir/env"                             AWS_ACCESS_KEY_ID AWS_ENDPOINT_URL ...
#   tests/servers/swift.sh stop "$dir"
#
# TMPDIR must be on a file system with extended attributes of users.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
user=test:tester secret=testing

has_attributes() {
	: >"$1/x" && /usr/bin/python3 -c 'import os, sys
os.setxattr(sys.argv[1], b"user.t", b"1")' "$1/x"
}

# write_backend DIR KIND PORT
write_backend() {
	cat >"$1/$2.conf" <<-E
		[DEFAULT]
		bind_ip = 127.0.0.1
		bind_port = $3
		workers = 0
		user = $(id -un)
		swift_dir = $1
		devices = $1/srv
		mount_check = false
		fallocate_reserve = 0
		conn_timeout = 5
		log_level = ERROR
		[pipeline:main]
		pipeline = $2-server
		[app:$2-server]
		use = egg:swift#$2
		mb_per_sync = 4096
		replication_server = false
	E
}

write_proxy() { # write_proxy DIR PORT CACHE_PORT
	cat >"$1/proxy.conf" <<-E
		[DEFAULT]
		bind_ip = 127.0.0.1
		bind_port = $2
		workers = 0
		user = $(id -un)
		swift_dir = $1
		log_level = ERROR
		[pipeline:main]
		pipeline = catch_errors gatekeeper cache listing_formats bulk s3api tempauth copy slo dlo versioned_writes symlink proxy-server
		[app:proxy-server]
		use = egg:swift#proxy
		account_autocreate = true
		allow_account_management = true
		[filter:cache]
		use = egg:swift#memcache
		memcache_servers = 127.0.0.1:$3
		[filter:s3api]
		use = egg:swift#s3api
		location = us-east-1
		storage_domain = s3.localhost
		max_upload_part_num = 10000
		[filter:tempauth]
		use = egg:swift#tempauth
		user_test_tester = $secret .admin
		[filter:slo]
		use = egg:swift#slo
		max_manifest_segments = 10000
		[filter:versioned_writes]
		use = egg:swift#versioned_writes
		allow_versioned_writes = true
		allow_object_versioning = true
	E
	for filter in catch_errors gatekeeper listing_formats bulk copy dlo symlink; do
		printf '[filter:%s]\nuse = egg:swift#%s\n' $filter $filter
	done >>"$1/proxy.conf"
	printf '%s\n' '[swift-hash]' 'swift_hash_path_suffix = s' \
		'swift_hash_path_prefix = p' '[storage-policy:0]' 'name = p0' \
		'default = yes' >"$1/swift.conf"
}

# make_rings DIR ACCOUNT_PORT CONTAINER_PORT OBJECT_PORT
make_rings() {
	/usr/bin/python3 -W ignore - "$@" <<-'E'
		import sys
		from swift.common.ring import RingBuilder
		where, *ports = sys.argv[1:]
		for name, port in zip(("account", "container", "object"), ports):
		    ring = RingBuilder(4, 1, 1)
		    ring.add_dev(dict(region=1, zone=1, ip="127.0.0.1", port=int(port),
		        replication_ip="127.0.0.1", replication_port=int(port),
		        device="d1", weight=1.0, meta=""))
		    ring.rebalance(seed=1)
		    ring.get_ring().save(f"{where}/{name}.ring.gz")
	E
}

listens() {
	curl -s -o /dev/null --max-time 5 "http://127.0.0.1:$1/"
}

# wait_until_ready PORT...: while all children live
wait_until_ready() {
	for port in "$@"; do
		until listens "$port"; do
			for pid in $pids; do
				kill -0 "$pid" || return 1
			done
			sleep 0.05
		done
	done
}

serve() {
	trap 'exit 0' TERM
	# shellcheck disable=SC2046 # five numbers
	set -- "$1" $("$servers/freeport.py" 5)
	has_attributes "$1" || fail "$1" "no extended attributes in $1"
	mkdir -p "$1/srv/d1"
	write_proxy "$1" "$5" "$6"
	make_rings "$1" "$2" "$3" "$4" || fail "$1" "cannot make Swift's rings"
	write_backend "$1" account "$2"
	write_backend "$1" container "$3"
	write_backend "$1" object "$4"
	memcached -l 127.0.0.1 -p "$6" -U 0 -m 16 -u "$(id -un)" &
	pids=$!
	for kind in account container object proxy; do
		"swift-$kind-server" "$1/$kind.conf" &
		pids="$pids $!"
	done
	wait_until_ready "$2" "$3" "$4" "$5" || fail "$1" "cannot start Swift"
	publish "$1" <<-E
		export AWS_ACCESS_KEY_ID=$user AWS_SECRET_ACCESS_KEY=$secret
		export AWS_DEFAULT_REGION=us-east-1 AWS_REGION=us-east-1
		export AWS_ENDPOINT_URL=http://127.0.0.1:$5 S3_TEST_PORT=$5
		export S3_TEST_LACKS='tls policy classes'
	E
	wait
}

case ${1:-} in
start) begin "${2:?owner process id}" swift ;;
stop) end "${2:?directory}" ;;
serve) serve "$2" ;;
*) die "usage: swift.sh start OWNER_PID | stop DIR" ;;
esac
