/*
 * What is pure in s3: endpoints, where a bucket is, what is transient.
 */
#include <stdio.h>
#include <string.h>

#include "s3_private.h"
#include "tap.h"

/* "scheme://host|path" of a bucket and key behind an endpoint. */
static const char *
place(const char *url, bool path_style, bool virtual_host,
	const char *bucket, const char *key)
{
	static char out[4096];
	struct buf host = BUF_INIT(1000), path = BUF_INIT(4000);
	struct s3_endpoint ep = { .is_aws = strncmp(url, "aws", 3) == 0 };
	const char *region = strrchr(url, ':');
	struct err e = ERR_INIT;
	int rc = 0;

	/* "aws:REGION", after "aws" perhaps d(ualstack), f(ips), a(ccelerate) */
	if (ep.is_aws) {
		ep.kind.dualstack = memchr(url + 3, 'd',
		    strcspn(url, ":") - 3) != NULL;
		ep.kind.fips = memchr(url + 3, 'f', strcspn(url, ":") - 3) !=
		    NULL;
		ep.accelerate = memchr(url + 3, 'a', strcspn(url, ":") - 3) !=
		    NULL;
	} else {
		rc = endpoint_parse(&ep.custom, url, &e);
	}
	if (rc != 0) {
		(void)snprintf(out, sizeof(out), "%d %s", (int)e.kind,
		    e.text);
		return out;
	}
	ep.path_style = path_style;
	ep.virtual_host = virtual_host;
	s3_endpoint_locate(&ep, ep.is_aws ? region + 1 : "",
	    &(struct s3_name){ bucket, key }, &host, &path);
	(void)snprintf(out, sizeof(out), "%s://%s|%s", ep.is_aws ||
	    ep.custom.tls ? "https" : "http", buf_text(&host),
	    buf_text(&path));
	endpoint_free(&ep.custom);
	buf_free(&host);
	buf_free(&path);
	return out;
}

static void
test_places(void)
{
	static const struct {
		const char *url;
		int style;	/* 0 automatic, 1 path, 2 virtual host */
		const char *bucket, *key, *expected;
	} cases[] = {
		{ "aws:eu-west-1", 0, "bkt", "k",
		    "https://bkt.s3.eu-west-1.amazonaws.com|/k" },
		{ "aws:eu-west-1", 0, "bkt", NULL,
		    "https://bkt.s3.eu-west-1.amazonaws.com|/" },
		{ "aws:eu-west-1", 1, "bkt", "k",
		    "https://s3.eu-west-1.amazonaws.com|/bkt/k" },
		{ "aws:cn-north-1", 0, "bkt", "k",
		    "https://bkt.s3.cn-north-1.amazonaws.com.cn|/k" },
		{ "aws:eu-west-1", 0, "my.bkt", "k",
		    "https://s3.eu-west-1.amazonaws.com|/my.bkt/k" },
		{ "aws:eu-west-1", 2, "my.bkt", "k",
		    "https://s3.eu-west-1.amazonaws.com|/my.bkt/k" },
		{ "aws:eu-west-1", 0, "Bkt_1", "k",
		    "https://s3.eu-west-1.amazonaws.com|/Bkt_1/k" },
		{ "awsd:eu-west-1", 0, "bkt", "k",
		    "https://bkt.s3.dualstack.eu-west-1.amazonaws.com|/k" },
		{ "awsf:us-east-2", 0, "bkt", "k",
		    "https://bkt.s3-fips.us-east-2.amazonaws.com|/k" },
		{ "awsdf:us-gov-west-1", 1, "bkt", "k",
		    "https://s3-fips.dualstack.us-gov-west-1.amazonaws.com|"
		    "/bkt/k" },
		{ "awsd:cn-north-1", 0, "bkt", "k",
		    "https://bkt.s3.dualstack.cn-north-1.amazonaws.com.cn|"
		    "/k" },
		{ "awsa:eu-west-1", 0, "bkt", "k",
		    "https://bkt.s3-accelerate.amazonaws.com|/k" },
		{ "awsda:eu-west-1", 0, "bkt", "k",
		    "https://bkt.s3-accelerate.dualstack.amazonaws.com|/k" },
		{ "awsa:eu-west-1", 0, "my.bkt", "k",
		    "https://s3.eu-west-1.amazonaws.com|/my.bkt/k" },
		{ "https://minio.example", 0, "bkt", "k",
		    "https://minio.example|/bkt/k" },
		{ "https://minio.example", 2, "bkt", "k",
		    "https://bkt.minio.example|/k" },
		{ "http://minio.example", 2, "my.bkt", "k",
		    "http://my.bkt.minio.example|/k" },
		{ "http://minio.example", 2, "192.168.1.1", "k",
		    "http://minio.example|/192.168.1.1/k" },
		{ "http://minio.example", 2, "-bkt", "k",
		    "http://minio.example|/-bkt/k" },
		{ "http://minio.example", 2, "my-.bkt", "k",
		    "http://minio.example|/my-.bkt/k" },
		{ "aws:eu-west-1", 0, "bk", "k",
		    "https://s3.eu-west-1.amazonaws.com|/bk/k" },
		{ "http://127.0.0.1:9000", 2, "bkt", "k",
		    "http://127.0.0.1:9000|/bkt/k" },
		{ "http://localhost:9000/", 2, "bkt", "k",
		    "http://localhost:9000|/bkt/k" },
		{ "http://[::1]:9000", 2, "bkt", "k",
		    "http://[::1]:9000|/bkt/k" },
		{ "http://[fe80::1]", 0, "bkt", "k",
		    "http://[fe80::1]|/bkt/k" },
		{ "https://HOST.example:443/", 0, "bkt", "k",
		    "https://host.example|/bkt/k" },
		{ "http://host:80", 0, "bkt", "k", "http://host|/bkt/k" },
		{ "http://host:443", 0, "bkt", "k",
		    "http://host:443|/bkt/k" },
		{ "https://x.supabase.co/storage/v1/s3/", 0, "bkt", "k",
		    "https://x.supabase.co|/storage/v1/s3/bkt/k" },
		{ "http://h", 0, "bkt", "/lead", "http://h|/bkt//lead" },
		{ "http://h", 0, "bkt", "a/../b//c/.",
		    "http://h|/bkt/a/../b//c/." },
		{ "http://h", 0, "bkt", "a b+c%41&<\n\xc3\xbc?#",
		    "http://h|/bkt/a%20b%2Bc%2541%26%3C%0A%C3%BC%3F%23" },
		{ "http://h", 0, "bkt", NULL, "http://h|/bkt" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		tap_text(place(cases[i].url, cases[i].style == 1,
		    cases[i].style == 2, cases[i].bucket, cases[i].key),
		    cases[i].expected, "%s %s", cases[i].url,
		    cases[i].bucket);
}

static void
test_hosts(void)
{
	static const struct {
		const char *service, *region;
		bool dualstack, fips;
		const char *expected;
	} cases[] = {
		{ "sts", "eu-west-1", false, false,
		    "sts.eu-west-1.amazonaws.com" },
		{ "sts", "eu-west-1", true, false, "sts.eu-west-1.api.aws" },
		{ "sts", "us-east-2", false, true,
		    "sts-fips.us-east-2.amazonaws.com" },
		{ "sts", "us-gov-west-1", false, true,
		    "sts.us-gov-west-1.amazonaws.com" },
		{ "s3", "us-gov-west-1", false, true,
		    "s3-fips.us-gov-west-1.amazonaws.com" },
		{ "sts", "cn-north-1", true, false,
		    "sts.cn-north-1.api.amazonwebservices.com.cn" },
		{ "portal.sso", "cn-north-1", false, false,
		    "portal.sso.cn-north-1.amazonaws.com.cn" },
		{ "s3", "eusc-de-east-1", false, false,
		    "s3.eusc-de-east-1.amazonaws.eu" },
		{ "sts", "eusc-de-east-1", true, false,
		    "sts.eusc-de-east-1.api.amazonwebservices.eu" },
		{ "s3", "us-iso-east-1", false, false,
		    "s3.us-iso-east-1.c2s.ic.gov" },
		{ "s3", "us-isob-east-1", false, false,
		    "s3.us-isob-east-1.sc2s.sgov.gov" },
	};
	struct endpoint_kind kind;
	struct buf host = BUF_INIT(300);
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		kind = (struct endpoint_kind){ cases[i].dualstack,
			cases[i].fips };
		buf_reset(&host);
		endpoint_aws_host(&host, cases[i].service, cases[i].region,
		    &kind);
		tap_text(buf_text(&host), cases[i].expected, "%s in %s",
		    cases[i].service, cases[i].region);
	}
	buf_free(&host);
}

static void
test_bad_endpoints(void)
{
	static const char *const urls[] = { "", "host", "ftp://host",
		"http://", "http:///x", "http://:80", "http://h:0",
		"http://h:65536", "http://h:x", "http://user@h",
		"http://h/?q", "http://h/#f", "http://h/a b",
		"http://h\r\nX: y", "http://[::1", "http://[x]",
		"http://h:1:2" };
	static const char *const regions[] = { "eu west", "evil.com/", "",
		"evil.com", "a/b", "x:1" };
	size_t i;

	for (i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
		tap_ok(place(urls[i], false, false, "bkt", "k")[0] == '2',
		    "refused: %s", place(urls[i], false, false, "bkt", "k"));
	for (i = 0; i < sizeof(regions) / sizeof(regions[0]); i++)
		tap_ok(!endpoint_is_region(regions[i]), "no region: '%s'",
		    regions[i]);
	tap_ok(endpoint_is_region("eu-west-1"), "a region");
	tap_ok(strstr(place("http://user:secret@h", false, false, "bkt", "k"),
	    "secret") == NULL, "a password in one is not shown");
}

static void
test_transient(void)
{
	static const struct { int status; const char *code; bool transient; }
	cases[] = {
		{ 500, "InternalError", true }, { 503, "SlowDown", true },
		{ 503, "", true }, { 502, "", true }, { 504, "", true },
		{ 429, "", true }, { 408, "", true },
		{ 400, "RequestTimeout", true }, { 400, "BadDigest", true },
		{ 409, "ConditionalRequestConflict", true },
		{ 200, "InternalError", true }, { 200, "AccessDenied", false },
		{ 501, "NotImplemented", false }, { 501, "", false },
		{ 505, "", false }, { 503, "NotImplemented", false },
		{ 400, "", false }, { 403, "AccessDenied", false },
		{ 403, "SignatureDoesNotMatch", false },
		{ 404, "NoSuchKey", false }, { 412, "", false },
		{ 301, "PermanentRedirect", false }, { 200, "", false },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		tap_int(s3_is_transient(cases[i].status, cases[i].code),
		    cases[i].transient, "%d %s", cases[i].status,
		    cases[i].code);
}

int
main(void)
{
	test_places();
	test_hosts();
	test_bad_endpoints();
	test_transient();
	return tap_done();
}
