/*
 * Reading a range into memory. What was received before a connection broke
 * is kept, and the rest asked for, of the same object by its ETag.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "num.h"
#include "s3_private.h"

struct reading {
	const struct s3 *s3;
	uint64_t offset;
	char *out;
	size_t size;
	size_t got;
	char range[64];
	char etag[140];		/* with quotes; "": any, then the first seen */
	size_t got_before;	/* this attempt */
	bool checked;		/* its answer's head */
};

static bool
starts_at(const char *content_range, uint64_t offset)
{
	size_t len;
	uint64_t first;

	if (strncmp(content_range, "bytes ", 6) != 0)
		return false;
	len = strcspn(content_range + 6, "-");
	return num_parse_u64_len(content_range + 6, len, &first) == 0 &&
	    first == offset;
}

static int
replaced(struct err *e)
{
	return err_set(e, ERR_REMOTE, "it was replaced while it was read");
}

/* At the first bytes of an answer. */
static int
check_answer(struct reading *r, const struct net_answer *a, struct err *e)
{
	const char *etag = net_answer_header(a, "etag");
	uint64_t at = r->offset + r->got;

	if (a->status == 206 ? !starts_at(net_answer_header(a,
	    "content-range"), at) : at != 0)
		return err_set(e, ERR_REMOTE, "the server sent another range "
		    "than it was asked for");
	if (r->etag[0] == '\0' && etag[0] != '\0')
		(void)snprintf(r->etag, sizeof(r->etag), "%s", etag);
	/* not every server knows If-Match */
	if (etag[0] != '\0' && strcmp(r->etag, etag) != 0)
		return replaced(e);
	return 0;
}

static int
on_data(void *ctx, const struct net_answer *a, const void *data, size_t len,
	struct err *e)
{
	struct reading *r = ctx;

	if (!r->checked && check_answer(r, a, e) != 0)
		return -1;
	if (len > r->size - r->got)
		return err_set(e, ERR_REMOTE, "the server sent more than it "
		    "was asked for");
	memcpy(r->out + r->got, data, len);
	r->got += len;
	r->checked = true;
	return 0;
}

/* Each attempt asks for what is still missing; progress earns new ones. */
static void
on_begin(struct s3_call *c)
{
	struct reading *r = c->ctx;

	if (r->got == r->size)
		r->got = 0;
	else if (r->got > r->got_before)
		c->attempts = 1;
	r->got_before = r->got;
	r->checked = false;
	(void)snprintf(r->range, sizeof(r->range),
	    "bytes=%" PRIu64 "-%" PRIu64, r->offset + r->got,
	    r->offset + r->size - 1);
	c->header_count = 0;
	s3_call_header(c, "range", r->range);
	s3_call_customer_key(r->s3, c);
	if (r->etag[0] != '\0')
		s3_call_header(c, "if-match", r->etag);
}

static int
finish(struct s3 *s3, const struct s3_call *c, const struct reading *r,
	struct err *e)
{
	int status = c->answer.status;

	if (s3_call_is(c, 404, "NoSuchKey"))
		return S3_MISSING;
	if (status == 412)
		replaced(e);
	else if (status == 416)
		err_set(e, ERR_REMOTE, "it is shorter than expected");
	else if (status != 200 && status != 206)
		s3_call_fail(s3, c, e);
	else if (r->got == r->size)
		return S3_OK;
	else
		err_set(e, ERR_REMOTE, "it is shorter than expected: %zu of "
		    "%zu bytes from %" PRIu64, r->got, r->size, r->offset);
	s3_call_context(c, e);
	return status == 403 && strcmp(c->summary.code,
	    "InvalidObjectState") == 0 ? S3_ARCHIVED : -1;
}

/* No range can say "nothing". */
static int
get_nothing(struct s3 *s3, const struct s3_name *name, const char *etag,
	struct s3_info *info, struct err *e)
{
	struct s3_info own;
	int rc = s3_head(s3, name, info != NULL ? info : &own, e);

	if (rc == S3_OK && etag != NULL &&
	    strcmp((info != NULL ? info : &own)->etag, etag) != 0)
		return err_set(e, ERR_REMOTE, "cannot read 's3://%s/%s': it "
		    "was replaced", name->bucket, name->key);
	return rc;
}

int
s3_restore(struct s3 *s3, const struct s3_name *name, unsigned days,
	struct err *e)
{
	struct buf text = BUF_INIT(1024);
	struct s3_body body = { .fd = -1 };
	struct s3_call c;
	int rc;

	buf_printf(&text, "<RestoreRequest xmlns=\"" S3XML_NAMESPACE "\">"
	    "<Days>%u</Days><GlacierJobParameters><Tier>Standard</Tier>"
	    "</GlacierJobParameters></RestoreRequest>", days);
	body.data = buf_text(&text);
	body.size = text.len;
	s3_call_init(&c, "restore", "POST", name->bucket, name->key,
	    S3_ANSWER_MAX);
	s3_call_param(&c, "restore", "");
	s3_call_header(&c, "content-type", "application/xml");
	c.body = &body;
	rc = s3_call_send(s3, &c, e);
	if (rc != 0)
		s3_call_context(&c, e);
	else if (s3_call_is(&c, 404, "NoSuchKey"))
		rc = S3_MISSING;
	else if (strcmp(c.summary.code, "RestoreAlreadyInProgress") == 0)
		rc = S3_EXISTS;
	else if (c.answer.status / 100 != 2) {
		s3_call_fail(s3, &c, e);
		rc = s3_call_context(&c, e);
	}
	s3_call_free(&c);
	buf_free(&text);
	return rc;
}

int
s3_get_range(struct s3 *s3, const struct s3_name *name,
	const struct s3_range *range, struct s3_info *info, struct err *e)
{
	struct reading r = { .s3 = s3, .offset = range->offset, .out = range->out,
		.size = range->size };
	struct s3_call c;
	int rc;

	if (range->size == 0)
		return get_nothing(s3, name, range->etag, info, e);
	if (range->etag != NULL)
		(void)snprintf(r.etag, sizeof(r.etag), "\"%s\"", range->etag);
	s3_call_init(&c, "read", "GET", name->bucket, name->key,
	    S3_ANSWER_MAX);
	c.begin = on_begin;
	c.receive = on_data;
	c.ctx = &r;
	if (s3_call_send(s3, &c, e) != 0)
		rc = s3_call_context(&c, e);
	else
		rc = finish(s3, &c, &r, e);
	if (rc == S3_OK && info != NULL)
		s3_fill_info(info, &c.answer);
	s3_call_free(&c);
	return rc;
}
