/*
 * What one attempt of a call is made of: the checksums of its body, its URL,
 * its headers and the signature over them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "os.h"
#include "s3_private.h"
#include "utc.h"

#define URL_MAX (32 * 1024)
#define SIGNED_BODY_MAX (64u * 1024)	/* bodies of requests, not objects */
#define HASH_BLOCK (256u * 1024)

/* -- the body's checksums ----------------------------------------------- */

static int
digest_of_file(enum hash_kind kind, const struct s3_body *b,
	uint8_t out[HASH_SIZE_MAX], struct err *e)
{
	struct hash *h = hash_new(kind, e);
	char *block = mem_new(HASH_BLOCK, 1, e);
	uint64_t done = 0;
	ssize_t n;
	int rc = h != NULL && block != NULL ? 0 : -1;

	for (; rc == 0 && done < b->size; done += (uint64_t)n) {
		n = os_pread(b->fd, block, b->size - done < HASH_BLOCK ?
		    (size_t)(b->size - done) : HASH_BLOCK, b->offset + done, e);
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

int
s3_call_add_checksum(struct s3_call *c, struct err *e)
{
	const struct s3_body *b = c->body;
	size_t size = hash_size(c->checksum);
	uint8_t digest[HASH_SIZE_MAX];
	int rc = 0;

	if (b == NULL || c->digest[0] != '\0')
		return 0;
	if (b->digest != NULL)
		memcpy(digest, b->digest, size);
	else if (b->data != NULL || b->size == 0)
		rc = hash_data(c->checksum, b->data != NULL ? b->data : "",
		    (size_t)b->size, digest, e);
	else
		rc = digest_of_file(c->checksum, b, digest, e);
	if (rc != 0)
		return -1;
	(void)hash_base64(c->digest, digest, size);
	s3_call_header(c, s3_checksum_header(c->checksum), c->digest);
	return 0;
}

/*
 * What goes into x-amz-content-sha256. The bytes of an object are not hashed
 * a second time for the signature: their checksum is among the signed
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
	struct creds creds;
	struct buf host, path, query, url, authorization;
	char stamp[UTC_TEXT];
	char sha256[HASH_HEX_MAX];
	struct sigv4_pair headers[S3_HEADERS_MAX + 6];
	struct net_header sent[S3_HEADERS_MAX + 7];
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
	creds_free(&r->creds);
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
	s3_endpoint_locate(&s3->endpoint, c->region,
	    &(struct s3_name){ c->bucket, c->key }, &r->host, &r->path);
	if (sigv4_query(&r->query, c->params, c->param_count, e) != 0)
		return -1;
	buf_printf(&r->url, "%s://%s", s3_endpoint_is_tls(&s3->endpoint) ?
	    "https" : "http", buf_text(&r->host));
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
	const struct sigv4_key key = { r->creds.access_key,
		r->creds.secret_key, c->region, "s3" };
	struct sigv4_request canonical;
	size_t i;

	if (locate(s3, c, r, e) != 0 || payload_hash(c, r->sha256, e) != 0)
		return -1;
	put_header(r, "host", buf_text(&r->host));
	put_header(r, "x-amz-content-sha256", r->sha256);
	put_header(r, "x-amz-date", utc_format_amz(r->stamp, now));
	if (r->creds.session_token != NULL)
		put_header(r, "x-amz-security-token",
		    r->creds.session_token);
	if (s3->expected_owner != NULL)
		put_header(r, "x-amz-expected-bucket-owner",
		    s3->expected_owner);
	if (s3->requester_pays)
		put_header(r, "x-amz-request-payer", "requester");
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

int
s3_call_send_once(struct s3 *s3, struct s3_call *c, int64_t now,
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
	if (c->receive == NULL && n.size <= SIGNED_BODY_MAX)
		n.limit_ms = s3->limit_ms;
	s3_region(s3, c->region);
	if (creds_get(s3->creds, now, &r.creds, e) == 0 &&
	    sign(s3, c, now, &r, e) == 0) {
		c->creds_serial = r.creds.serial;
		n.url = buf_text(&r.url);
		n.headers = r.sent;
		n.header_count = r.count + 1;
		rc = net_send(s3->net, &n, &c->answer, e);
	}
	free_signed(&r);
	return rc;
}
