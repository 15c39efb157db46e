#!/bin/sh
# alertmail: by SMTP with TLS and login, by sendmail; nothing is injected.
. "${0%/*}/../lib.sh"
command -v exim4 >/dev/null || [ -x /usr/sbin/exim4 ] || skip_all 'no exim4'
use_server mail ''
plain=smtp://127.0.0.1:$MAIL_PORT
login_at=localhost:$MAIL_LOGIN_PORT tls_at=localhost:$MAIL_TLS_PORT
user=$(printf %s "$MAIL_USER" | sed 's/@/%40/')
odd=$(printf %s "$MAIL_PASSWORD" | sed 's/%/%25/g')

# mails: how many are in the box; mail: the newest of them
mails() {
	# shellcheck disable=SC2012 # names are exim's
	ls "$MAIL_BOX" | wc -l
}
mail() {
	# shellcheck disable=SC2012
	cat "$MAIL_BOX/$(ls -t "$MAIL_BOX" | head -n 1)"
}
# come N: so many have been delivered, whole, since the last forget
delivered() {
	grep -c ' => ' "$MAIL_LOG"
}
come() {
	[ "$(delivered)" -ge $((before + $1)) ]
}
forget() {
	rm -f "$MAIL_BOX"/*
	before=$(delivered)
}
before=0
# read_mail FIELD: the newest mail as Python's email package understands it.
read_mail() {
	mail | python3 -c '
import email, email.policy, sys
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
if sys.argv[1] == "names":
    print(" ".join(m.keys()))
elif sys.argv[1] == "body":
    sys.stdout.write(m.get_content())
else:
    print(m[sys.argv[1]])
' "$1"
}
send() { # send URL ARGUMENT...: the file body
	url=$1
	shift
	run env SMTP_URL="$url" alertmail "$@" <body
}

# --- the way of a mail

printf 'All is lüst\n.\n..\nFrom here\r\n\ttab = x  \n%s\nend' \
	"$(head -c 500 /dev/zero | tr '\0' .)" >body
send "$plain" -s 'Backup of ümläut failed' a@b.test c@d.test
status_is 0 'a mail to two addresses'
out_is '' 'silent'
err_is '' 'all around'
wait_for come 2
is "$(mails)" 2 'each gets one'
is "$(read_mail subject)" 'Backup of ümläut failed' 'the subject'
is "$(read_mail to)" 'a@b.test, c@d.test' 'to both'
like "$(read_mail from)" '^[a-zA-Z0-9._-]+@[a-zA-Z0-9.-]+$' 'from us'
like "$(read_mail message-id)" '^<[0-9a-f]{32}@' 'an id'
ok 'the date is now' python3 -c '
import email.utils, sys, time
when = email.utils.parsedate_to_datetime(sys.argv[1]).timestamp()
assert abs(when - time.time()) < 60' "$(read_mail date)"
read_mail body >got
{ sed 's/\r$//' body; echo; } >want
same_file got want 'the text, dots and all'
is "$(mail | sed '1,/^$/d' | LC_ALL=C grep -c '.\{77\}')" 0 'no line is too long'
names=$(read_mail names)

forget
run sh -c ": | SMTP_URL=$plain alertmail a@b.test"
status_is 0 'an empty text'
wait_for come 1
like "$(read_mail subject)" '^pgdumpz on ' 'the subject of those who give none'
forget
send "$plain" refused@b.test c@d.test
status_is 4 'one address is refused'
err_like "cannot send to 'refused@b.test'.*'550 no such mailbox'" 'which one, and why'
wait_for come 1
is "$(mails)" 1 'the other one gets it'
forget
run sh -c "head -c 3000000 /dev/zero | tr '\0' 'x' | SMTP_URL=$plain alertmail a@b.test"
status_is 0 'a text that is too long'
wait_for come 1
like "$(read_mail body | tail -n 1)" '^\[cut here' 'is cut, and says so'

# --- what would inject

forget
: >body
send "$plain" -s "$(printf 'a\r\nBcc: evil@b.test\r\n\r\nbody\033[2J\177')" a@b.test
wait_for come 1
is "$(read_mail names)" "$names" 'a newline in the subject makes no header'
is "$(read_mail subject)" 'a  Bcc: evil@b.test    body [2J ' 'it becomes blanks'
forget
printf '.\r\nMAIL FROM:<x@y>\r\nRCPT TO:<evil@b.test>\r\n.\r\nQUIT\r\n\033[2J\000\377\r\r\n' >body
send "$plain" a@b.test
wait_for come 1
is "$(mails)" 1 'a dialogue in the text is text'
is "$(read_mail body | head -n 5 | tr '\n' '|')" \
	'.|MAIL FROM:<x@y>|RCPT TO:<evil@b.test>|.|QUIT|' 'as it was'
is "$(read_mail body | LC_ALL=C tr -d '\n -~')" '' 'without control characters'
forget
for address in 'a@b.test>' "$(printf 'a@b.test\r\nRCPT TO:<evil@b.test>')" '-oQ/tmp/x' \
	'a@b.test,evil@b.test' 'a b@c' '' '"x"@y' "$(printf 'a@b\033.c')"; do
	send "$plain" -- "$address"
	status_is 2 "address $(printf %s "$address" | tr '\r\n\033' '   ') is refused"
	send "$plain" "--from=$address" a@b.test
	status_is 2 "and as a sender"
done
send "$plain?from=a@b.test%0d%0aX:y" a@b.test
status_is 2 'and in the URL'
sleep 0.3
is "$(mails)" 0 'nothing of it is sent'

# --- senders, logins and encryption

send "$plain?from=sender@x.test" a@b.test
wait_for come 1
is "$(read_mail from) $(read_mail return-path)" 'sender@x.test <sender@x.test>' \
	'the sender of the URL'
forget
send "$plain?from=sender@x.test" -f other@x.test a@b.test
wait_for come 1
is "$(read_mail from)" other@x.test '--from goes before it'

export SSL_CERT_FILE="$MAIL_CA"
for url in "smtps://$user:$odd@$tls_at" "smtps://$MAIL_USER:$odd@$tls_at" \
	"smtp://$user:$odd@$login_at?tls=yes"; do
	forget
	run env SMTP_URL="$url" alertmail --check
	status_is 0 "login with TLS: ${url%%:*}"
	send "$url" a@b.test
	status_is 0 'sent'
	wait_for come 1
	is "$(read_mail from)" "$MAIL_USER" 'the login is the sender'
	like "$(read_mail received)" 'with esmtpsa +\(TLS' 'encrypted'
done
forget
printf '%s\n' "smtps://$user:$odd@$tls_at" >url
run env SMTP_URL_FILE=url SMTP_URL=nonsense alertmail a@b.test <body
status_is 0 'the URL out of a file'
wait_for come 1
is "$(mails)" 1 'it comes'
printf '%s\n\nx\n' "smtps://$user:$odd@$tls_at" >url
run env SMTP_URL_FILE=url alertmail a@b.test <body
status_is 2 'a file of several lines'
run env SMTP_URL_FILE=missing alertmail a@b.test <body
status_is 3 'a missing file'

forget
# refused STATUS ERE URL NAME: both ways, and the message holds no secret.
refused() {
	for arg in --check a@b.test; do
		send "$3" "$arg"
		status_is "$1" "$4 ($arg)"
		err_like "$2" 'it says why'
		unlike "$(cat "$err")" 'hidden|p@ss' 'and keeps the password'
	done
}
refused 4 'Login denied' "smtps://$user:hidden@$tls_at" 'a wrong password'
refused 4 'Login denied' "smtps://hidden:$odd@$tls_at" 'a wrong user'
refused 4 'STARTTLS' "$plain?tls=yes" 'a server without STARTTLS'
refused 4 "connect to localhost port 1 " smtp://localhost:1 'a server that is down'
refused 4 'resolve' smtps://u:hidden@no-such-host.invalid 'no such host'
refused 2 'without encryption' 'smtp://u:hidden@mail.example.org?tls=no' \
	'a login in the clear'
refused 2 'SMTP_URL' 'http://u:hidden@h' 'not a URL of mail'
unset SSL_CERT_FILE
refused 4 'certificate' "smtps://$user:$odd@$tls_at" 'an unknown CA'
refused 4 'certificate' "smtp://$user:$odd@$login_at?tls=yes" 'and by STARTTLS'
export SSL_CERT_FILE="$MAIL_CA"
refused 4 'subject name' "smtps://$user:$odd@127.0.0.1:$MAIL_TLS_PORT" \
	"another host's certificate"
sleep 0.3
is "$(mails)" 0 'no mail of all these'
unlike "$(cat "$MAIL_LOG")" 'hidden.*AUTH|PLAIN.*hidden' 'no password in the log of the server'
unset SSL_CERT_FILE

# --- sendmail

printf 'by hand\n.\nend\n' >body
run env PATH="$MAIL_SENDMAIL:$PATH" alertmail -s 'ü' a@b.test c@d.test <body
status_is 0 'by sendmail'
wait_for come 2
is "$(read_mail subject)" ü 'the subject'
is "$(read_mail body | head -n 3 | tr '\n' '|')" 'by hand|.|end|' 'the text'
like "$(mail)" '^Envelope-to: c@d.test' 'to both'
run env PATH="$MAIL_SENDMAIL:$PATH" alertmail --check
status_is 0 'there is a sendmail'
mkdir failing
printf '#!/bin/sh\nexit 75\n' >failing/sendmail
chmod 755 failing/sendmail
run env PATH="$T/failing:$PATH" alertmail a@b.test <body
status_is 3 'a sendmail that fails'
err_like "'sendmail' failed with exit status 75" 'its status is told'
head -c 1000000 /dev/zero | tr '\0' x >body
run env PATH="$T/failing:$PATH" alertmail a@b.test <body
err_like "exit status 75" 'also when it does not read'
printf '#!/bin/sh\ncat >"%s/seen"; env >>"%s/seen"; printf "%%s|" "$@" >>"%s/seen"\n' "$T" "$T" "$T" \
	>failing/sendmail
echo x >body
run env PATH="$T/failing:$PATH" AWS_SECRET_ACCESS_KEY=hidden PGPASSWORD=hidden \
	alertmail -f f@x.test a@b.test c@d.test <body
is "$(tail -n 1 seen)" '-oi|-f|f@x.test|--|a@b.test|c@d.test|' 'the arguments of sendmail'
unlike "$(cat seen)" hidden 'no secret in its environment'

# --- wrong use, and signals

for args in '' '--nonsense a@b' '-s' '--from'; do
	# shellcheck disable=SC2086 # words
	run env SMTP_URL="$plain" alertmail $args <body
	status_is 2 "alertmail $args"
done
# a server that never says a word
python3 -c 'import socket, time
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
time.sleep(60)' >port &
mute=$!
wait_for test -s port
SMTP_URL="smtp://127.0.0.1:$(cat port)" alertmail a@b.test <body 2>/dev/null &
waiting=$!
sleep 0.5
kill -TERM $waiting
wait $waiting 2>/dev/null
is $? 143 'a signal ends the wait for a mute server'
kill $mute
wait $mute 2>/dev/null
no_children_left
no_temp_left
done_testing
