#!/bin/sh
# A throw-away mail server on free ports of 127.0.0.1: Exim.
#
#   dir=$(tests/servers/mail.sh start $$)   belongs to this shell, ends with it
#   . "$dir/env"                            MAIL_PORT MAIL_BOX ...
#   tests/servers/mail.sh stop "$dir"
#
# Every mail becomes a file in MAIL_BOX, as it was received, below the lines
# Return-path and Envelope-to; MAIL_LOG is Exim's log.
#   MAIL_PORT        SMTP; anybody may send; no TLS
#   MAIL_LOGIN_PORT  SMTP with STARTTLS; only who has logged in may send
#   MAIL_TLS_PORT    the same, with TLS from the start
# Login: MAIL_USER, MAIL_PASSWORD (an odd one).  Certificate: of localhost, by
# the private CA in MAIL_CA.  Mail to "refused@..." is refused for good,
# "busy@..." for now.  MAIL_SENDMAIL is a directory with a sendmail that
# delivers to the same box before it ends.  Root is fine: the server then runs
# as Debian-exim.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
PATH=$PATH:/usr/sbin:/sbin
user=alerts@mail.test password='p@ss:/?#%& "w\ö'

make_certificate() (
	cd "$1" || exit 1
	{
		openssl req -x509 -newkey rsa:2048 -nodes -days 30 \
			-subj '/CN=mail test CA' -keyout ca.key -out ca.pem &&
			openssl req -newkey rsa:2048 -nodes -subj '/CN=localhost' \
				-keyout server.key -out server.csr &&
			echo 'subjectAltName=DNS:localhost' >server.ext &&
			openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key \
				-CAcreateserial -days 30 -extfile server.ext \
				-out server.pem
	} 2>/dev/null
)

# write_conf DIR PORT LOGIN_PORT TLS_PORT
write_conf() {
	printf '%s' "$password" >"$1/password"
	cat >"$1/exim.conf" <<-E
		exim_user = $($as_server id -un)
		exim_group = $($as_server id -gn)
		primary_hostname = mail.test
		spool_directory = $1/spool
		log_file_path = $1/%slog
		pid_file_path = $1/exim.pid
		local_interfaces = 127.0.0.1
		daemon_smtp_ports = $2 : $3 : $4
		tls_on_connect_ports = $4
		tls_advertise_hosts = \${if eq{\$received_port}{$2}{}{*}}
		tls_certificate = $1/server.pem
		tls_privatekey = $1/server.key
		auth_advertise_hosts = \${if eq{\$tls_in_cipher}{}{}{*}}
		deliver_drop_privilege
		keep_environment =
		add_environment = PATH=/usr/bin:/bin
		host_lookup =
		rfc1413_hosts =
		untrusted_set_sender = *
		local_from_check = false
		qualify_domain = mail.test
		message_size_limit = 20M
		acl_smtp_rcpt = rcpt
		begin acl
		rcpt:
		  deny local_parts = refused
		       message = no such mailbox
		  defer local_parts = busy
		  accept condition = \${if eq{\$received_port}{$2}}
		  require authenticated = *
		  accept
		begin routers
		all:
		  driver = accept
		  transport = box
		begin transports
		box:
		  driver = appendfile
		  file = $1/box/\$message_exim_id
		  create_file = anywhere
		  mode = 0644
		  use_lockfile = false
		  message_prefix =
		  message_suffix =
		  return_path_add
		  envelope_to_add
		begin authenticators
		plain:
		  driver = plaintext
		  public_name = PLAIN
		  server_prompts = :
		  server_condition = \${if and{{eq{\$auth2}{$user}}{eq{\$auth3}{\${readfile{$1/password}}}}}}
		  server_set_id = \$auth2
	E
	mkdir "$1/box" "$1/spool" "$1/bin" &&
		printf '#!/bin/sh\nexec %s %s -C "%s/exim.conf" -odi "$@"\n' "$as_server" \
			"$exim" "$1" >"$1/bin/sendmail" && chmod 755 "$1/bin/sendmail"
}

answers() {
	python3 -c 'import socket, sys
socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).recv(3)' \
		"$1" 2>/dev/null
}

# Several ports may be tried: another process can take a free one first.
start_server() {
	for try in 1 2 3; do
		# shellcheck disable=SC2046 # three words
		set -- "$1" $("$servers/freeport.py" 3)
		rm -rf "${1:?}/box" "${1:?}/spool" "${1:?}/bin"
		write_conf "$@" || return 1
		[ -z "$as_server" ] || chown -R Debian-exim: "$1"
		$as_server "$exim" -C "$1/exim.conf" -bdf &
		pid=$!
		while kill -0 "$pid" 2>/dev/null; do
			if answers "$2" && answers "$3"; then
				port=$2 login_port=$3 tls_port=$4
				return 0
			fi
			sleep 0.05
		done
		echo "mail.sh: attempt $try has failed"
	done
	return 1
}

serve() {
	pid=
	trap '[ -z "$pid" ] || { kill "$pid"; wait "$pid"; }; exit 0' TERM
	as_server='' exim=$(command -v exim4) || fail "$1" "no exim4 is installed"
	[ "$(id -u)" != 0 ] ||
		as_server='setpriv --reuid=Debian-exim --regid=Debian-exim --clear-groups'
	chmod 755 "$1"
	make_certificate "$1" || fail "$1" "cannot make a certificate"
	start_server "$1" || fail "$1" "cannot start Exim"
	publish "$1" <<-E
		export MAIL_PORT=$port MAIL_LOGIN_PORT=$login_port MAIL_TLS_PORT=$tls_port
		export MAIL_USER='$user' MAIL_PASSWORD='$password'
		export MAIL_CA='$1/ca.pem' MAIL_BOX='$1/box' MAIL_LOG='$1/mainlog'
		export MAIL_SENDMAIL='$1/bin'
	E
	wait "$pid"
}

case ${1:-} in
start) begin "${2:?owner process id}" mail ;;
stop) end "${2:?directory}" ;;
serve) serve "$2" ;;
*) die "usage: mail.sh start OWNER_PID | stop DIR" ;;
esac
