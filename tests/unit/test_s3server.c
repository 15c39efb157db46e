/*
 * What lib/s3 makes of answers that no healthy server gives.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "httpd.h"
#include "os.h"
#include "s3_private.h"
#include "sys.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define PAGE(inner) "200\nDate: Sat, 04 Jan 2025 02:00:00 GMT\n\n" \
	"<ListBucketResult>" inner "</ListBucketResult>"
#define ITEM(key) "<Contents><Key>" key "</Key><Size>7</Size><LastModified>" \
	"2025-01-04T02:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag>" \
	"</Contents>"
#define MORE(token) "<IsTruncated>true</IsTruncated>" \
	"<NextContinuationToken>" token "</NextContinuationToken>"
#define UPLOADS(inner) "200\n\n<ListMultipartUploadsResult>" inner \
	"</ListMultipartUploadsResult>"
#define UPLOAD(key, id) "<Upload><Key>" key "</Key><UploadId>" id \
	"</UploadId><Initiated>2025-01-04T02:00:00.000Z</Initiated></Upload>"
#define COMPLETED "200\n\n<CompleteMultipartUploadResult><ETag>&quot;e-1" \
	"&quot;</ETag></CompleteMultipartUploadResult>"
#define FAILED(status, code) status "\nx-amz-request-id: R\n\n<Error><Code>" \
	code "</Code><Message>words</Message></Error>"

static struct httpd *server;
static struct s3 *s3;
static struct err err;
static struct buf out = BUF_INIT(1u << 20);
static const struct s3_name name = { "bkt", "k" };

static void
script(const char *const *answers, size_t count)
{
	httpd_script(server, answers, count);
	memset(&err, 0, sizeof(err));
	buf_reset(&out);
}

#define SCRIPT(...) do { \
	static const char *const a_[] = { __VA_ARGS__ }; \
	script(a_, COUNT(a_)); \
} while (0)

/* -- listings ----------------------------------------------------------- */

static int
on_object(const struct s3_listed *item, void *ctx, struct err *e)
{
	(void)ctx;
	(void)e;
	buf_printf(&out, "%s%s,", item->is_prefix ? "/" : "", item->key);
	return strcmp(item->key, "stop") == 0 ? 7 : 0;
}

static int
list_below(const char *prefix)
{
	struct s3_list l = { "bkt", prefix, "/" };
	int64_t date = 0;
	int rc = s3_list_objects(s3, &l, on_object, NULL, &date, &err);

	if (date != 0 && date != 1735956000)
		tap_ok(false, "the page's date");
	return rc;
}

static int
list(void)
{
	return list_below("");
}

static void
test_list(void)
{
	SCRIPT(PAGE(ITEM("a%20b") ITEM("c%2Bd") ITEM("e+f") MORE("T1/+")
	    "<EncodingType>url</EncodingType>"),
	    PAGE(ITEM("100%") "<CommonPrefixes><Prefix>p/</Prefix>"
	    "</CommonPrefixes><IsTruncated>false</IsTruncated>"));
	tap_int(list(), 0, "two pages");
	tap_text(buf_text(&out), "a b,c+d,e f,/p/,100%,",
	    "keys are decoded where they are encoded, prefixes come first");
	tap_ok(strstr(httpd_request(server, 1),
	    "continuation-token=T1%2F%2B&delimiter=%2F&encoding-type=url") !=
	    NULL,
	    "the token comes back as it was");
	SCRIPT(PAGE(ITEM("a") MORE("T")));
	tap_int(list(), -1, "the same token again");
	tap_ok(strstr(err.text, "circles") != NULL &&
	    httpd_count(server) == 2, "ends: %s", err.text);
	SCRIPT(PAGE(ITEM("a") "<IsTruncated>true</IsTruncated>"));
	tap_int(list(), -1, "more, but no token: %s", err.text);
	SCRIPT(PAGE(ITEM("app/a") ITEM("ap")));
	tap_int(list_below("app/"), -1, "a key of elsewhere: %s", err.text);
	SCRIPT(PAGE("<Contents><Size>1</Size></Contents>"));
	tap_int(list(), -1, "no key: %s", err.text);
	SCRIPT(PAGE("<Contents><Key>a</Key></Contents>"));
	tap_int(list(), -1, "no size: %s", err.text);
	SCRIPT(PAGE(ITEM("a%zz") "<EncodingType>url</EncodingType>"));
	tap_int(list(), -1, "a bad escape: %s", err.text);
	SCRIPT(PAGE(ITEM("a%00b") "<EncodingType>url</EncodingType>"));
	tap_int(list(), -1, "a zero byte: %s", err.text);
	SCRIPT(PAGE(ITEM("a") ITEM("stop") ITEM("b") MORE("T")));
	tap_int(list(), 7, "the caller stops it");
	tap_text(buf_text(&out), "a,stop,", "at once");
	SCRIPT("200\n\n<html>login</html>");
	tap_int(list(), -1, "a captive portal");
	tap_ok(strstr(err.text, "'html'") != NULL &&
	    httpd_count(server) == 2, "is retried: %s", err.text);
	SCRIPT(PAGE(ITEM("a") "<Contents><Key>"),
	    PAGE(ITEM("a") "<IsTruncated>false</IsTruncated>"));
	tap_int(list(), 0, "a page that is not well-formed");
	tap_text(buf_text(&out), "a,", "hands nothing on, and is retried");
}

static int
on_upload(const struct s3_listed_upload *item, void *ctx, struct err *e)
{
	(void)ctx;
	(void)e;
	buf_printf(&out, "%s=%s,", item->key, item->upload_id);
	return 0;
}

static void
test_uploads(void)
{
	struct s3_list l = { "bkt", "p/", NULL };

	SCRIPT(UPLOADS(UPLOAD("p/a", "1") UPLOAD("p/a", "2")
	    "<IsTruncated>true</IsTruncated><NextKeyMarker>p/a</NextKeyMarker>"
	    "<NextUploadIdMarker>2</NextUploadIdMarker>"),
	    UPLOADS(UPLOAD("p/a", "3")
	    "<IsTruncated>true</IsTruncated><NextKeyMarker>p/a</NextKeyMarker>"
	    "<NextUploadIdMarker>3</NextUploadIdMarker>"),
	    UPLOADS(UPLOAD("p/b", "4")));
	tap_int(s3_list_uploads(s3, &l, on_upload, NULL, &err), 0,
	    "pages within one key");
	tap_text(buf_text(&out), "p/a=1,p/a=2,p/a=3,p/b=4,", "all uploads");
	tap_ok(strstr(httpd_request(server, 2), "key-marker=p%2Fa&max-uploads"
	    "=1000&prefix=p%2F&upload-id-marker=3&uploads=") != NULL,
	    "both markers go along");
	SCRIPT(UPLOADS(UPLOAD("a", "1")
	    "<IsTruncated>true</IsTruncated><NextKeyMarker>a</NextKeyMarker>"
	    "<NextUploadIdMarker>1</NextUploadIdMarker>"));
	tap_int(s3_list_uploads(s3, &l, on_upload, NULL, &err), -1,
	    "circles: %s", err.text);
	SCRIPT(UPLOADS("<Upload><Key>a</Key></Upload>"));
	tap_int(s3_list_uploads(s3, &l, on_upload, NULL, &err), -1,
	    "no id: %s", err.text);
}

/* -- deleting ----------------------------------------------------------- */

static void
on_failed(size_t i, const char *why, void *ctx)
{
	(void)ctx;
	buf_printf(&out, "%zu:%s,", i, why);
}

#define DELETE(...) s3_delete(s3, &(struct s3_doomed){ .bucket = "bkt", \
	.keys = (const char *const[]){ __VA_ARGS__ }, \
	.count = COUNT(((const char *const[]){ __VA_ARGS__ })), \
	.failed = on_failed }, &err)

static void
test_delete(void)
{
	SCRIPT("200\n\n<DeleteResult><Deleted><Key>b&lt;&amp;</Key></Deleted>"
	    "<Error><Key>a</Key><Code>AccessDenied</Code><Message>no"
	    "</Message></Error></DeleteResult>");
	tap_int(DELETE("a", "b<&", "c"), 0, "a 200 with an error");
	tap_text(buf_text(&out), "0:AccessDenied: no,2:the server did not say "
	    "that it is deleted,", "each key is accounted for");
	tap_ok(strstr(httpd_request(server, 0), "<Key>b&lt;&amp;</Key>") !=
	    NULL && strstr(httpd_request(server, 0), "content-md5: ") != NULL,
	    "escaped, with a checksum");
	SCRIPT("204\n\n", FAILED("403", "AccessDenied"),
	    "200\n\n<DeleteResult><Deleted><Key>z</Key></Deleted>"
	    "</DeleteResult>");
	tap_int(DELETE("a\x01", "b\n", "z"), 0, "keys that XML can't hold");
	tap_ok(strncmp(buf_text(&out), "1:server answered 403", 21) == 0,
	    "go one by one: %s", buf_text(&out));
	tap_ok(strncmp(httpd_request(server, 0), "DELETE /bkt/a%01 ", 17) ==
	    0, "by DELETE");
	SCRIPT(FAILED("403", "AccessDenied"));
	tap_int(DELETE("a", "b"), -1, "a refused request");
	tap_ok(strstr(buf_text(&out), "0:cannot delete") != NULL &&
	    strstr(buf_text(&out), "1:cannot delete") != NULL,
	    "fails for each key");
	SCRIPT("200\n\n<DeleteResult/>");
	tap_int(DELETE("a"), 0, "an empty result");
	tap_text(buf_text(&out), "0:the server did not say that it is "
	    "deleted,", "deletes nothing");
}

/* -- objects ------------------------------------------------------------ */

static const struct s3_body body = { .data = "12345", .fd = -1, .size = 5 };

static int
put(bool if_none_match)
{
	struct s3_meta meta = { .upload_id = "ID",
		.if_none_match = if_none_match };
	struct s3_info info;

	return s3_put(s3, &name, &body, &meta, &info, &err);
}

static void
test_put(void)
{
	SCRIPT("200\nETag: \"e\"\n\n");
	tap_int(put(true), S3_OK, "a put");
	tap_ok(strstr(httpd_request(server, 0), "if-none-match: *\r\n") &&
	    strstr(httpd_request(server, 0), "content-md5: gnzLDuqKcGxMNKFok"
	    "fhOew==\r\n") && strstr(httpd_request(server, 0),
	    "x-amz-meta-pgdumpz-upload: ID\r\n") &&
	    strstr(httpd_request(server, 0), "SignedHeaders=content-md5;"
	    "content-type;host;if-none-match;x-amz-content-sha256;x-amz-date;"
	    "x-amz-meta-pgdumpz-upload,"), "has all its headers signed");
	SCRIPT(FAILED("412", "PreconditionFailed"),
	    "200\nx-amz-meta-pgdumpz-upload: ID\n\n");
	tap_int(put(true), S3_OK, "412, but the object is ours");
	SCRIPT(FAILED("412", "PreconditionFailed"),
	    "200\nx-amz-meta-pgdumpz-upload: OTHER\n\n");
	tap_int(put(true), S3_EXISTS, "412, and it is another's");
	SCRIPT("", "", "200\nx-amz-meta-pgdumpz-upload: ID\n\n");
	tap_int(put(false), S3_OK, "no answer at all, but it is there");
	SCRIPT("", "", "200\nx-amz-meta-pgdumpz-upload: OTHER\n\n");
	tap_int(put(false), -1, "another is there: %s", err.text);
	SCRIPT("403\nx-amz-request-id: \x1b[31mR\n\n<Error><Code>Access"
	    "Denied</Code><Message>a&#10;b</Message></Error>");
	tap_int(put(false), -1, "a message with control characters");
	tap_ok(strstr(err.text, "a\\x0ab (request \\x1b[31mR)") != NULL,
	    "is escaped: %s", err.text);
}

static int
head(struct s3_info *info)
{
	return s3_head(s3, &name, info, &err);
}

static void
test_head(void)
{
	struct s3_info info;

	SCRIPT("200\nContent-Length: 12\nETAG:  \"abc\" \nDate: Sat, 04 Jan "
	    "2025 02:00:00 GMT\nLast-Modified: Sat, 04 Jan 2025 01:00:00 GMT"
	    "\nx-amz-version-id: v1\nx-amz-storage-class: GLACIER\n\n");
	tap_int(head(&info), S3_OK, "a head");
	tap_ok(info.size == 12 && info.date == 1735956000 &&
	    info.mtime == 1735952400 && strcmp(info.etag, "abc") == 0 &&
	    strcmp(info.version, "v1") == 0 &&
	    strcmp(info.storage_class, "GLACIER") == 0, "its fields");
	SCRIPT("403\n\n", FAILED("403", "InvalidAccessKeyId"));
	tap_int(head(&info), -1, "a refused head");
	tap_ok(strstr(err.text, "InvalidAccessKeyId") != NULL,
	    "is explained: %s", err.text);
	SCRIPT("404\n\n");
	tap_int(head(&info), S3_MISSING, "a missing key");
}

static int
get(size_t size)
{
	struct s3_info info;
	char bytes[64] = "";
	int rc = s3_get_range(s3, &name, &(struct s3_range){ "e", 2, size,
	    bytes }, &info, &err);

	buf_reset(&out);
	buf_puts(&out, bytes);
	return rc;
}

static void
test_get(void)
{
	SCRIPT("206\nContent-Range: bytes 2-4/9\nETag: \"e\"\n"
	    "Content-Length: 3\n\ncde");
	tap_int(get(3), S3_OK, "a range");
	tap_text(buf_text(&out), "cde", "its bytes");
	tap_ok(strstr(httpd_request(server, 0), "range: bytes=2-4\r\n") &&
	    strstr(httpd_request(server, 0), "if-match: \"e\"\r\n"),
	    "asked for by its ETag");
	SCRIPT("206\nContent-Range: bytes 2-4/9\nContent-Length: 3\n\nc",
	    "206\nContent-Range: bytes 3-4/9\nContent-Length: 2\n\nde");
	tap_int(get(3), S3_OK, "a range in two pieces");
	tap_text(buf_text(&out), "cde", "is put together");
	SCRIPT("200\nContent-Length: 9\n\nabcdefghi");
	tap_int(get(3), -1, "the whole instead: %s", err.text);
	SCRIPT("206\nContent-Range: bytes 0-2/9\nContent-Length: 3\n\nabc");
	tap_int(get(3), -1, "another range: %s", err.text);
	SCRIPT("206\nContent-Range: bytes 2-5/9\nContent-Length: 4\n\ncdef");
	tap_int(get(3), -1, "too much: %s", err.text);
	SCRIPT("206\nContent-Range: bytes 2-2/3\nContent-Length: 1\n\nc");
	tap_int(get(3), -1, "too little: %s", err.text);
	SCRIPT(FAILED("412", "PreconditionFailed"));
	tap_int(get(3), -1, "replaced: %s", err.text);
	SCRIPT(FAILED("403", "InvalidObjectState"));
	tap_int(get(3), S3_ARCHIVED, "archived: %s", err.hint);
	SCRIPT("403\n\n");
	tap_int(get(3), -1, "refused without a word: %s", err.text);
	SCRIPT(FAILED("404", "NoSuchKey"));
	tap_int(get(3), S3_MISSING, "missing");
	SCRIPT(FAILED("404", "NoSuchBucket"));
	tap_int(get(3), -1, "no bucket: %s", err.hint);
}

/* -- completing --------------------------------------------------------- */

static int
complete(bool if_none_match)
{
	static const char etags[1][128] = { "e" };
	struct s3_meta meta = { .upload_id = "ID",
		.if_none_match = if_none_match };
	struct s3_multipart *mp;
	struct s3_info info;
	int rc;

	if ((mp = s3_create_multipart(s3, &name, &meta, &err)) == NULL)
		return -2;
	rc = s3_complete_multipart(s3, mp, &(struct s3_parts){ &meta, etags,
	    1, NULL }, &info, &err);
	s3_multipart_free(mp);
	buf_reset(&out);
	buf_puts(&out, rc == S3_OK ? info.etag : "");
	return rc;
}

#define CREATED "200\n\n<InitiateMultipartUploadResult><UploadId>U" \
	"</UploadId></InitiateMultipartUploadResult>"

static void
test_complete(void)
{
	SCRIPT(CREATED, COMPLETED);
	tap_int(complete(false), S3_OK, "completed");
	tap_text(buf_text(&out), "e-1", "its ETag");
	SCRIPT(CREATED, "200\n\n   \n\n<?xml version=\"1.0\"?>\n   "
	    "<CompleteMultipartUploadResult><ETag>e</ETag>"
	    "</CompleteMultipartUploadResult>");
	tap_int(complete(false), S3_OK, "behind white space");
	SCRIPT(CREATED, FAILED("200", "AccessDenied"), "404\n\n");
	tap_int(complete(false), -1, "200 with an error: %s", err.text);
	SCRIPT(CREATED, FAILED("200", "InternalError"), COMPLETED);
	tap_int(complete(false), S3_OK, "a transient one is retried");
	SCRIPT(CREATED, "200\n\n   ", COMPLETED);
	tap_int(complete(false), S3_OK, "200 and nothing else is retried");
	SCRIPT(CREATED, "200\n\n<CompleteMultipartUploadResult/>", "404\n\n");
	tap_int(complete(false), -1, "no ETag, no object: %s", err.text);
	SCRIPT(CREATED, "200\n\n<CompleteMultipartUploadResult/>",
	    "200\nETag: \"h\"\nx-amz-meta-pgdumpz-upload: ID\n\n");
	tap_int(complete(false), S3_OK, "no ETag, but our object");
	tap_text(buf_text(&out), "h", "the object's own ETag");
	SCRIPT(CREATED, "", FAILED("404", "NoSuchUpload"),
	    "200\nx-amz-meta-pgdumpz-upload: ID\n\n");
	tap_int(complete(false), S3_OK, "a lost answer, gone, and ours");
	SCRIPT(CREATED, "", FAILED("404", "NoSuchUpload"),
	    "200\nx-amz-meta-pgdumpz-upload: OTHER\n\n");
	tap_int(complete(false), -1, "a lost answer, gone, not ours: %s",
	    err.text);
	SCRIPT(CREATED, "200\nETag: \"x\"\n\n");
	tap_int(complete(true), S3_EXISTS, "one is there already");
	SCRIPT(CREATED, "404\n\n", FAILED("412", "PreconditionFailed"),
	    "200\nx-amz-meta-pgdumpz-upload: OTHER\n\n");
	tap_int(complete(true), S3_EXISTS, "one came in between");
	SCRIPT(CREATED, "404\n\n", "200\n\n<CompleteMultipartUploadResult/>",
	    "200\nx-amz-meta-pgdumpz-upload: OTHER\n\n");
	tap_int(complete(true), S3_EXISTS, "another was faster");
	SCRIPT("200\n\n<InitiateMultipartUploadResult/>");
	tap_int(complete(false), -2, "no UploadId: %s", err.text);
}

/* Last: the session remembers it. */
static void
test_no_conditions(void)
{
	SCRIPT(FAILED("501", "NotImplemented"), "404\n\n",
	    "200\nETag: \"e\"\n\n");
	tap_int(put(true), S3_OK, "a store without If-None-Match");
	tap_ok(strncmp(httpd_request(server, 1), "HEAD", 4) == 0 &&
	    strstr(httpd_request(server, 2), "if-none-match") == NULL,
	    "is looked at first");
	SCRIPT("200\nETag: \"x\"\n\n");
	tap_int(put(true), S3_EXISTS, "and from then on");
}

/* An attempt that takes longer than the budget for trying again. */
static void
take_long(struct s3_call *c)
{
	(void)c;
	(void)os_sleep_ms(300, &err);
}

static void
test_long_attempt(void)
{
	struct backoff usual = s3->backoff;
	struct s3_call c;

	SCRIPT("", "200\n\n");
	s3->backoff.budget_ms = 250;
	s3->backoff.base_ms = 1;
	s3_call_init(&c, "look at", "HEAD", "bkt", "k", S3_ANSWER_MAX);
	c.begin = take_long;
	tap_int(s3_call_expect_ok(s3, &c, &err), 0,
	    "what broke after a long time is tried again: %s", err.text);
	tap_int((long long)httpd_count(server), 2, "once");
	s3_call_free(&c);
	SCRIPT("403\nDate: Sat, 04 Jan 2025 02:00:00 GMT\n\n", "", "200\n\n");
	s3->backoff.max_attempts = 3;
	s3_call_init(&c, "look at", "HEAD", "bkt", "k", S3_ANSWER_MAX);
	tap_int(s3_call_expect_ok(s3, &c, &err), 0,
	    "so is what breaks after a correction of the clock: %s", err.text);
	s3_call_free(&c);
	s3->backoff = usual;
}

int
main(void)
{
	struct s3_options options = { .stall_seconds = 5 };

	os_start();
	os_unset_env("http_proxy");
	sys_set_env("AWS_CONFIG_FILE", os_null_device);
	sys_set_env("AWS_SHARED_CREDENTIALS_FILE", os_null_device);
	sys_set_env("AWS_ACCESS_KEY_ID", "A");
	sys_set_env("AWS_SECRET_ACCESS_KEY", "S");
	sys_set_env("AWS_MAX_ATTEMPTS", "2");
	if ((server = httpd_start()) == NULL)
		return 1;
	options.endpoint_url = httpd_url(server);
	if ((s3 = s3_open(&options, &err)) == NULL) {
		tap_ok(false, "open: %s", err.text);
		return tap_done();
	}
	test_list();
	test_uploads();
	test_delete();
	test_put();
	test_head();
	test_get();
	test_complete();
	test_no_conditions();
	test_long_attempt();
	s3_close(s3);
	httpd_stop(server);
	buf_free(&out);
	return tap_done();
}
