/*
 * Multipart uploads. The last step is the delicate one: its answer may say
 * 200 and fail, or be lost after the object came into being.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "os.h"
#include "s3_private.h"

#define COMPLETE_SECONDS 300	/* stores may be silent while they assemble */
#define COMPLETE_PART_BYTES 256
#define ABORT_SECONDS 15
#define NUMBER_TEXT 16

struct s3_multipart {
	char *bucket;
	char *key;
	char *upload_id;
};

static struct s3_multipart *
new_multipart(const struct s3_name *name, const char *upload_id,
	struct err *e)
{
	struct s3_multipart *mp = mem_new(1, sizeof(*mp), e);

	if (mp == NULL)
		return NULL;
	if ((mp->bucket = mem_dup(name->bucket, e)) != NULL &&
	    (mp->key = mem_dup(name->key, e)) != NULL &&
	    (mp->upload_id = mem_dup(upload_id, e)) != NULL)
		return mp;
	s3_multipart_free(mp);
	return NULL;
}

void
s3_multipart_free(struct s3_multipart *mp)
{
	if (mp == NULL)
		return;
	free(mp->bucket);
	free(mp->key);
	free(mp->upload_id);
	free(mp);
}

const char *
s3_multipart_id(const struct s3_multipart *mp)
{
	return mp->upload_id;
}

/* -- creating ----------------------------------------------------------- */

struct upload_id {
	char text[1024];
	bool cut;
};

static int
find_upload_id(void *ctx, const char *path, const char *text, struct err *e)
{
	struct upload_id *id = ctx;

	(void)e;
	if (text != NULL && strcmp(path,
	    "InitiateMultipartUploadResult/UploadId") == 0)
		id->cut = snprintf(id->text, sizeof(id->text), "%s", text) >=
		    (int)sizeof(id->text);
	return 0;
}

struct s3_multipart *
s3_create_multipart(struct s3 *s3, const struct s3_name *name,
	const struct s3_meta *meta, struct err *e)
{
	static const struct s3_body nothing = { .data = "", .fd = -1 };
	struct upload_id id = { "", false };
	struct s3xml_handler handler = { find_upload_id, &id };
	struct s3_multipart *mp = NULL;
	struct s3_call c;

	s3_call_init(&c, "begin the upload of", "POST", name->bucket,
	    name->key, S3_ANSWER_MAX);
	s3_call_param(&c, "uploads", "");
	s3_call_meta(s3, &c, meta);
	s3_call_whole_checksum(s3, &c, NULL);
	c.body = &nothing;
	c.expects = "InitiateMultipartUploadResult";
	/* stopped before its id is known, it could not be aborted */
	c.ignore_stop = true;
	if (s3_call_expect_ok(s3, &c, e) != 0)
		goto out;
	if (s3xml_parse(buf_text(&c.answer.body), c.answer.body.len,
	    &handler, e) != 0)
		goto out;
	if (id.text[0] == '\0' || id.cut) {
		err_set(e, ERR_REMOTE, "the server sent no UploadId");
		s3_call_context(&c, e);
		goto out;
	}
	mp = new_multipart(name, id.text, e);
out:
	s3_call_free(&c);
	return mp;
}

/* -- parts -------------------------------------------------------------- */

int
s3_put_part(struct s3 *s3, const struct s3_multipart *mp, unsigned number,
	const struct s3_body *body, char etag[128], struct err *e)
{
	char digits[NUMBER_TEXT];
	struct s3_call c;
	int rc;

	(void)snprintf(digits, sizeof(digits), "%u", number);
	s3_call_init(&c, "upload a part of", "PUT", mp->bucket, mp->key,
	    S3_ANSWER_MAX);
	s3_call_param(&c, "partNumber", digits);
	s3_call_param(&c, "uploadId", mp->upload_id);
	s3_call_customer_key(s3, &c);
	c.body = body;
	c.checksum = s3->checksum;
	if ((rc = s3_call_expect_ok(s3, &c, e)) == 0) {
		s3xml_copy_etag(etag, 128,
		    net_answer_header(&c.answer, "etag"));
		if (etag[0] == '\0') {
			err_set(e, ERR_REMOTE, "the server sent no ETag");
			rc = s3_call_context(&c, e);
		}
	}
	s3_call_free(&c);
	return rc;
}

/* -- completing --------------------------------------------------------- */

struct completion {
	struct buf list;
	char digest[HASH_BASE64_MAX];	/* of the whole; "": none */
};

static int
make_part_list(const struct s3_parts *parts, struct buf *out, struct err *e)
{
	const char (*etags)[128] = parts->etags;
	unsigned i;

	buf_puts(out, "<CompleteMultipartUpload xmlns=\"" S3XML_NAMESPACE
	    "\">");
	for (i = 0; i < parts->count; i++) {
		if (strpbrk(etags[i], "<>&\"") != NULL)
			return err_set(e, ERR_REMOTE, "part %u has the "
			    "strange ETag '%s'", i + 1, etags[i]);
		buf_printf(out, "<Part><PartNumber>%u</PartNumber>"
		    "<ETag>\"%s\"</ETag></Part>", i + 1, etags[i]);
	}
	buf_puts(out, "</CompleteMultipartUpload>");
	return buf_check(out, "list of parts", e);
}

static int
complete_once(struct s3 *s3, const struct s3_multipart *mp,
	const struct completion *how, bool conditional, struct s3_call *c,
	struct err *e)
{
	struct s3_body body = { .data = how->list.data, .fd = -1,
		.size = how->list.len };
	int rc;

	s3_call_init(c, "complete the upload of", "POST", mp->bucket,
	    mp->key, S3_ANSWER_MAX);
	s3_call_param(c, "uploadId", mp->upload_id);
	s3_call_header(c, "content-type", "application/xml");
	if (conditional)
		s3_call_header(c, "if-none-match", "*");
	if (how->digest[0] != '\0')
		s3_call_whole_checksum(s3, c, how->digest);
	s3_call_customer_key(s3, c);
	c->body = &body;
	c->expects = "CompleteMultipartUploadResult";
	c->stall_seconds = COMPLETE_SECONDS;
	rc = s3_call_send(s3, c, e);
	c->body = NULL;
	return rc;
}

/* Can this answer come although the object is there, and ours? */
static bool
is_ambiguous(const struct s3_call *c, int rc)
{
	if (rc != 0 || c->doubtful)
		return c->doubtful;
	/* libcurl may have sent it twice, over a connection that broke; Ceph's
	 * first answer has an empty ETag */
	return c->answer.status / 100 == 2 || c->answer.status == 412 ||
	    s3_call_is(c, 404, "NoSuchUpload");
}

/* Is the object there, and ours? With S3_OK info is filled. */
static enum s3_answer
find_complete(struct s3 *s3, const struct s3_multipart *mp,
	const char *upload_id, const struct s3_call *c, int rc,
	struct s3_info *info)
{
	const struct s3_name name = { mp->bucket, mp->key };

	if (rc == 0 && c->answer.status / 100 == 2 &&
	    c->summary.etag[0] != '\0') {
		s3_fill_info(info, &c->answer);
		info->size = 0;		/* the answer's own, not the object's */
		(void)snprintf(info->etag, sizeof(info->etag), "%s",
		    c->summary.etag);
		return S3_OK;
	}
	return is_ambiguous(c, rc) ?
	    s3_find_ours(s3, &name, upload_id, info) : S3_MISSING;
}

static int
fail_complete(const struct s3 *s3, const struct s3_meta *meta,
	const struct s3_call *c, int rc, struct err *e)
{
	if (rc == 0 && c->answer.status == 412 && meta->if_none_match)
		return S3_EXISTS;
	if (rc == 0 && c->answer.status / 100 == 2)
		err_set(e, ERR_REMOTE, "the server's answer has no ETag");
	else if (rc == 0)
		s3_call_fail(s3, c, e);
	return s3_call_context(c, e);
}

/*
 * Is there an object already? Some stores ignore If-None-Match here, so it
 * is asked for in any case; who may not look relies on the header alone.
 */
static bool
is_taken(struct s3 *s3, const struct s3_multipart *mp)
{
	const struct s3_name name = { mp->bucket, mp->key };
	struct err dropped = ERR_INIT;
	struct s3_info there;

	return s3_head(s3, &name, &there, &dropped) == S3_OK;
}

int
s3_complete_multipart(struct s3 *s3, const struct s3_multipart *mp,
	const struct s3_parts *parts, struct s3_info *info, struct err *e)
{
	const struct s3_meta *meta = parts->meta;
	struct completion how = { BUF_INIT((size_t)S3_PARTS_MAX *
	    COMPLETE_PART_BYTES), "" };
	bool conditional = meta->if_none_match &&
	    !atomic_load(&s3->no_conditions);
	enum s3_answer found;
	struct s3_call c;
	int rc;

	if (meta->if_none_match && is_taken(s3, mp))
		return S3_EXISTS;
	if (os_check_stop(e) != 0)
		return -1;
	if (make_part_list(parts, &how.list, e) != 0) {
		buf_free(&how.list);
		return -1;
	}
	if (parts->digest != NULL)
		(void)hash_base64(how.digest, parts->digest,
		    hash_size(s3->checksum));
	rc = complete_once(s3, mp, &how, conditional, &c, e);
	if (rc == 0 && conditional && s3_call_refuses_condition(&c)) {
		atomic_store(&s3->no_conditions, true);
		s3_call_free(&c);
		rc = complete_once(s3, mp, &how, false, &c, e);
	}
	found = find_complete(s3, mp, meta->upload_id, &c, rc, info);
	if (found == S3_EXISTS && meta->if_none_match)
		rc = S3_EXISTS;
	else if (found != S3_OK)
		rc = fail_complete(s3, meta, &c, rc, e);
	else
		rc = S3_OK;
	if (rc == -1 && found == S3_DENIED)
		s3_call_doubt(&c, e);
	s3_call_free(&c);
	buf_free(&how.list);
	return rc;
}

/* -- aborting ----------------------------------------------------------- */

int
s3_abort_listed(struct s3 *s3, const struct s3_name *name,
	const char *upload_id, struct err *e)
{
	struct s3_call c;
	int rc;

	s3_call_init(&c, "abort the upload of", "DELETE", name->bucket,
	    name->key, S3_ANSWER_MAX);
	s3_call_param(&c, "uploadId", upload_id);
	c.ignore_stop = true;
	c.stall_seconds = ABORT_SECONDS;
	if ((rc = s3_call_send(s3, &c, e)) != 0) {
		s3_call_context(&c, e);
	} else if (c.answer.status / 100 != 2 &&
	    !s3_call_is(&c, 404, "NoSuchUpload")) {
		s3_call_fail(s3, &c, e);
		rc = s3_call_context(&c, e);
	}
	s3_call_free(&c);
	return rc;
}

int
s3_abort_multipart(struct s3 *s3, const struct s3_multipart *mp,
	struct err *e)
{
	const struct s3_name name = { mp->bucket, mp->key };

	return s3_abort_listed(s3, &name, mp->upload_id, e);
}
