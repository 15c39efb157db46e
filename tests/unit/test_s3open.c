/*
 * What a session is made of: region, server, addressing, certificates,
 * proxies, as options, environment and profile say.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "awsdir.h"
#include "httpd.h"
#include "net_private.h"
#include "os.h"
#include "s3_private.h"
#include "tap.h"

static struct httpd *server;
static struct s3_options options;
static struct err err;

static void
begin(void)
{
	awsdir_clear();
	awsdir_set("AWS_EC2_METADATA_DISABLED", "true");
	awsdir_set("AWS_ACCESS_KEY_ID", "A");
	awsdir_set("AWS_SECRET_ACCESS_KEY", "S");
	memset(&options, 0, sizeof(options));
	memset(&err, 0, sizeof(err));
}

/* "REGION URL" of the bucket's root, or the error. */
static const char *
place(const char *bucket)
{
	struct buf host = BUF_INIT(1000), path = BUF_INIT(1000);
	struct s3 *s3 = s3_open(&options, &err);
	static char out[3000];

	if (s3 == NULL) {
		(void)snprintf(out, sizeof(out), "%d %s", (int)err.kind,
		    err.text);
		return out;
	}
	s3_endpoint_locate(&s3->endpoint, s3->region,
	    &(struct s3_name){ bucket, NULL }, &host, &path);
	(void)snprintf(out, sizeof(out), "%s %s://%s%s", s3->region,
	    s3_endpoint_is_tls(&s3->endpoint) ? "https" : "http",
	    buf_text(&host), buf_text(&path));
	buf_free(&host);
	buf_free(&path);
	s3_close(s3);
	return out;
}

#define AT(region) region " https://bkt.s3." region ".amazonaws.com/"

static void
test_region(void)
{
	begin();
	tap_text(place("bkt"), AT("us-east-1"), "no region at all");
	awsdir_files("[default]\nregion = profile-1\n", NULL);
	tap_text(place("bkt"), AT("profile-1"), "the profile's");
	awsdir_set("AWS_DEFAULT_REGION", "older-1");
	tap_text(place("bkt"), AT("older-1"), "AWS_DEFAULT_REGION");
	awsdir_set("AWS_REGION", "env-1");
	tap_text(place("bkt"), AT("env-1"), "AWS_REGION");
	options.region = "option-1";
	tap_text(place("bkt"), AT("option-1"), "--region");
	options.region = "evil.com/";
	tap_ok(strstr(place("bkt"), "is not the name of a region") != NULL &&
	    err.kind == ERR_USAGE, "no region: %s", err.text);
}

static void
test_instance_region(void)
{
	begin();
	awsdir_set("AWS_EC2_METADATA_DISABLED", "false");
	awsdir_set("AWS_EC2_METADATA_SERVICE_ENDPOINT", httpd_url(server));
	HTTPD_SCRIPT(server, "200\n\nTOKEN", "200\n\neu-west-9");
	tap_text(place("bkt"), AT("eu-west-9"), "the instance's");
	tap_ok(strncmp(httpd_request(server, 1),
	    "GET /latest/meta-data/placement/region ", 39) == 0, "its request");
	HTTPD_SCRIPT(server, "200\n\nTOKEN", "200\n\n<html>");
	tap_text(place("bkt"), AT("us-east-1"), "that names none");
	options.endpoint_url = "http://s3.example";
	HTTPD_SCRIPT(server, "200\n\nTOKEN");
	tap_text(place("bkt"), "us-east-1 http://s3.example/bkt",
	    "a server of one's own");
	tap_int((long long)httpd_count(server), 0,
	    "does not care where the instance is");
}

static void
test_servers(void)
{
	begin();
	awsdir_set("AWS_REGION", "eu-1");
	awsdir_files("[default]\nendpoint_url = http://profile:81\n"
	    "s3 =\n  addressing_style = virtual\n", NULL);
	tap_text(place("bkt"), "eu-1 http://bkt.profile:81/", "the profile's "
	    "server, and style");
	options.path_style = true;
	tap_text(place("bkt"), "eu-1 http://profile:81/bkt", "an option's");
	awsdir_set("AWS_ENDPOINT_URL_S3", "http://env/base");
	tap_text(place("bkt"), "eu-1 http://env/base/bkt", "the "
	    "environment's");
	options.endpoint_url = "https://option";
	tap_text(place("bkt"), "eu-1 https://option/bkt", "an option's");
	awsdir_set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
	tap_text(place("bkt"), "eu-1 https://option/bkt", "which counts "
	    "though others are to be ignored");
	options.endpoint_url = NULL;
	tap_text(place("bkt"), "eu-1 https://s3.eu-1.amazonaws.com/bkt",
	    "as they are then");
}

static void
test_kinds(void)
{
	begin();
	awsdir_set("AWS_REGION", "eu-1");
	awsdir_set("AWS_USE_DUALSTACK_ENDPOINT", "true");
	tap_text(place("bkt"), "eu-1 https://bkt.s3.dualstack.eu-1.amazonaws."
	    "com/", "dual stack");
	awsdir_set("AWS_USE_DUALSTACK_ENDPOINT", "false");
	awsdir_files("[default]\nuse_dualstack_endpoint = true\n"
	    "use_fips_endpoint = true\n", NULL);
	tap_text(place("bkt"), "eu-1 https://bkt.s3-fips.eu-1.amazonaws.com/",
	    "FIPS, and a variable against the profile");
	awsdir_files("[default]\ns3 =\n  use_accelerate_endpoint = true\n",
	    NULL);
	tap_text(place("bkt"), "eu-1 https://bkt.s3-accelerate.amazonaws.com/",
	    "accelerated");
	awsdir_set("AWS_USE_FIPS_ENDPOINT", "true");
	place("bkt");
	tap_int(err.kind, ERR_USAGE, "both: %s", err.text);
	awsdir_set("AWS_USE_FIPS_ENDPOINT", "1");
	place("bkt");
	tap_ok(strstr(err.text, "neither true nor false") != NULL,
	    "a bad flag: %s", err.text);
}

static const char *
bundle(void)
{
	struct s3 *s3 = s3_open(&options, &err);
	static char out[200];

	(void)snprintf(out, sizeof(out), "%s", s3 == NULL ? "error" :
	    s3->net->ca_bundle != NULL ? s3->net->ca_bundle : "(system)");
	s3_close(s3);
	return out;
}

static void
test_certificates(void)
{
	begin();
	tap_text(bundle(), "(system)", "certificates of the system");
	awsdir_files("[default]\nca_bundle = /profile.pem\n", NULL);
	tap_text(bundle(), "/profile.pem", "the profile's");
	awsdir_set("AWS_CA_BUNDLE", "/env.pem");
	tap_text(bundle(), "/env.pem", "the environment's");
	options.ca_bundle = "/option.pem";
	tap_text(bundle(), "/option.pem", "an option's");
}

static enum s3_answer
look(void)
{
	struct s3 *s3 = s3_open(&options, &err);
	struct s3_info info;
	int rc = -1;

	if (s3 != NULL)
		rc = s3_head(s3, &(struct s3_name){ "bkt", "k" }, &info, &err);
	s3_close(s3);
	return (enum s3_answer)rc;
}

static void
test_proxies(void)
{
	begin();
	awsdir_set("http_proxy", httpd_url(server));
	options.endpoint_url = "http://s3.example:81";
	HTTPD_SCRIPT(server, "200\nETag: \"e\"\n\n");
	tap_int(look(), S3_OK, "by a proxy: %s", err.text);
	tap_ok(strncmp(httpd_request(server, 0),
	    "HEAD http://s3.example:81/bkt/k ", 32) == 0, "is asked for us");
	awsdir_set("AWS_EC2_METADATA_DISABLED", "false");
	awsdir_set("AWS_ACCESS_KEY_ID", "");
	awsdir_set("AWS_SECRET_ACCESS_KEY", "");
	awsdir_set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1");
	HTTPD_SCRIPT(server, "200\n\nTOKEN");
	(void)look();
	tap_int((long long)httpd_count(server), 0,
	    "the instance's metadata is not");
	tap_int(err.kind, ERR_USAGE, "no credentials: %s", err.text);
	awsdir_set("no_proxy", "127.0.0.1");
	awsdir_set("http_proxy", "http://127.0.0.1:1");
	awsdir_set("AWS_ACCESS_KEY_ID", "A");
	awsdir_set("AWS_SECRET_ACCESS_KEY", "S");
	options.endpoint_url = httpd_url(server);
	HTTPD_SCRIPT(server, "200\nETag: \"e\"\n\n");
	tap_int(look(), S3_OK, "a host that needs no proxy: %s", err.text);
}

int
main(void)
{
	os_start();
	if (awsdir_make() == NULL || (server = httpd_start()) == NULL)
		return 1;
	test_region();
	test_instance_region();
	test_servers();
	test_kinds();
	test_certificates();
	test_proxies();
	httpd_stop(server);
	awsdir_remove();
	return tap_done();
}
