/*
 * A session: whose requests, to which server, in which region. Everything is
 * settled here, before the first request.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mem.h"
#include "num.h"
#include "os.h"
#include "s3_private.h"

#ifndef PGDUMPZ_VERSION
#define PGDUMPZ_VERSION "unknown"
#endif

#define CONNECT_MS 15000
#define STALL_SECONDS 60
#define LIMIT_MS ((int64_t)15 * 60 * 1000)

/* What is below the profile's "s3 =": a copy, or NULL; absent is no error. */
static int
copy_sub(const struct awsenv *env, const char *sub, char **out,
	struct err *e)
{
	size_t len;
	const char *value = awsconf_get_sub(awsenv_conf(env),
	    AWSCONF_PROFILE, awsenv_profile(env), "s3", sub, &len);

	*out = NULL;
	if (value == NULL || len == 0)
		return 0;
	*out = mem_dup_len(value, len, e);
	return *out != NULL ? 0 : -1;
}

static int
find_kind(struct s3 *s3, struct err *e)
{
	struct endpoint_kind *kind = &s3->endpoint.kind;
	char *accelerate;

	if (awsenv_get_flag(s3->env, "AWS_USE_DUALSTACK_ENDPOINT",
	    "use_dualstack_endpoint", &kind->dualstack, e) != 0 ||
	    awsenv_get_flag(s3->env, "AWS_USE_FIPS_ENDPOINT",
	    "use_fips_endpoint", &kind->fips, e) != 0 ||
	    copy_sub(s3->env, "use_accelerate_endpoint", &accelerate, e) != 0)
		return -1;
	s3->endpoint.accelerate = accelerate != NULL &&
	    strcasecmp(accelerate, "true") == 0;
	free(accelerate);
	if (s3->endpoint.accelerate && kind->fips)
		return err_set(e, ERR_USAGE, "there is no accelerated "
		    "endpoint with FIPS");
	return 0;
}

static int
find_endpoint(struct s3 *s3, const struct s3_options *o, struct err *e)
{
	char *configured = NULL;
	const char *url = o->endpoint_url;
	int rc = 0;

	if (url == NULL && awsenv_endpoint_url(s3->env, "s3", &configured,
	    e) != 0)
		return -1;
	if (url == NULL)
		url = configured;
	s3->endpoint.is_aws = url == NULL;
	if (url != NULL)
		rc = endpoint_parse(&s3->endpoint.custom, url, e);
	else
		rc = find_kind(s3, e);
	free(configured);
	return rc;
}

static int
find_addressing(struct s3 *s3, const struct s3_options *o, struct err *e)
{
	char *style;

	if (copy_sub(s3->env, "addressing_style", &style, e) != 0)
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
set_region(struct s3 *s3, const char *region, struct err *e)
{
	if (!endpoint_is_region(region))
		return err_set(e, ERR_USAGE, "'%.100s' is not the name of a "
		    "region", region);
	(void)snprintf(s3->region, sizeof(s3->region), "%s", region);
	return 0;
}

/* What options, environment and profile say; "" when they don't. */
static int
find_region(struct s3 *s3, const struct s3_options *o, struct err *e)
{
	const char *region = o->region;

	if (region == NULL)
		region = awsenv_variable(s3->env, "AWS_REGION");
	if (region == NULL)
		region = awsenv_get(s3->env, "AWS_DEFAULT_REGION", "region");
	return region == NULL ? 0 : set_region(s3, region, e);
}

/*
 * The last resort: the region that this instance is in, where that may matter,
 * or any, since S3 tells the right one when asked.
 */
static int
guess_region(struct s3 *s3, struct err *e)
{
	char region[ENDPOINT_REGION_MAX];

	if (s3->region[0] != '\0')
		return 0;
	if (!s3->endpoint.is_aws ||
	    !creds_instance_region(s3->creds, region))
		(void)snprintf(region, sizeof(region), "us-east-1");
	return set_region(s3, region, e);
}

void
s3_region(struct s3 *s3, char out[ENDPOINT_REGION_MAX])
{
	(void)pthread_mutex_lock(&s3->lock);
	memcpy(out, s3->region, ENDPOINT_REGION_MAX);
	(void)pthread_mutex_unlock(&s3->lock);
}

static int
find_attempts(struct s3 *s3, struct err *e)
{
	const char *text = awsenv_get(s3->env, "AWS_MAX_ATTEMPTS",
	    "max_attempts");
	uint64_t n;

	s3->backoff = backoff_default();
	s3->limit_ms = LIMIT_MS;
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
start_net(struct s3 *s3, const struct s3_options *o, struct err *e)
{
	struct net_options net = {
		.ca_bundle = o->ca_bundle != NULL ? o->ca_bundle :
		    awsenv_get(s3->env, "AWS_CA_BUNDLE", "ca_bundle"),
		.user_agent = "pgdumpz/" PGDUMPZ_VERSION,
		.connect_ms = CONNECT_MS,
		.stall_seconds = o->stall_seconds != 0 ? o->stall_seconds :
		    STALL_SECONDS,
		.bytes_per_second = o->bytes_per_second,
	};

	return (s3->net = net_open(&net, e)) != NULL ? 0 : -1;
}

static int
start_creds(struct s3 *s3, struct err *e)
{
	struct creds first = { 0 };
	int rc;

	s3->creds = creds_open(s3->env, s3->net, s3->region, e);
	if (s3->creds == NULL)
		return -1;
	rc = creds_get(s3->creds, os_now(), &first, e);
	creds_free(&first);
	return rc;
}

struct s3 *
s3_open(const struct s3_options *options, struct err *e)
{
	struct s3 *s3 = mem_new(1, sizeof(*s3), e);

	if (s3 == NULL)
		return NULL;
	(void)pthread_mutex_init(&s3->lock, NULL);
	atomic_init(&s3->skew, 0);
	atomic_init(&s3->no_conditions, false);
	if ((s3->env = awsenv_open(options->profile, e)) != NULL &&
	    find_region(s3, options, e) == 0 &&
	    find_endpoint(s3, options, e) == 0 &&
	    find_addressing(s3, options, e) == 0 &&
	    find_attempts(s3, e) == 0 && find_terms(s3, options, e) == 0 &&
	    s3_find_checksum(s3, options, e) == 0 &&
	    s3_find_customer_key(s3, options, e) == 0 &&
	    start_net(s3, options, e) == 0 &&
	    start_creds(s3, e) == 0 && guess_region(s3, e) == 0)
		return s3;
	s3_close(s3);
	return NULL;
}

void
s3_close(struct s3 *s3)
{
	if (s3 == NULL)
		return;
	creds_close(s3->creds);
	net_close(s3->net);
	awsenv_free(s3->env);
	endpoint_free(&s3->endpoint.custom);
	(void)pthread_mutex_destroy(&s3->lock);
	mem_wipe(s3->customer_key, sizeof(s3->customer_key));
	free(s3->expected_owner);
	free(s3->known_bucket);
	free(s3);
}

int
s3_whoami(struct s3 *s3, struct creds_identity *out, struct err *e)
{
	return creds_whoami(s3->creds, out, e);
}
