#!/bin/sh
# alertmail.exe: by SMTP, with and without TLS, to a real server.
. "${0%/*}/../lib.sh"
. "$tests/windows/lib.sh"
command -v exim4 >/dev/null || [ -x /usr/sbin/exim4 ] || skip_all 'no exim4'
use_wine
use_server mail ''
unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE
user=$(printf %s "$MAIL_USER" | sed 's/@/%40/')
odd=$(printf %s "$MAIL_PASSWORD" | sed 's/%/%25/g')
plain=smtp://127.0.0.1:$MAIL_PORT

# come N: so many have been delivered; read_mail FIELD: of the newest
come() {
	[ "$(grep -c ' => ' "$MAIL_LOG")" -ge "$1" ]
}
read_mail() {
	# shellcheck disable=SC2012 # names are exim's
	python3 -c 'import email, email.policy, sys
m = email.message_from_bytes(open(sys.argv[1], "rb").read(),
    policy=email.policy.default)
print(m.get_content() if sys.argv[2] == "body" else m[sys.argv[2]])' \
		"$MAIL_BOX/$(ls -t "$MAIL_BOX" | head -n 1)" "$1"
}
# send URL ARGUMENT...: the file body
send() {
	url=$1
	shift
	run env SMTP_URL="$url" sh -c 'cat body | alertmail.exe "$@"' - "$@"
}

printf 'All is lüst\r\n.\r\n..\r\nend\r\n' >body
send "$plain" -s 'Backup of ümläut failed' a@b.test c@d.test
status_is 0 'a mail to two addresses'
out_is '' 'silent'
err_is '' 'all around'
wait_for come 2
is "$(read_mail subject)" 'Backup of ümläut failed' 'the subject'
is "$(read_mail to)" 'a@b.test, c@d.test' 'to both'
is "$(read_mail body | tr -d '\r' | head -n 4)" "$(tr -d '\r' <body)" 'the text, dots and all'
send "$plain" refused@b.test
status_is 4 'an address that the server refuses'
err_like "refused@b.test.*'550 no such mailbox'" 'which one, and why'

SSL_CERT_FILE=$(win "$MAIL_CA")
export SSL_CERT_FILE
for url in "smtps://$user:$odd@localhost:$MAIL_TLS_PORT" \
	"smtp://$user:$odd@localhost:$MAIL_LOGIN_PORT?tls=yes"; do
	run env SMTP_URL="$url" alertmail.exe --check
	status_is 0 "login with TLS: ${url%%:*}"
	send "$url" a@b.test
	status_is 0 'sent'
done
wait_for come 4
like "$(read_mail received)" 'with esmtpsa +\(TLS' 'encrypted'
unset SSL_CERT_FILE
send "smtps://$user:$odd@localhost:$MAIL_TLS_PORT" a@b.test
status_is 4 'a CA that Windows does not know'
err_like 'certificate' 'is refused'
unlike "$(cat "$err")" 'p@ss|p%40ss' 'without the password'
send "smtps://$user:wrong@localhost:$MAIL_TLS_PORT" a@b.test
status_is 4 'nor is a wrong password accepted'
send "smtp://127.0.0.1:1" a@b.test
status_is 4 'nobody listens'
run sh -c 'cat body | alertmail.exe a@b.test'
isnt "$status" 0 'without SMTP_URL there is no way to send'
is "$(grep -c ' => ' "$MAIL_LOG")" 4 'no mail came of these'
no_children_left
no_temp_left
done_testing
