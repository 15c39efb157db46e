/* alertmail and pingurl: messages, addresses and URLs, byte for byte. */
#include <string.h>

#include "alertmail/address.h"
#include "alertmail/message.h"
#include "alertmail/smtpurl.h"
#include "pingurl/pingaddr.h"
#include "tap.h"

#define NOW INT64_C(1735956000)	/* Sat, 4 Jan 2025 02:00:00 UTC */

static void
check_addresses(void)
{
	static const char *const good[] = { "a@b", "root", "a.b+c@d-e.example",
		"o'neil@example.org", "a=b@c.d", "x%y@z" };
	static const char *const bad[] = { "", "@", "a@", "@b", "a@b@c",
		"a b@c", "a@b c", "a\n@b", "a@b\r\nRCPT TO:<c@d>", "<a@b>",
		"a,b@c", "\"a\"@b", "-a@b", "-oQ/tmp", "a@b,c@d", "a;b@c",
		"a@[127.0.0.1]", "\xc3\xbc@b", "a@\xc3\xbc", "a\x7f@b" };
	char longest[ADDRESS_MAX + 2];
	struct err e = ERR_INIT;
	struct buf own = BUF_INIT(64);
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		tap_int(address_check(good[i], &e), 0, "'%s'", good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_int(address_check(bad[i], &e), -1, "bad address %zu", i);
	tap_int(e.kind, ERR_USAGE, "is wrong use");
	memset(longest, 'a', sizeof(longest));
	longest[ADDRESS_MAX] = '\0';
	tap_int(address_check(longest, &e), 0, "the longest address");
	longest[ADDRESS_MAX] = 'a';
	longest[ADDRESS_MAX + 1] = '\0';
	tap_int(address_check(longest, &e), -1, "one too long");
	address_put_own(&own, "a b<", "h\nost.x");
	tap_text(buf_text(&own), "a-b-@h-ost.x", "ours is always one");
	buf_free(&own);
}

/* url NULL: wrong */
static const struct {
	const char *text, *url, *user, *password, *from;
	bool starttls;
} urls[] = {
	{ "smtp://h", "smtp://h", NULL, NULL, NULL, true },
	{ "smtp://h:587/", "smtp://h:587", NULL, NULL, NULL, true },
	{ "smtps://h:465", "smtps://h:465", NULL, NULL, NULL, false },
	{ "smtp://localhost", "smtp://localhost", NULL, NULL, NULL, false },
	{ "smtp://127.0.0.1:25", "smtp://127.0.0.1:25", NULL, NULL, NULL,
	    false },
	{ "smtp://127.evil.org", "smtp://127.evil.org", NULL, NULL, NULL,
	    true },
	{ "smtp://[::1]:25", "smtp://[::1]:25", NULL, NULL, NULL, false },
	{ "smtp://localhost?tls=yes", "smtp://localhost", NULL, NULL, NULL,
	    true },
	{ "smtp://h?tls=no", "smtp://h", NULL, NULL, NULL, false },
	{ "smtp://u@h", "smtp://h", "u", "", NULL, true },
	{ "smtp://u:p@h", "smtp://h", "u", "p", NULL, true },
	{ "smtp://u:@h", "smtp://h", "u", "", NULL, true },
	{ "smtp://u@d.org:p@h", "smtp://h", "u@d.org", "p", NULL, true },
	{ "smtp://a%40b:p%3a%25@h", "smtp://h", "a@b", "p:%", NULL, true },
	{ "smtps://u:p@/?#&:w\\ \"'@h:1", "smtps://h:1", "u",
	    "p@/?#&:w\\ \"'", NULL, false },
	{ "smtp://u:p@h?from=a@b", "smtp://h", "u", "p", "a@b", true },
	{ "smtp://u:p@localhost?tls=no&from=a@b", "smtp://localhost", "u",
	    "p", "a@b", false },
	{ "", NULL, NULL, NULL, NULL, false },
	{ "h", NULL, NULL, NULL, NULL, false },
	{ "http://h", NULL, NULL, NULL, NULL, false },
	{ "smtp://", NULL, NULL, NULL, NULL, false },
	{ "smtp://:25", NULL, NULL, NULL, NULL, false },
	{ "smtp://h:0", NULL, NULL, NULL, NULL, false },
	{ "smtp://h:65536", NULL, NULL, NULL, NULL, false },
	{ "smtp://h:x", NULL, NULL, NULL, NULL, false },
	{ "smtp://h/path", NULL, NULL, NULL, NULL, false },
	{ "smtp://h?x=y", NULL, NULL, NULL, NULL, false },
	{ "smtp://h?tls=maybe", NULL, NULL, NULL, NULL, false },
	{ "smtp://h?tls=yes&", NULL, NULL, NULL, NULL, false },
	{ "smtp://h?from=", NULL, NULL, NULL, NULL, false },
	{ "smtp://h?from=a b", NULL, NULL, NULL, NULL, false },
	{ "smtp://h?from=a%0d%0ab", NULL, NULL, NULL, NULL, false },
	{ "smtp://h\r\nX", NULL, NULL, NULL, NULL, false },
	{ "smtp://[::1", NULL, NULL, NULL, NULL, false },
	{ "smtp://:p@h", NULL, NULL, NULL, NULL, false },
	{ "smtp://u:100%@h", NULL, NULL, NULL, NULL, false },
	{ "smtp://u:%00@h", NULL, NULL, NULL, NULL, false },
	{ "smtp://u:%0d%0aRSET@h", NULL, NULL, NULL, NULL, false },
	{ "smtps://h?tls=no", NULL, NULL, NULL, NULL, false },
	{ "smtp://u:p@h?tls=no", NULL, NULL, NULL, NULL, false },
};

static void
check_same(const char *got, const char *expected, size_t i, const char *what)
{
	tap_text(got != NULL ? got : "none", expected != NULL ? expected :
	    "none", "URL %zu: %s", i, what);
}

static void
check_urls(void)
{
	struct err e = ERR_INIT;
	struct smtpurl u;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		rc = smtpurl_parse(&u, urls[i].text, &e);
		if (urls[i].url == NULL) {
			tap_int(rc, -1, "URL %zu is wrong", i);
			tap_int(e.kind, ERR_USAGE, "is wrong use");
		} else if (tap_int(rc, 0, "URL %zu: %s", i, e.text)) {
			check_same(u.url, urls[i].url, i, "url");
			check_same(u.user, urls[i].user, i, "user");
			check_same(u.password, urls[i].password, i,
			    "password");
			check_same(u.from, urls[i].from, i, "from");
			tap_int(u.starttls, urls[i].starttls,
			    "URL %zu: STARTTLS", i);
		}
		smtpurl_free(&u);
	}
	tap_int(smtpurl_parse(&u, "smtp://me:hidden@h:x", &e), -1, "an error");
	tap_ok(strstr(e.text, "hidden") == NULL, "does not hold the password");
	smtpurl_free(&u);
}

/* The whole message of a subject and a body, without its fixed headers. */
static void
put(struct buf *out, const char *subject, const char *body, size_t len)
{
	static const char *const to[] = { "x@y", "z" };
	struct message m = { .from = "a@b", .to = to, .to_count = 2,
		.subject = subject, .id = "1@b", .now = NOW, .body = body,
		.body_len = len, .newline = "\r\n" };

	buf_reset(out);
	message_put(out, &m);
}

static void
check_headers(void)
{
	struct buf b = BUF_INIT(8192);

	put(&b, "all is well", "x\n", 2);
	tap_text(buf_text(&b), "From: a@b\r\nTo: x@y,\r\n z\r\n"
	    "Subject: all is well\r\n"
	    "Date: Sat, 04 Jan 2025 02:00:00 +0000\r\n"
	    "Message-ID: <1@b>\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n"
	    "Auto-Submitted: auto-generated\r\n\r\nx\r\n", "a message");
	buf_free(&b);
}

static void
check_subjects(void)
{
	static const struct {
		const char *subject, *header;
	} cases[] = {
		{ "a\r\nBcc: c@d", "Subject: a  Bcc: c@d\r\nDate" },
		{ "a\x1b[31m\x7f", "Subject: a [31m \r\nDate" },
		{ "\xff", "Subject:  \r\nDate" },
		{ "", "Subject: \r\nDate" },
		{ "f\xc3\xbcr", "Subject: =?utf-8?B?ZsO8cg==?=\r\nDate" },
		{ "=?utf-8?q?x?=", "Subject: =?utf-8?B?PT91dGYtOD9xP3g/PQ==?="
		    "\r\nDate" },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xbc" "b",
		    "Subject: =?utf-8?B?YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh"
		    "YWFhYWFhYWFhYWFhYWE=?=\r\n =?utf-8?B?w7xi?=\r\nDate" },
	};
	struct buf b = BUF_INIT(8192);
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put(&b, cases[i].subject, "", 0);
		if (!tap_ok(strstr(buf_text(&b), cases[i].header) != NULL,
		    "subject %zu", i))
			tap_note("%s", buf_text(&b));
	}
	buf_free(&b);
}

static void
check_bodies(void)
{
	static const struct {
		const char *body, *encoded;
	} cases[] = {
		{ "", "" }, { "a", "a\r\n" }, { "a\nb", "a\r\nb\r\n" },
		{ "a\r\nb\r\n", "a\r\nb\r\n" }, { "\n\n", "\r\n\r\n" },
		{ "a\rb", "a\\x0db\r\n" }, { "a=b", "a=3Db\r\n" },
		{ "a \n", "a=20\r\n" }, { "a\t\n", "a=09\r\n" },
		{ "\ta b", "\ta b\r\n" }, { ".\n", "=2E\r\n" },
		{ "..\n", "=2E.\r\n" }, { "From x", "=46rom x\r\n" },
		{ "\xc3\xbc", "=C3=BC\r\n" }, { "\xff", "\\xff\r\n" },
		{ "\x1b[0m", "\\x1b[0m\r\n" },
		{ "\xe2\x80\xae", "\\xe2\\x80\\xae\r\n" },
	};
	char line[200];
	struct buf b = BUF_INIT(8192);
	const char *body;
	size_t i, len;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put(&b, "", cases[i].body, strlen(cases[i].body));
		body = strstr(buf_text(&b), "\r\n\r\n");
		tap_text(body + 4, cases[i].encoded, "body %zu", i);
	}
	put(&b, "", "a\0b", 3);
	tap_text(strstr(buf_text(&b), "\r\n\r\n") + 4, "a\\x00b\r\n",
	    "a zero byte");
	memset(line, '.', sizeof(line));
	put(&b, "", line, sizeof(line));
	for (body = b.data; *body != '\0'; body += len + 2) {
		len = strcspn(body, "\r");
		tap_ok(len <= 76 && *body != '.', "a line of %zu bytes", len);
	}
	buf_free(&b);
}

static void
check_pings(void)
{
	static const struct {
		const char *url, *verb, *expected, *host;
	} cases[] = {
		{ "https://h/u", NULL, "https://h/u", "h" },
		{ "https://h/u", "start", "https://h/u/start", "h" },
		{ "https://h/u/", "fail", "https://h/u/fail", "h" },
		{ "https://h:1/u?a=b/", "fail", "https://h:1/u/fail?a=b/",
		    "h" },
		{ "http://u:p@h", "log", "http://u:p@h/log", "h" },
		{ "http://[::1]:8/x", NULL, "http://[::1]:8/x", "[::1]" },
		{ "ftp://h/u", NULL, NULL, NULL },
		{ "https://", NULL, NULL, NULL },
		{ "https:///u", NULL, NULL, NULL },
		{ "https://h/a b", NULL, NULL, NULL },
		{ "https://h/a\r\nX: y", NULL, NULL, NULL },
		{ "https://h/a#b", "fail", NULL, NULL },
	};
	struct buf b = BUF_INIT(256);
	struct err e = ERR_INIT;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&b);
		rc = pingaddr_put(&b, cases[i].url, cases[i].verb, &e);
		tap_int(rc, cases[i].expected != NULL ? 0 : -1, "ping %zu", i);
		if (cases[i].expected == NULL)
			continue;
		tap_text(buf_text(&b), cases[i].expected, "its URL");
		buf_reset(&b);
		pingaddr_put_host(&b, cases[i].url);
		tap_text(buf_text(&b), cases[i].host, "its host");
	}
	buf_free(&b);
}

int
main(void)
{
	check_addresses();
	check_urls();
	check_headers();
	check_subjects();
	check_bodies();
	check_pings();
	return tap_done();
}
