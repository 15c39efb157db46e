/*
 * What is learned from a refusal, and worth the same request again, once: what
 * time it is, where the bucket is, that credentials have expired. The body is
 * sent again from its beginning, to where it belongs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "s3_private.h"
#include "utc.h"

#define SKEW_SECONDS 240		/* servers allow 15 minutes */

/*
 * The server says that our clock is wrong; its own is in the answer. Believe
 * it for this session, once.
 */
static bool
correct_clock(struct s3 *s3, struct s3_call *c, int64_t signed_at)
{
	const char *code = c->summary.code;
	int64_t date;

	if (c->clock_corrected || c->answer.status != 403 ||
	    (code[0] != '\0' && strcmp(code, "RequestTimeTooSkewed") != 0) ||
	    utc_parse_http(net_answer_header(&c->answer, "date"), &date) != 0)
		return false;
	if (llabs((long long)(date - signed_at)) < SKEW_SECONDS)
		return false;
	atomic_store(&s3->skew, (long long)(date - os_now()));
	c->clock_corrected = true;
	return true;
}

/*
 * A bucket is asked for in its own region only; the server of another one
 * names it. Source: Amazon S3 User Guide, "Request redirection".
 */
static bool
correct_region(struct s3 *s3, struct s3_call *c)
{
	const char *region = s3_right_region(c);

	if (c->region_corrected || region[0] == '\0' ||
	    !endpoint_is_region(region) || strcmp(region, c->region) == 0)
		return false;
	(void)pthread_mutex_lock(&s3->lock);
	(void)snprintf(s3->region, sizeof(s3->region), "%s", region);
	(void)pthread_mutex_unlock(&s3->lock);
	c->region_corrected = true;
	return true;
}

static bool
is_expired(const struct s3_call *c)
{
	const char *code = c->summary.code;

	return strcmp(code, "ExpiredToken") == 0 ||
	    strcmp(code, "ExpiredTokenException") == 0 ||
	    strcmp(code, "TokenRefreshRequired") == 0;
}

/* Temporary credentials that ended before they said they would. */
static bool
renew_creds(struct s3 *s3, struct s3_call *c)
{
	struct err dropped = ERR_INIT;

	if (c->creds_renewed || !is_expired(c))
		return false;
	c->creds_renewed = true;
	return creds_renew(s3->creds, c->creds_serial, &dropped) == 0;
}

/*
 * HEAD's answers have no body, and not every store names the region in a
 * header: what a bare 400 means is learned by a GET, which corrects it.
 */
static bool
learn_by_get(struct s3 *s3, struct s3_call *c)
{
	struct err dropped = ERR_INIT;
	struct s3_call get;
	bool learned;

	if (c->learned || strcmp(c->method, "HEAD") != 0 ||
	    c->answer.status != 400 || c->summary.code[0] != '\0')
		return false;
	c->learned = true;
	s3_call_init(&get, c->verb, "GET", c->bucket, NULL, S3_ANSWER_MAX);
	s3_call_param(&get, "list-type", "2");
	s3_call_param(&get, "max-keys", "0");
	(void)s3_call_send(s3, &get, &dropped);
	learned = strcmp(get.region, c->region) != 0 ||
	    get.creds_serial != c->creds_serial;
	s3_call_free(&get);
	return learned;
}

bool
s3_call_learn(struct s3 *s3, struct s3_call *c, int64_t signed_at)
{
	return correct_clock(s3, c, signed_at) || correct_region(s3, c) ||
	    renew_creds(s3, c) || learn_by_get(s3, c);
}
