/*
 * A session: whose requests, to which server, in which region. Everything is
 * settled here, before the first request.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "num.h"
#include "s3_private.h"

#ifndef PGDUMPZ_VERSION
#define PGDUMPZ_VERSION "unknown"
#endif

#define CONNECT_MS 15000
#define STALL_SECONDS 60

static const char *
env(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

static const char *
first_of(const char *a, const char *b, const char *c)
{
	return a != NULL ? a : b != NULL ? b : c;
}

static bool
is_true(const char *text)
{
	return text != NULL && (strcmp(text, "true") == 0 ||
	    strcmp(text, "TRUE") == 0 || strcmp(text, "True") == 0);
}

/* A copy of "sub" below "key =" in a section, or NULL; absent is no error. */
static int
copy_sub(const struct creds_source *source, enum awsconf_kind kind,
	const char *section, const char *sub, char **out, struct err *e)
{
	size_t len;
	const char *value = awsconf_get_sub(source->conf, kind, section,
	    "s3", sub, &len);

	*out = NULL;
	if (value == NULL || len == 0)
		return 0;
	*out = mem_dup_len(value, len, e);
	return *out != NULL ? 0 : -1;
}

/* The endpoint that the profile names, by itself or by its services. */
static int
profile_endpoint(const struct creds_source *s, char **out, struct err *e)
{
	const char *services, *url;

	*out = NULL;
	services = awsconf_get(s->conf, AWSCONF_PROFILE, s->profile,
	    "services");
	if (services != NULL && copy_sub(s, AWSCONF_SERVICES, services,
	    "endpoint_url", out, e) != 0)
		return -1;
	url = awsconf_get(s->conf, AWSCONF_PROFILE, s->profile,
	    "endpoint_url");
	if (*out != NULL || url == NULL || url[0] == '\0')
		return 0;
	return (*out = mem_dup(url, e)) != NULL ? 0 : -1;
}

static int
find_endpoint(struct s3 *s3, const struct s3_options *o,
	const struct creds_source *source, struct err *e)
{
	const char *url = o->endpoint_url, *ignore;
	char *from_profile = NULL;
	int rc;

	ignore = first_of(env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"),
	    awsconf_get(source->conf, AWSCONF_PROFILE, source->profile,
	    "ignore_configured_endpoint_urls"), NULL);
	if (!is_true(ignore)) {
		if (profile_endpoint(source, &from_profile, e) != 0)
			return -1;
		url = first_of(url, env("AWS_ENDPOINT_URL_S3"),
		    first_of(env("AWS_ENDPOINT_URL"), from_profile, NULL));
	}
	rc = url != NULL ? s3_endpoint_parse(&s3->endpoint, url, e) :
	    s3_endpoint_aws(&s3->endpoint, s3->region, e);
	free(from_profile);
	return rc;
}

static int
find_addressing(struct s3 *s3, const struct s3_options *o,
	const struct creds_source *source, struct err *e)
{
	char *style;

	if (copy_sub(source, AWSCONF_PROFILE, source->profile,
	    "addressing_style", &style, e) != 0)
		return -1;
	s3->endpoint.path_style = o->path_style;
	s3->endpoint.virtual_host = o->virtual_host;
	if (style != NULL && !o->path_style && !o->virtual_host) {
		s3->endpoint.path_style = strcmp(style, "path") == 0;
		s3->endpoint.virtual_host = strcmp(style, "virtual") == 0;
	}
	free(style);
	return 0;
}

static int
find_region(struct s3 *s3, const struct s3_options *o,
	const struct creds_source *source, struct err *e)
{
	const char *region = first_of(o->region, env("AWS_REGION"),
	    env("AWS_DEFAULT_REGION"));

	if (region == NULL)
		region = awsconf_get(source->conf, AWSCONF_PROFILE,
		    source->profile, "region");
	if (region == NULL || region[0] == '\0')
		region = "us-east-1";
	return (s3->region = mem_dup(region, e)) != NULL ? 0 : -1;
}

static int
find_attempts(struct s3 *s3, const struct creds_source *source,
	struct err *e)
{
	const char *text = first_of(env("AWS_MAX_ATTEMPTS"),
	    awsconf_get(source->conf, AWSCONF_PROFILE, source->profile,
	    "max_attempts"), NULL);
	uint64_t n;

	s3->backoff = backoff_default();
	if (text == NULL)
		return 0;
	if (num_parse_u64(text, &n) != 0 || n < 1 || n > 100)
		return err_set(e, ERR_USAGE, "AWS_MAX_ATTEMPTS '%s' is not a "
		    "number from 1 to 100", text);
	s3->backoff.max_attempts = (unsigned)n;
	return 0;
}

/* On which terms the bucket is used. */
static int
find_terms(struct s3 *s3, const struct s3_options *o, struct err *e)
{
	s3->requester_pays = o->requester_pays;
	if (o->expected_owner == NULL)
		return 0;
	s3->expected_owner = mem_dup(o->expected_owner, e);
	return s3->expected_owner != NULL ? 0 : -1;
}

static int
start_net(struct s3 *s3, const struct s3_options *o,
	const struct creds_source *source, struct err *e)
{
	struct net_options net = {
		.ca_bundle = first_of(o->ca_bundle, env("AWS_CA_BUNDLE"),
		    awsconf_get(source->conf, AWSCONF_PROFILE,
		    source->profile, "ca_bundle")),
		.user_agent = "pgdumpz/" PGDUMPZ_VERSION,
		.connect_ms = CONNECT_MS,
		.stall_seconds = o->stall_seconds != 0 ? o->stall_seconds :
		    STALL_SECONDS,
		.bytes_per_second = o->bytes_per_second,
	};

	return (s3->net = net_open(&net, e)) != NULL ? 0 : -1;
}

struct s3 *
s3_open(const struct s3_options *options, struct err *e)
{
	struct awsconf *conf = awsconf_new(e);
	struct creds_source source;
	struct s3 *s3 = NULL;

	if (conf == NULL || (s3 = mem_new(1, sizeof(*s3), e)) == NULL)
		goto fail;
	(void)pthread_mutex_init(&s3->lock, NULL);
	atomic_init(&s3->skew, 0);
	atomic_init(&s3->no_conditions, false);
	if (creds_load(conf, options->profile, &source, e) != 0 ||
	    creds_get(&source, &s3->creds, e) != 0 ||
	    find_region(s3, options, &source, e) != 0 ||
	    find_endpoint(s3, options, &source, e) != 0 ||
	    find_addressing(s3, options, &source, e) != 0 ||
	    find_attempts(s3, &source, e) != 0 ||
	    find_terms(s3, options, e) != 0 ||
	    s3_find_checksum(s3, options, &source, e) != 0 ||
	    s3_find_customer_key(s3, options, e) != 0 ||
	    start_net(s3, options, &source, e) != 0)
		goto fail;
	awsconf_free(conf);
	return s3;
fail:
	awsconf_free(conf);
	s3_close(s3);
	return NULL;
}

void
s3_close(struct s3 *s3)
{
	if (s3 == NULL)
		return;
	net_close(s3->net);
	creds_free(&s3->creds);
	s3_endpoint_free(&s3->endpoint);
	(void)pthread_mutex_destroy(&s3->lock);
	mem_wipe(s3->customer_key, sizeof(s3->customer_key));
	free(s3->expected_owner);
	free(s3->known_bucket);
	free(s3->region);
	free(s3);
}
