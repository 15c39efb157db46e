/*
 * Whole objects: looking at one, putting one, reading parts of one.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mem.h"
#include "num.h"
#include "os.h"
#include "s3_private.h"
#include "utc.h"

static void
copy_header(char *out, size_t size, const struct net_answer *a,
	const char *name)
{
	(void)snprintf(out, size, "%s", net_answer_header(a, name));
}

/* "bytes 0-9/100" */
static bool
parse_content_range(const char *text, uint64_t *first, uint64_t *last,
	uint64_t *total)
{
	size_t a, b;

	if (strncmp(text, "bytes ", 6) != 0)
		return false;
	text += 6;
	a = strcspn(text, "-");
	if (text[a] == '\0')
		return false;
	b = strcspn(text + a + 1, "/");
	return text[a + 1 + b] == '/' &&
	    num_parse_u64_len(text, a, first) == 0 &&
	    num_parse_u64_len(text + a + 1, b, last) == 0 &&
	    num_parse_u64(text + a + b + 2, total) == 0;
}

void
s3_fill_info(struct s3_info *info, const struct net_answer *a)
{
	uint64_t first, last;

	memset(info, 0, sizeof(*info));
	info->has_size = parse_content_range(net_answer_header(a,
	    "content-range"), &first, &last, &info->size) ||
	    num_parse_u64(net_answer_header(a, "content-length"),
	    &info->size) == 0;
	(void)utc_parse_http(net_answer_header(a, "last-modified"),
	    &info->mtime);
	(void)utc_parse_http(net_answer_header(a, "date"), &info->date);
	s3xml_copy_etag(info->etag, sizeof(info->etag),
	    net_answer_header(a, "etag"));
	copy_header(info->version, sizeof(info->version), a,
	    "x-amz-version-id");
	copy_header(info->storage_class, sizeof(info->storage_class), a,
	    "x-amz-storage-class");
	copy_header(info->upload_id, sizeof(info->upload_id), a,
	    S3_UPLOAD_HEADER);
	info->restoring = strstr(net_answer_header(a, "x-amz-restore"),
	    "ongoing-request=\"true\"") != NULL;
	copy_header(info->lock_mode, sizeof(info->lock_mode), a,
	    S3_LOCK_MODE_HEADER);
	copy_header(info->legal_hold, sizeof(info->legal_hold), a,
	    S3_LEGAL_HOLD_HEADER);
}

/* -- looking ------------------------------------------------------------ */

void
s3_remember_bucket(struct s3 *s3, const char *bucket)
{
	struct err dropped = ERR_INIT;

	(void)pthread_mutex_lock(&s3->lock);
	if (s3->known_bucket == NULL ||
	    strcmp(s3->known_bucket, bucket) != 0) {
		free(s3->known_bucket);
		s3->known_bucket = mem_dup(bucket, &dropped);
	}
	(void)pthread_mutex_unlock(&s3->lock);
}

bool
s3_knows_bucket(struct s3 *s3, const char *bucket)
{
	bool known;

	(void)pthread_mutex_lock(&s3->lock);
	known = s3->known_bucket != NULL &&
	    strcmp(s3->known_bucket, bucket) == 0;
	(void)pthread_mutex_unlock(&s3->lock);
	return known;
}

/* A 404 of HEAD has no body: is it the key or the bucket that is missing? */
static int
check_bucket(struct s3 *s3, const char *bucket, struct err *e)
{
	struct s3_call c;
	int rc = 0;

	if (s3_knows_bucket(s3, bucket))
		return 0;
	s3_call_init(&c, "find", "HEAD", bucket, NULL, S3_ANSWER_MAX);
	if (s3_call_send(s3, &c, e) != 0) {
		rc = s3_call_context(&c, e);
	} else if (c.answer.status == 404) {
		(void)snprintf(c.summary.code, sizeof(c.summary.code),
		    "NoSuchBucket");
		s3_call_fail(s3, &c, e);
		rc = s3_call_context(&c, e);
	}
	s3_call_free(&c);
	return rc;
}

static int
drop_data(void *ctx, const struct net_answer *a, const void *data,
	size_t len, struct err *e)
{
	(void)ctx;
	(void)a;
	(void)data;
	(void)len;
	(void)e;
	return 0;
}

/* A refused HEAD doesn't say why; a GET, which needs the same right, does. */
static int
fail_head(struct s3 *s3, const struct s3_call *head, struct err *e)
{
	struct err dropped = ERR_INIT;
	struct s3_call c;
	int rc = -1;

	s3_call_init(&c, head->verb, "GET", head->bucket, head->key,
	    S3_ANSWER_MAX);
	s3_call_header(&c, "range", "bytes=0-0");
	s3_call_customer_key(s3, &c);
	c.receive = drop_data;
	if (s3_call_send(s3, &c, &dropped) == 0 &&
	    c.answer.status == head->answer.status) {
		s3_call_fail(s3, &c, e);
		if (strcmp(c.summary.code, "AccessDenied") == 0)
			rc = S3_DENIED;
	} else {
		s3_call_fail(s3, head, e);
	}
	s3_call_free(&c);
	(void)s3_call_context(head, e);
	return rc;
}

int
s3_head(struct s3 *s3, const struct s3_name *name, struct s3_info *info,
	struct err *e)
{
	struct s3_call c;
	int rc = -1;

	s3_call_init(&c, "look at", "HEAD", name->bucket, name->key,
	    S3_ANSWER_MAX);
	s3_call_customer_key(s3, &c);
	if (s3_call_send(s3, &c, e) != 0) {
		s3_call_context(&c, e);
		goto out;
	}
	s3_fill_info(info, &c.answer);
	if (c.answer.status == 200)
		rc = S3_OK;
	else if (c.answer.status == 404)
		rc = check_bucket(s3, name->bucket, e) == 0 ? S3_MISSING : -1;
	else
		rc = fail_head(s3, &c, e);
out:
	s3_call_free(&c);
	return rc;
}

enum s3_answer
s3_find_ours(struct s3 *s3, const struct s3_name *name,
	const char *upload_id, struct s3_info *info)
{
	struct err dropped = ERR_INIT;
	int rc;

	if (os_stop_asked() || upload_id == NULL || upload_id[0] == '\0')
		return S3_DENIED;
	rc = s3_head(s3, name, info, &dropped);
	if (rc == S3_OK)
		return strcmp(info->upload_id, upload_id) == 0 ? S3_OK :
		    S3_EXISTS;
	return rc == S3_MISSING ? S3_MISSING : S3_DENIED;
}

/* -- putting ------------------------------------------------------------ */

/* What is put where. */
struct put {
	struct s3 *s3;
	const struct s3_name *name;
	const struct s3_body *body;
	const struct s3_meta *meta;
};

static void
init_put(const struct put *p, bool conditional, struct s3_call *c)
{
	s3_call_init(c, "upload", "PUT", p->name->bucket, p->name->key,
	    S3_ANSWER_MAX);
	c->body = p->body;
	c->checksum = p->s3->checksum;
	s3_call_meta(p->s3, c, p->meta);
	if (conditional)
		s3_call_header(c, "if-none-match", "*");
}

bool
s3_call_refuses_condition(const struct s3_call *c)
{
	const char *code = c->summary.code;

	if (c->answer.status == 501)
		return true;
	return c->answer.status == 400 && (strcmp(code, "NotImplemented") == 0 ||
	    strcasecmp(c->summary.header, "if-none-match") == 0 ||
	    strstr(c->summary.message, "If-None-Match") != NULL);
}

/*
 * Stores without If-None-Match: look first. Another writer may come between
 * the two; such a store has no means against that.
 */
static int
put_after_head(const struct put *p, struct s3_call *c, struct err *e)
{
	struct s3_info there;
	int rc = s3_head(p->s3, p->name, &there, e);

	init_put(p, false, c);
	if (rc == S3_MISSING)
		return s3_call_send(p->s3, c, e);
	return rc == S3_OK ? S3_EXISTS : -1;
}

/* rc: of the call, or S3_EXISTS. */
static int
finish_put(const struct put *p, const struct s3_call *c, int rc,
	struct s3_info *info, struct err *e)
{
	enum s3_answer ours = S3_MISSING;
	bool answered = rc == 0;

	if (rc == S3_EXISTS)
		return S3_EXISTS;
	if (answered && c->answer.status / 100 == 2) {
		s3_fill_info(info, &c->answer);
		info->size = p->body->size;
		return S3_OK;
	}
	/* 412 may be due to ourselves: libcurl sends twice when a connection
	 * breaks, and does not tell */
	if (c->doubtful || (answered && c->answer.status == 412))
		ours = s3_find_ours(p->s3, p->name, p->meta->upload_id, info);
	if (ours == S3_OK)
		return S3_OK;
	if (p->meta->if_none_match && (ours == S3_EXISTS ||
	    (answered && c->answer.status == 412)))
		return S3_EXISTS;
	if (answered)
		s3_call_fail(p->s3, c, e);
	s3_call_context(c, e);
	return ours == S3_DENIED ? s3_call_doubt(c, e) : -1;
}

int
s3_put(struct s3 *s3, const struct s3_name *name, const struct s3_body *body,
	const struct s3_meta *meta, struct s3_info *info, struct err *e)
{
	const struct put p = { s3, name, body, meta };
	bool conditional = meta->if_none_match &&
	    !atomic_load(&s3->no_conditions);
	struct s3_call c;
	int rc;

	if (meta->if_none_match && !conditional) {
		rc = put_after_head(&p, &c, e);
	} else {
		init_put(&p, conditional, &c);
		rc = s3_call_send(s3, &c, e);
		if (rc == 0 && conditional && s3_call_refuses_condition(&c)) {
			atomic_store(&s3->no_conditions, true);
			s3_call_free(&c);
			rc = put_after_head(&p, &c, e);
		}
	}
	rc = finish_put(&p, &c, rc, info, e);
	s3_call_free(&c);
	return rc;
}
