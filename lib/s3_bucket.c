/*
 * Buckets: making one, and what is set on it. A store that doesn't know a
 * subresource may take the request for one on the bucket itself (Ceph and Swift
 * list it, make it or delete it), so an answer counts only by its root, and who
 * sets something reads it again.
 */
#include <stdio.h>
#include <string.h>

#include "s3_private.h"

#define CONFIG_MAX (256u * 1024)

int
s3_head_bucket(struct s3 *s3, const char *bucket, struct err *e)
{
	struct s3_call c;
	int rc;

	s3_call_init(&c, "find", "HEAD", bucket, NULL, S3_ANSWER_MAX);
	if ((rc = s3_call_send(s3, &c, e)) != 0) {
		s3_call_context(&c, e);
	} else if (c.answer.status == 404) {
		rc = S3_MISSING;
	} else if (c.answer.status / 100 != 2) {
		s3_call_fail(s3, &c, e);
		rc = s3_call_context(&c, e);
	}
	s3_call_free(&c);
	return rc;
}

int
s3_create_bucket(struct s3 *s3, const char *bucket, bool object_lock,
	struct err *e)
{
	struct buf text = BUF_INIT(1024);
	struct s3_body body = { .fd = -1 };
	struct s3_call c;
	int rc;

	/* us-east-1 is where AWS makes it when it is not told */
	if (s3->endpoint.is_aws && strcmp(s3->region, "us-east-1") != 0) {
		buf_puts(&text, "<CreateBucketConfiguration xmlns=\""
		    S3XML_NAMESPACE "\">");
		s3xml_put(&text, "LocationConstraint", s3->region);
		buf_puts(&text, "</CreateBucketConfiguration>");
	}
	body.data = buf_text(&text);
	body.size = text.len;
	s3_call_init(&c, "make", "PUT", bucket, NULL, S3_ANSWER_MAX);
	if (object_lock)
		s3_call_header(&c, "x-amz-bucket-object-lock-enabled", "true");
	c.body = &body;
	rc = s3_call_send(s3, &c, e);
	if (rc != 0) {
		s3_call_context(&c, e);
	} else if (strcmp(c.summary.code, "BucketAlreadyOwnedByYou") == 0) {
		rc = S3_EXISTS;
	} else if (c.answer.status / 100 != 2) {
		s3_call_fail(s3, &c, e);
		rc = s3_call_context(&c, e);
	}
	s3_call_free(&c);
	buf_free(&text);
	return rc;
}

/* -- what is set on it --------------------------------------------------- */

/* "NoSuchLifecycleConfiguration" and the like */
static bool
is_unset(const struct s3_call *c)
{
	const char *code = c->summary.code;

	return c->answer.status == 404 && strcmp(code, "NoSuchBucket") != 0 &&
	    (strstr(code, "NotFound") != NULL ||
	    strncmp(code, "NoSuch", 6) == 0);
}

static bool
is_unknown(const struct s3_call *c)
{
	int status = c->answer.status;

	return status == 501 || status == 405 || (status == 400 &&
	    c->summary.code[0] != '\0' &&
	    strcmp(c->summary.code, "AuthorizationHeaderMalformed") != 0 &&
	    strcmp(c->summary.code, "InvalidBucketName") != 0);
}

/* What an answer that is no success means. */
static int
judge(struct s3 *s3, const struct s3_call *c, struct err *e)
{
	if (is_unset(c))
		return S3_MISSING;
	s3_call_fail(s3, c, e);
	(void)s3_call_context(c, e);
	if (is_unknown(c))
		return S3_UNKNOWN;
	return strcmp(c->summary.code, "AccessDenied") == 0 ? S3_DENIED : -1;
}

/*
 * The answer to another question would be of another kind. Ceph 16 writes
 * "BlockPublicAccessBlockConfiguration".
 */
static int
take_answer(const struct s3_call *c, const char *root, struct buf *text,
	struct err *e)
{
	struct s3xml_summary summary = { .root = "" };
	struct err dropped = ERR_INIT;

	if (s3xml_summarize(buf_text(&c->answer.body), c->answer.body.len,
	    &summary, &dropped) != 0 || strstr(summary.root, root) == NULL)
		return S3_UNKNOWN;
	buf_put(text, c->answer.body.data, c->answer.body.len);
	return buf_check(text, "what is set on the bucket", e);
}

int
s3_get_config(struct s3 *s3, const char *bucket,
	const struct s3_config *what, struct buf *text, struct err *e)
{
	char verb[64];
	struct s3_call c;
	int rc;

	buf_reset(text);
	(void)snprintf(verb, sizeof(verb), "read the %s of", what->name);
	s3_call_init(&c, verb, "GET", bucket, NULL, CONFIG_MAX);
	s3_call_param(&c, what->name, "");
	if ((rc = s3_call_send(s3, &c, e)) != 0)
		s3_call_context(&c, e);
	else if (c.answer.status / 100 != 2)
		rc = judge(s3, &c, e);
	else
		rc = take_answer(&c, what->root, text, e);
	s3_call_free(&c);
	return rc;
}

int
s3_put_config(struct s3 *s3, const char *bucket,
	const struct s3_config *what, const struct buf *text, struct err *e)
{
	const struct s3_body body = { .data = text->data, .fd = -1,
		.size = text->len };
	char verb[64];
	struct s3_call c;
	int rc;

	(void)snprintf(verb, sizeof(verb), "set the %s of", what->name);
	s3_call_init(&c, verb, "PUT", bucket, NULL, S3_ANSWER_MAX);
	s3_call_param(&c, what->name, "");
	s3_call_header(&c, "content-type", "application/xml");
	c.body = &body;
	if ((rc = s3_call_send(s3, &c, e)) != 0) {
		s3_call_context(&c, e);
	} else if (c.answer.status / 100 != 2) {
		s3_call_fail(s3, &c, e);
		(void)s3_call_context(&c, e);
		/* AWS knows all of them: what it refuses is wrong */
		rc = is_unknown(&c) && !s3->endpoint.is_aws ? S3_UNKNOWN : -1;
	}
	s3_call_free(&c);
	return rc;
}

int
s3_delete_version(struct s3 *s3, const struct s3_name *name,
	const char *version, struct err *e)
{
	struct s3_call c;
	int rc;

	s3_call_init(&c, "delete", "DELETE", name->bucket, name->key,
	    S3_ANSWER_MAX);
	if (version[0] != '\0')
		s3_call_param(&c, "versionId", version);
	rc = s3_call_expect_ok(s3, &c, e);
	s3_call_free(&c);
	return rc;
}
