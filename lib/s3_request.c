/*
 * One call: signed afresh for each attempt, sent, and judged. Only an answer
 * that is whole and of the kind expected ends it; the rest is tried again as
 * long as backoff allows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "num.h"
#include "os.h"
#include "s3_private.h"
#include "uri.h"
#include "utc.h"

#define URL_MAX (32 * 1024)
#define SIGNED_BODY_MAX (64u * 1024)	/* bodies of requests, not objects */
#define MD5_BLOCK (256u * 1024)
#define SKEW_SECONDS 240		/* servers allow 15 minutes */
#define STOPPING_ATTEMPTS 3

enum verdict { FINAL, AGAIN, AGAIN_AT_ONCE, HOPELESS };

void
s3_call_init(struct s3_call *c, const char *verb, const char *method,
	const char *bucket, const char *key, size_t answer_max)
{
	memset(c, 0, sizeof(*c));
	c->verb = verb;
	c->method = method;
	c->bucket = bucket;
	c->key = key;
	net_answer_init(&c->answer, answer_max);
}

void
s3_call_free(struct s3_call *c)
{
	net_answer_free(&c->answer);
}

void
s3_call_param(struct s3_call *c, const char *name, const char *value)
{
	if (c->param_count < S3_PARAMS_MAX)
		c->params[c->param_count++] =
		    (struct sigv4_pair){ name, value };
}

void
s3_call_header(struct s3_call *c, const char *name, const char *value)
{
	if (c->header_count < S3_HEADERS_MAX)
		c->headers[c->header_count++] =
		    (struct sigv4_pair){ name, value };
}

/* -- the body's checksums ----------------------------------------------- */

static int
md5_of_file(const struct s3_body *b, uint8_t out[HASH_MD5_SIZE],
	struct err *e)
{
	struct hash *h = hash_new(HASH_MD5, e);
	char *block = mem_new(MD5_BLOCK, 1, e);
	uint64_t done = 0;
	ssize_t n;
	int rc = h != NULL && block != NULL ? 0 : -1;

	for (; rc == 0 && done < b->size; done += (uint64_t)n) {
		n = os_pread(b->fd, block, b->size - done < MD5_BLOCK ?
		    (size_t)(b->size - done) : MD5_BLOCK, b->offset + done, e);
		if (n == 0)
			err_set(e, ERR_LOCAL, "the file is shorter than it "
			    "was");
		rc = n > 0 ? hash_update(h, block, (size_t)n, e) : -1;
	}
	if (rc == 0)
		rc = hash_final(h, out, e);
	hash_free(h);
	free(block);
	return rc;
}

/* Content-MD5 lets the server refuse what the wire, or a bug, has changed. */
static int
add_md5(struct s3_call *c, struct err *e)
{
	const struct s3_body *b = c->body;
	uint8_t md5[HASH_MD5_SIZE];
	int rc = 0;

	if (b == NULL || c->md5[0] != '\0')
		return 0;
	if (b->md5 != NULL)
		memcpy(md5, b->md5, sizeof(md5));
	else if (b->data != NULL || b->size == 0)
		rc = hash_md5(b->data != NULL ? b->data : "",
		    (size_t)b->size, md5, e);
	else
		rc = md5_of_file(b, md5, e);
	if (rc != 0)
		return -1;
	hash_base64(c->md5, md5, sizeof(md5));
	s3_call_header(c, "content-md5", c->md5);
	return 0;
}

/*
 * What goes into x-amz-content-sha256. The bytes of an object are not hashed
 * a second time for the signature: their Content-MD5 is among the signed
 * headers, and TLS protects them from malice.
 */
static int
payload_hash(const struct s3_call *c, char hex[HASH_HEX_MAX], struct err *e)
{
	const struct s3_body *b = c->body;
	uint8_t digest[HASH_SHA256_SIZE];

	if (b == NULL || b->size == 0) {
		(void)snprintf(hex, HASH_HEX_MAX, "%s", SIGV4_EMPTY_SHA256);
		return 0;
	}
	if (b->data == NULL || b->size > SIGNED_BODY_MAX) {
		(void)snprintf(hex, HASH_HEX_MAX, "%s", SIGV4_UNSIGNED);
		return 0;
	}
	if (hash_sha256(b->data, (size_t)b->size, digest, e) != 0)
		return -1;
	hash_hex(hex, digest, sizeof(digest));
	return 0;
}

/* -- signing and sending ------------------------------------------------ */

/* What one attempt is made of. */
struct signed_request {
	struct buf host, path, query, url, authorization;
	char stamp[UTC_TEXT];
	char sha256[HASH_HEX_MAX];
	struct sigv4_pair headers[S3_HEADERS_MAX + 4];
	struct net_header sent[S3_HEADERS_MAX + 5];
	size_t count;
};

static void
free_signed(struct signed_request *r)
{
	buf_free(&r->host);
	buf_free(&r->path);
	buf_free(&r->query);
	buf_free(&r->url);
	buf_free(&r->authorization);
}

static int
locate(const struct s3 *s3, const struct s3_call *c,
	struct signed_request *r, struct err *e)
{
	buf_init(&r->host, URL_MAX);
	buf_init(&r->path, URL_MAX);
	buf_init(&r->query, URL_MAX);
	buf_init(&r->url, URL_MAX);
	buf_init(&r->authorization, URL_MAX);
	s3_endpoint_locate(&s3->endpoint, c->bucket, c->key, &r->host,
	    &r->path);
	if (sigv4_query(&r->query, c->params, c->param_count, e) != 0)
		return -1;
	buf_printf(&r->url, "%s://%s", s3->endpoint.tls ? "https" : "http",
	    buf_text(&r->host));
	buf_puts(&r->url, buf_text(&r->path));
	if (r->query.len > 0)
		buf_putc(&r->url, '?');
	buf_puts(&r->url, buf_text(&r->query));
	if (r->host.failed || r->path.failed)
		r->url.failed = true;
	return buf_check(&r->url, "URL", e);
}

static void
put_header(struct signed_request *r, const char *name, const char *value)
{
	r->headers[r->count] = (struct sigv4_pair){ name, value };
	r->sent[r->count++] = (struct net_header){ name, value };
}

static int
sign(const struct s3 *s3, const struct s3_call *c, int64_t now,
	struct signed_request *r, struct err *e)
{
	const struct sigv4_key key = { s3->creds.access_key,
		s3->creds.secret_key, s3->region, "s3" };
	struct sigv4_request canonical;
	size_t i;

	if (locate(s3, c, r, e) != 0 || payload_hash(c, r->sha256, e) != 0)
		return -1;
	put_header(r, "host", buf_text(&r->host));
	put_header(r, "x-amz-content-sha256", r->sha256);
	put_header(r, "x-amz-date", utc_format_amz(r->stamp, now));
	if (s3->creds.session_token != NULL)
		put_header(r, "x-amz-security-token",
		    s3->creds.session_token);
	for (i = 0; i < c->header_count; i++)
		put_header(r, c->headers[i].name, c->headers[i].value);
	canonical = (struct sigv4_request){ c->method, buf_text(&r->path),
		buf_text(&r->query), r->headers, r->count, r->sha256 };
	if (sigv4_sign(&canonical, &key, now, &r->authorization, e) != 0)
		return -1;
	r->sent[r->count] = (struct net_header){ "Authorization",
		buf_text(&r->authorization) };
	return 0;
}

static int
send_once(const struct s3 *s3, struct s3_call *c, int64_t now,
	struct err *e)
{
	struct signed_request r = { .count = 0 };
	struct net_request n = {
		.method = c->method,
		.receive = c->receive,
		.ctx = c->ctx,
		.ignore_stop = c->ignore_stop,
		.stall_seconds = c->stall_seconds,
	};
	int rc = -1;

	c->answer.result = NET_FAILED;
	if (c->body != NULL) {
		n.has_body = true;
		n.data = c->body->data != NULL || c->body->size > 0 ?
		    c->body->data : "";
		n.fd = c->body->fd;
		n.offset = c->body->offset;
		n.size = c->body->size;
	}
	if (sign(s3, c, now, &r, e) == 0) {
		n.url = buf_text(&r.url);
		n.headers = r.sent;
		n.header_count = r.count + 1;
		rc = net_send(s3->net, &n, &c->answer, e);
	}
	free_signed(&r);
	return rc;
}

/* -- judging ------------------------------------------------------------ */

/*
 * The server says that our clock is wrong; its own is in the answer. Believe
 * it for this session, once.
 */
static bool
correct_clock(struct s3 *s3, struct s3_call *c, int64_t signed_at)
{
	const char *code = c->summary.code;
	int64_t date;

	if (c->clock_corrected || c->answer.status != 403 ||
	    (code[0] != '\0' && strcmp(code, "RequestTimeTooSkewed") != 0) ||
	    utc_parse_http(net_answer_header(&c->answer, "date"), &date) != 0)
		return false;
	if (llabs((long long)(date - signed_at)) < SKEW_SECONDS)
		return false;
	atomic_store(&s3->skew, (long long)(date - os_now()));
	c->clock_corrected = true;
	return true;
}

/* Is a 200 what it should be? An error document, or half of one, is not. */
static bool
is_expected(struct s3_call *c, struct err *e)
{
	const char *root = c->summary.root;

	if (s3xml_summarize(buf_text(&c->answer.body), c->answer.body.len,
	    &c->summary, e) != 0)
		return false;
	if (strcmp(root, "Error") == 0) {
		s3_call_fail(NULL, c, e);
		return false;
	}
	if (strcmp(root, c->expects) != 0) {
		err_set(e, ERR_REMOTE, "the server's answer is '%s', not '%s'",
		    root, c->expects);
		return false;
	}
	return true;
}

static enum verdict
judge(struct s3 *s3, struct s3_call *c, int64_t signed_at, struct err *e)
{
	struct err none = ERR_INIT;
	int status = c->answer.status;
	bool is_error_200;

	memset(&c->summary, 0, sizeof(c->summary));
	if (status / 100 == 2) {
		s3_remember_bucket(s3, c->bucket);
		if (c->expects == NULL || is_expected(c, e))
			return FINAL;
		c->doubtful = true;
		is_error_200 = c->summary.code[0] != '\0';
		return !is_error_200 || s3_is_transient(200,
		    c->summary.code) ? AGAIN : HOPELESS;
	}
	/* a text of a proxy's own is fine too: the status counts */
	(void)s3xml_summarize(buf_text(&c->answer.body), c->answer.body.len,
	    &c->summary, &none);
	if (correct_clock(s3, c, signed_at))
		return AGAIN_AT_ONCE;
	if (!s3_is_transient(status, c->summary.code))
		return FINAL;
	if (status >= 500)
		c->doubtful = true;
	s3_call_fail(s3, c, e);
	return AGAIN;
}

static enum verdict
attempt(struct s3 *s3, struct s3_call *c, struct err *e)
{
	int64_t now = os_now() + (int64_t)atomic_load(&s3->skew);

	if (c->begin != NULL)
		c->begin(c);
	if (send_once(s3, c, now, e) == 0)
		return judge(s3, c, now, e);
	if (c->answer.result == NET_LOST)
		c->doubtful = true;
	return c->answer.result == NET_FAILED ? HOPELESS : AGAIN;
}

/* -- trying again ------------------------------------------------------- */

static int64_t
asked_to_wait_ms(const struct s3_call *c)
{
	uint64_t seconds;

	if (c->answer.result != NET_ANSWERED ||
	    num_parse_u64(net_answer_header(&c->answer, "retry-after"),
	    &seconds) != 0)
		return 0;
	return seconds > 3600 ? 3600000 : (int64_t)seconds * 1000;
}

/* 0 to go on, or -1 when there is no more trying. */
static int
wait_before_next(const struct s3 *s3, const struct s3_call *c,
	int64_t started, struct err *e)
{
	struct err stopped = ERR_INIT;
	uint32_t random = 0;
	int64_t ms;

	if (os_random(&random, sizeof(random), &stopped) != 0)
		random = UINT32_MAX;
	ms = backoff_wait_ms(&s3->backoff, c->attempts,
	    os_monotonic_ms() - started, asked_to_wait_ms(c), random);
	if (ms < 0)
		return -1;
	if (os_sleep_ms(ms, &stopped) == 0)
		return 0;
	if (c->ignore_stop)
		return c->attempts < STOPPING_ATTEMPTS ? 0 : -1;
	*e = stopped;
	return -1;
}

int
s3_call_send(struct s3 *s3, struct s3_call *c, struct err *e)
{
	int64_t started = os_monotonic_ms();

	if (add_md5(c, e) != 0)
		return -1;
	for (;;) {
		c->attempts++;
		switch (attempt(s3, c, e)) {
		case FINAL:
			return 0;
		case HOPELESS:
			return -1;
		case AGAIN_AT_ONCE:
			continue;
		case AGAIN:
			break;
		}
		if (wait_before_next(s3, c, started, e) != 0)
			break;
	}
	if (e->kind == ERR_SIGNAL || c->attempts == 1)
		return -1;
	err_context(e, "gave up after %u attempts", c->attempts);
	return -1;
}

int
s3_call_expect_ok(struct s3 *s3, struct s3_call *c, struct err *e)
{
	if (s3_call_send(s3, c, e) != 0)
		return s3_call_context(c, e);
	if (c->answer.status / 100 == 2)
		return 0;
	s3_call_fail(s3, c, e);
	return s3_call_context(c, e);
}

bool
s3_call_is(const struct s3_call *c, int status, const char *code)
{
	return c->answer.status == status && (code == NULL ||
	    c->summary.code[0] == '\0' || strcmp(c->summary.code, code) == 0);
}
