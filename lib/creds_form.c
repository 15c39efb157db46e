/*
 * Forms for the security token service: written, signed, posted. Source: AWS
 * Security Token Service API Reference.
 */
#include <stdlib.h>
#include <string.h>

#include "creds_private.h"
#include "hash.h"
#include "os.h"
#include "sigv4.h"
#include "uri.h"
#include "utc.h"

#define FORM_MAX (64u * 1024)
#define CONNECT_MS 10000
#define LIMIT_MS 30000
#define ATTEMPTS 5
#define SKEW_SECONDS 240
#define HEADERS_MAX 5

/* One question: where to, and what. */
struct question {
	const struct creds_sts *ask;
	struct endpoint at;
	struct buf form, path, authorization, url;
	char stamp[UTC_TEXT];
};

static int
find_server(struct creds_session *s, struct question *q, struct err *e)
{
	struct buf url = BUF_INIT(400);
	struct endpoint_kind kind = { 0 };
	char *configured = NULL;
	int rc = -1;

	if (awsenv_endpoint_url(s->env, "sts", &configured, e) != 0 ||
	    awsenv_get_flag(s->env, "AWS_USE_DUALSTACK_ENDPOINT",
	    "use_dualstack_endpoint", &kind.dualstack, e) != 0 ||
	    awsenv_get_flag(s->env, "AWS_USE_FIPS_ENDPOINT",
	    "use_fips_endpoint", &kind.fips, e) != 0)
		goto out;
	buf_puts(&url, configured != NULL ? configured : "https://");
	if (configured == NULL)
		endpoint_aws_host(&url, "sts", s->region, &kind);
	rc = endpoint_parse(&q->at, buf_text(&url), e);
out:
	free(configured);
	buf_free(&url);
	return rc;
}

static void
put_param(struct buf *form, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_printf(form, "&%s=", name);
	uri_encode(form, value, strlen(value), false);
}

static int
write_form(struct question *q, struct err *e)
{
	const struct creds_sts *ask = q->ask;
	size_t i;

	buf_init(&q->form, FORM_MAX);
	buf_init(&q->path, 1024);
	buf_init(&q->url, 2048);
	buf_init(&q->authorization, 2048);
	if (buf_room(&q->form, FORM_MAX) != NULL)	/* no copies left */
		buf_printf(&q->form, "Action=%s&Version=2011-06-15",
		    ask->action);
	for (i = 0; i < ask->param_count; i++)
		put_param(&q->form, ask->params[i].name, ask->params[i].value);
	buf_printf(&q->path, "%s/", q->at.base);
	buf_printf(&q->url, "%s://%s%s", q->at.tls ? "https" : "http",
	    q->at.host, buf_text(&q->path));
	return buf_check(&q->form, "a form", e) != 0 ? -1 :
	    buf_check(&q->url, "a URL", e);
}

/* Returns how many headers there are, or -1. */
static int
sign(const struct creds_session *s, struct question *q, int64_t now,
	struct net_header *sent, struct err *e)
{
	const struct creds *c = q->ask->signer;
	struct sigv4_pair pairs[HEADERS_MAX];
	uint8_t digest[HASH_SHA256_SIZE];
	char sha256[HASH_HEX_MAX];
	int n = 0, i;

	sent[n++] = (struct net_header){ "content-type",
		"application/x-www-form-urlencoded" };
	if (c == NULL)
		return n;
	sent[n++] = (struct net_header){ "host", q->at.host };
	sent[n++] = (struct net_header){ "x-amz-date",
		utc_format_amz(q->stamp, now) };
	if (c->session_token != NULL)
		sent[n++] = (struct net_header){ "x-amz-security-token",
			c->session_token };
	for (i = 0; i < n; i++)
		pairs[i] = (struct sigv4_pair){ sent[i].name, sent[i].value };
	if (hash_sha256(q->form.data, q->form.len, digest, e) != 0)
		return -1;
	hash_hex(sha256, digest, sizeof(digest));
	buf_reset(&q->authorization);
	if (sigv4_sign(&(struct sigv4_request){ "POST", buf_text(&q->path), "",
	    pairs, (size_t)n, sha256 }, &(struct sigv4_key){ c->access_key,
	    c->secret_key, s->region, "sts" }, now, &q->authorization, e) != 0)
		return -1;
	sent[n++] = (struct net_header){ "authorization",
		buf_text(&q->authorization) };
	return n;
}

/* Is our clock wrong? Then believe the server's. */
static bool
correct_clock(struct creds_session *s, const struct question *q,
	const struct net_answer *http, int64_t now)
{
	int64_t date;

	if (q->ask->signer == NULL || http->status != 403 ||
	    utc_parse_http(net_answer_header(http, "date"), &date) != 0 ||
	    llabs((long long)(date - now)) < SKEW_SECONDS)
		return false;
	s->skew = date - os_now();
	return true;
}

static int
send_question(struct creds_session *s, struct question *q,
	struct net_answer *http, struct err *e)
{
	struct net_header headers[HEADERS_MAX + 1];
	struct creds_fetch f = { .what = "the security token service",
		.url = buf_text(&q->url), .method = "POST",
		.headers = headers, .body = buf_text(&q->form),
		.connect_ms = CONNECT_MS, .limit_ms = LIMIT_MS,
		.attempts = ATTEMPTS };
	int64_t now;
	int n, tries;

	for (tries = 0; tries < 2; tries++) {
		now = os_now() + s->skew;
		if ((n = sign(s, q, now, headers, e)) < 0)
			return -1;
		f.header_count = (size_t)n;
		if (creds_fetch(s, &f, http, e) != 0)
			return -1;
		if (!correct_clock(s, q, http, now))
			break;
	}
	return 0;
}

int
creds_post_sts(struct creds_session *s, const struct creds_sts *ask,
	struct net_answer *http, struct err *e)
{
	struct question q = { .ask = ask };
	int rc = -1;

	if (find_server(s, &q, e) == 0 && write_form(&q, e) == 0)
		rc = send_question(s, &q, http, e);
	endpoint_free(&q.at);
	buf_free_secret(&q.form);
	buf_free(&q.path);
	buf_free(&q.url);
	buf_free(&q.authorization);
	return rc;
}
