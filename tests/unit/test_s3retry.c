/*
 * What lib/s3 learns from a refusal, and then does again, once: the region, the
 * clock, new credentials.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "credskit.h"
#include "httpd.h"
#include "os.h"
#include "s3_private.h"
#include "sys.h"
#include "tap.h"

static struct httpd *server;
static struct s3 *s3;
static struct err err;

static int
put(void)
{
	static const struct s3_body body = { .data = "12345", .fd = -1,
		.size = 5 };
	static const struct s3_meta meta = { .upload_id = "ID" };
	struct s3_info info;

	memset(&err, 0, sizeof(err));
	return s3_put(s3, &(struct s3_name){ "bkt", "k" }, &body, &meta,
	    &info, &err);
}

static int
head(void)
{
	struct s3_info info;

	memset(&err, 0, sizeof(err));
	return s3_head(s3, &(struct s3_name){ "bkt", "k" }, &info, &err);
}

#define OK "200\nETag: \"e\"\n\n"
#define SCOPE(region) "/" region "/s3/aws4_request"
#define MALFORMED(region) "400\n\n<Error><Code>AuthorizationHeaderMalformed" \
	"</Code><Region>" region "</Region></Error>"

#define MOVED(region) "301\nx-amz-bucket-region: " region "\nLocation: " \
	"http://evil/\n\n"

static void
test_region(void)
{
	HTTPD_SCRIPT(server, MOVED("eu-9"), OK);
	tap_int(put(), S3_OK, "the region of a redirect: %s", err.text);
	tap_int((long long)httpd_count(server), 2, "is tried, here, at once");
	tap_ok(strstr(httpd_request(server, 1), SCOPE("eu-9")) != NULL &&
	    strstr(httpd_request(server, 1), "\r\n\r\n12345") != NULL,
	    "signed for it, with the whole body");
	HTTPD_SCRIPT(server, OK);
	tap_int(put(), S3_OK, "and later requests");
	tap_ok(strstr(httpd_request(server, 0), SCOPE("eu-9")) != NULL,
	    "go there at first");
	HTTPD_SCRIPT(server, MALFORMED("eu-7"), OK);
	tap_int(put(), S3_OK, "the region of a 400");
	tap_ok(strstr(httpd_request(server, 1), SCOPE("eu-7")) != NULL,
	    "is tried too");
	HTTPD_SCRIPT(server, MALFORMED("eu-5"), MALFORMED("eu-6"));
	tap_int(put(), -1, "two servers that send us on");
	tap_ok(strstr(err.hint, "'eu-6'") != NULL && httpd_count(server) == 2,
	    "are followed once: %s", err.hint);
	HTTPD_SCRIPT(server, MOVED("eu-5"));
	tap_int(put(), -1, "a redirect to where we are");
	tap_ok(httpd_count(server) == 1 && strstr(err.hint, "endpoint") != NULL,
	    "is not followed: %s", err.hint);
	HTTPD_SCRIPT(server, "301\nx-amz-bucket-region: evil.com/\n\n");
	tap_int(put(), -1, "no name of a region");
	tap_int((long long)httpd_count(server), 1, "is not believed");
	HTTPD_SCRIPT(server, "400\n\n", MALFORMED("eu-4"), "200\n\n", OK);
	tap_int(head(), S3_OK, "a HEAD that can't name it: %s", err.text);
	tap_ok(httpd_count(server) == 4 && strstr(httpd_request(server, 3),
	    SCOPE("eu-4")) != NULL, "is made again when a GET has learned it");
	HTTPD_SCRIPT(server, "400\n\n", "403\n\n", "400\n\n");
	tap_int(head(), -1, "a HEAD that nothing cures: %s", err.text);
	tap_ok(strncmp(httpd_request(server, 0), "HEAD ", 5) == 0 &&
	    strncmp(httpd_request(server, 1), "GET /bkt?list-type=2&max-keys=0"
	    " ", 32) == 0 && strncmp(httpd_request(server, 2), "GET /bkt/k ",
	    11) == 0 && httpd_count(server) == 3, "is made once");
	HTTPD_SCRIPT(server, "307\nLocation: http://evil/\n\n");
	tap_int(put(), -1, "a redirect without a region");
	tap_int((long long)httpd_count(server), 1, "is not followed");
}

/* -- the clock ---------------------------------------------------------- */

#define SKEWED "403\nDate: Sat, 04 Jan 2025 02:00:00 GMT\n\n<Error><Code>" \
	"RequestTimeTooSkewed</Code></Error>"

static void
test_clock(void)
{
	HTTPD_SCRIPT(server, SKEWED, OK);
	tap_int(put(), S3_OK, "a clock that is off: %s", err.text);
	tap_ok(strstr(httpd_request(server, 1),
	    "x-amz-date: 20250104T0200") != NULL, "is the server's then");
	HTTPD_SCRIPT(server, OK);
	tap_int(put(), S3_OK, "from now on");
	tap_ok(strstr(httpd_request(server, 0),
	    "x-amz-date: 20250104T0200") != NULL, "at first");
	HTTPD_SCRIPT(server, "403\nDate: Mon, 04 Jan 2027 02:00:00 GMT\n\n"
	    "<Error><Code>RequestTimeTooSkewed</Code></Error>", SKEWED);
	tap_int(put(), -1, "a server that does not know the time");
	tap_int((long long)httpd_count(server), 2, "is believed once");
	HTTPD_SCRIPT(server, "403\nDate: Mon, 04 Jan 2027 02:00:00 GMT\n\n"
	    "<Error><Code>AccessDenied</Code></Error>");
	tap_int(put(), -1, "a refusal");
	tap_int((long long)httpd_count(server), 1, "has nothing to do with it");
}

/* -- credentials -------------------------------------------------------- */

#define EXPIRED "400\n\n<Error><Code>ExpiredToken</Code></Error>"
#define DOCUMENT CREDSKIT_DOCUMENT

static void
test_expired(void)
{
	struct creds_identity id;

	HTTPD_SCRIPT(server, EXPIRED, DOCUMENT("NEW"), OK);
	tap_int(put(), S3_OK, "an expired token: %s", err.text);
	tap_ok(strncmp(httpd_request(server, 1), "GET /creds ", 11) == 0 &&
	    strstr(httpd_request(server, 2), "Credential=NEW/") != NULL &&
	    strstr(httpd_request(server, 2), "x-amz-security-token: TNEW\r\n")
	    != NULL, "is replaced, and the request is sent again");
	HTTPD_SCRIPT(server, EXPIRED, DOCUMENT("NEWER"), EXPIRED);
	tap_int(put(), -1, "one that is expired again");
	tap_int((long long)httpd_count(server), 3, "is replaced once");
	tap_ok(strstr(err.hint, "the container's role") != NULL,
	    "it says where it came from: %s", err.hint);
	HTTPD_SCRIPT(server, EXPIRED, "404\n\n");
	tap_int(put(), -1, "no successor");
	tap_ok(strstr(err.text, "ExpiredToken") != NULL, "the server's word "
	    "counts: %s", err.text);
	HTTPD_SCRIPT(server, "400\n\n", EXPIRED, DOCUMENT("NEWEST"),
	    "200\n\n", "404\n\n");
	tap_int(head(), S3_MISSING, "a HEAD can't say why: %s", err.text);
	tap_ok(strncmp(httpd_request(server, 4), "HEAD ", 5) == 0 &&
	    strstr(httpd_request(server, 4), "Credential=NEWEST/") != NULL,
	    "a GET can, then it is tried with others");
	HTTPD_SCRIPT(server, "200\n\n<GetCallerIdentityResponse>"
	    "<GetCallerIdentityResult><Arn>arn:aws:iam::12:user/me</Arn>"
	    "<UserId>U</UserId><Account>12</Account>"
	    "</GetCallerIdentityResult></GetCallerIdentityResponse>");
	tap_int(s3_whoami(s3, &id, &err), 0, "who one is");
	tap_text(id.arn, "arn:aws:iam::12:user/me", "its name");
	tap_text(id.origin, "the container's role", "and origin");
}

/* As if years had gone by; the server's clock counts, not ours. */
static void
test_near_end(void)
{
	long long skew = atomic_load(&s3->skew);

	atomic_store(&s3->skew, (long long)(CREDSKIT_EXPIRES - 200 - os_now()));
	HTTPD_SCRIPT(server, DOCUMENT("NEXT"), OK);
	tap_int(put(), S3_OK, "credentials near their end: %s", err.text);
	tap_ok(strncmp(httpd_request(server, 0), "GET /creds ", 11) == 0 &&
	    strstr(httpd_request(server, 1), "Credential=NEXT/") != NULL,
	    "are replaced before the request is sent");
	HTTPD_SCRIPT(server, OK);
	tap_int(put(), S3_OK, "and the next one: %s", err.text);
	tap_int((long long)httpd_count(server), 1, "is sent at once");
	atomic_store(&s3->skew, skew);
}

/* -- waiting ------------------------------------------------------------ */

static void
test_waiting(void)
{
	HTTPD_SCRIPT(server, "503\nRetry-After: 0\n\n<Error><Code>SlowDown"
	    "</Code></Error>", OK);
	tap_int(put(), S3_OK, "a busy server: %s", err.text);
	HTTPD_SCRIPT(server, "400\n\n<Error><Code>RequestTimeout</Code>"
	    "</Error>", OK);
	tap_int(put(), S3_OK, "one that lost patience: %s", err.text);
	HTTPD_SCRIPT(server, "429\n\n", OK);
	tap_int(put(), S3_OK, "one that got too many: %s", err.text);
	HTTPD_SCRIPT(server, "503\nRetry-After: 301\n\n", "404\n\n");
	tap_int(put(), -1, "one that asks for more time than we have");
	tap_ok(strncmp(httpd_request(server, 1), "HEAD ", 5) == 0,
	    "is not waited for: %s", err.text);
}

/* Silence has its own limit, a minute; this one is for drops of an answer. */
static void
test_limit(void)
{
	struct s3_options options = { 0 };
	struct s3 *usual = s3;
	int64_t begun = os_monotonic_ms();
	char url[64];
	intptr_t fd = httpd_listen(url);

	options.endpoint_url = url;
	HTTPD_SCRIPT(server, DOCUMENT("K"));
	if ((s3 = s3_open(&options, &err)) != NULL) {
		s3->limit_ms = 200;
		tap_int(put(), -1, "an answer that does not end: %s",
		    err.text);
	}
	tap_ok(s3 != NULL && os_monotonic_ms() - begun < 30000,
	    "is given up in time");
	s3_close(s3);
	sys_close(fd);
	s3 = usual;
}

static struct s3 *
open_session(void)
{
	struct s3_options options = { .stall_seconds = 5 };
	char url[100];

	os_unset_env("http_proxy");
	sys_set_env("AWS_CONFIG_FILE", os_null_device);
	sys_set_env("AWS_SHARED_CREDENTIALS_FILE", os_null_device);
	os_unset_env("AWS_ACCESS_KEY_ID");
	os_unset_env("AWS_SECRET_ACCESS_KEY");
	(void)snprintf(url, sizeof(url), "%s/creds", httpd_url(server));
	sys_set_env("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
	sys_set_env("AWS_MAX_ATTEMPTS", "2");
	sys_set_env("AWS_ENDPOINT_URL", httpd_url(server));
	HTTPD_SCRIPT(server, DOCUMENT("OLD"));
	return s3_open(&options, &err);
}

int
main(void)
{
	os_start();
	if ((server = httpd_start()) == NULL)
		return 1;
	if ((s3 = open_session()) == NULL) {
		tap_ok(false, "open: %s", err.text);
		return tap_done();
	}
	test_region();
	test_clock();
	test_waiting();
	test_expired();
	test_near_end();
	test_limit();
	s3_close(s3);
	httpd_stop(server);
	return tap_done();
}
