/*
 * Passwords in URLs are typed by people: the login ends at the last "@", so
 * that only a "%" must be encoded.
 */
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "buf.h"
#include "mem.h"
#include "num.h"
#include "smtpurl.h"
#include "uri.h"

#define URL_MAX 2048

static int
wrong(struct err *e, const char *what)
{
	err_set(e, ERR_USAGE, "SMTP_URL: %s", what);
	return err_hint(e, "write smtp[s]://[USER:PASSWORD@]HOST[:PORT]");
}

/* A decoded copy without control characters, or NULL. */
static char *
decode(const char *text, size_t len, struct err *e)
{
	char *copy = mem_dup_len(text, len, e), *p;

	if (copy == NULL)
		return NULL;
	if (uri_decode(copy) != 0) {
		wrong(e, "a bad escape; write % itself as %25");
		mem_free_secret(copy);
		return NULL;
	}
	for (p = copy; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 127) {
			wrong(e, "a control character");
			mem_free_secret(copy);
			return NULL;
		}
	return copy;
}

static int
take_login(struct smtpurl *u, const char *text, size_t len, struct err *e)
{
	const char *colon = memchr(text, ':', len);
	size_t user_len = colon != NULL ? (size_t)(colon - text) : len;

	if (user_len == 0)
		return wrong(e, "no user before the password");
	if ((u->user = decode(text, user_len, e)) == NULL)
		return -1;
	u->password = colon != NULL ? decode(colon + 1, len - user_len - 1, e) :
	    mem_dup("", e);
	return u->password != NULL ? 0 : -1;
}

/* HOST or [HOST], then perhaps :PORT. */
static int
take_host(struct smtpurl *u, const char *text, size_t len, struct err *e)
{
	bool bracket = len > 0 && text[0] == '[';
	const char *end = bracket ? memchr(text, ']', len) :
	    memchr(text, ':', len);
	size_t host_len = end == NULL ? len :
	    (size_t)(end - text) + (bracket ? 1 : 0);
	const char *allowed = bracket ? "[]0123456789abcdefABCDEF:." :
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789._-";
	uint64_t port;

	if ((u->host = mem_dup_len(text, host_len, e)) == NULL)
		return -1;
	if (host_len == 0 || (bracket && end == NULL) ||
	    strspn(u->host, allowed) != host_len)
		return wrong(e, "no valid host");
	text += host_len;
	len -= host_len;
	if (len > 0 && (text[0] != ':' || num_parse_u64_len(text + 1, len - 1,
	    &port) != 0 || port == 0 || port > 65535))
		return wrong(e, "no valid port");
	return 0;
}

static bool
is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	    (strncmp(host, "127.", 4) == 0 &&
	    strspn(host, "0123456789.") == strlen(host));
}

/* The options behind "?"; *tls is 'y', 'n' or 0. */
static int
take_options(struct smtpurl *u, const char *text, char *tls, struct err *e)
{
	size_t len;

	for (;; text += len + 1) {
		len = strcspn(text, "&");
		if (len == 7 && memcmp(text, "tls=yes", 7) == 0)
			*tls = 'y';
		else if (len == 6 && memcmp(text, "tls=no", 6) == 0)
			*tls = 'n';
		else if (len > 5 && memcmp(text, "from=", 5) == 0 &&
		    u->from == NULL) {
			if ((u->from = decode(text + 5, len - 5, e)) == NULL ||
			    address_check(u->from, e) != 0)
				return -1;
		} else {
			return wrong(e, "an option that is none of tls=yes, "
			    "tls=no, from=ADDRESS");
		}
		if (text[len] == '\0')
			return 0;
	}
}

static int
decide_tls(struct smtpurl *u, bool smtps, char tls, struct err *e)
{
	if (smtps && tls == 'n')
		return wrong(e, "smtps:// and tls=no exclude each other");
	u->starttls = !smtps && tls != 'n' &&
	    (tls == 'y' || !is_loopback(u->host));
	if (!smtps && !u->starttls && u->user != NULL &&
	    !is_loopback(u->host)) {
		err_set(e, ERR_USAGE, "SMTP_URL: a password would be sent "
		    "without encryption");
		return err_hint(e, "take tls=no out, or the login");
	}
	return 0;
}

static int
put_url(struct smtpurl *u, bool smtps, const char *host, size_t len,
	struct err *e)
{
	struct buf url = BUF_INIT(URL_MAX);

	buf_puts(&url, smtps ? "smtps://" : "smtp://");
	buf_put(&url, host, len);
	if (buf_check(&url, "SMTP_URL", e) == 0)
		u->url = mem_dup(buf_text(&url), e);
	buf_free(&url);
	return u->url != NULL ? 0 : -1;
}

static int
parse(struct smtpurl *u, const char *text, struct err *e)
{
	bool smtps = strncmp(text, "smtps://", 8) == 0;
	const char *at, *options;
	char tls = 0;
	size_t len;

	if (!smtps && strncmp(text, "smtp://", 7) != 0)
		return wrong(e, "it begins neither with smtp:// nor smtps://");
	if (strlen(text) > URL_MAX)
		return wrong(e, "it is too long");
	text += smtps ? 8 : 7;
	/* an address may follow "?from=", with an "@" of its own */
	options = strstr(text, "?from=");
	if (options == NULL)
		options = strstr(text, "?tls=");
	for (at = NULL, len = 0; text + len != options && text[len] != '\0';
	    len++)
		if (text[len] == '@')
			at = text + len;
	if (at != NULL) {
		if (take_login(u, text, (size_t)(at - text), e) != 0)
			return -1;
		len -= (size_t)(at + 1 - text);
		text = at + 1;
	}
	if (len > 0 && text[len - 1] == '/')
		len--;
	if (take_host(u, text, len, e) != 0 ||
	    put_url(u, smtps, text, len, e) != 0)
		return -1;
	if (options != NULL && take_options(u, options + 1, &tls, e) != 0)
		return -1;
	return decide_tls(u, smtps, tls, e);
}

int
smtpurl_parse(struct smtpurl *u, const char *text, struct err *e)
{
	memset(u, 0, sizeof(*u));
	return parse(u, text, e);
}

void
smtpurl_free(struct smtpurl *u)
{
	free(u->url);
	free(u->host);
	mem_free_secret(u->user);
	mem_free_secret(u->password);
	free(u->from);
	memset(u, 0, sizeof(*u));
}
