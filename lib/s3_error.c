/*
 * What a refusal means to the person who reads it at 3 a.m.: the server's own
 * words, and what to do about the common ones. Codes: Amazon S3 API
 * Reference, "Error responses".
 */
#include <stdio.h>
#include <string.h>

#include "s3_private.h"

static const struct {
	const char *code;
	const char *hint;
	bool of_keys;		/* worth telling where they come from */
} hints[] = {
	{ "NoSuchBucket", "create the bucket, or check its name (S3_BUCKET) "
	    "and the endpoint", false },
	{ "AccessDenied", "check what the credentials may do with this bucket "
	    "and prefix", false },
	{ "AllAccessDisabled", "check the bucket's name", false },
	{ "SignatureDoesNotMatch", "check the secret key", true },
	{ "InvalidAccessKeyId", "check the access key and the endpoint",
	    true },
	{ "ExpiredToken", "get new temporary credentials", true },
	{ "InvalidToken", "check the session token", true },
	{ "RequestTimeTooSkewed", "set this machine's clock", false },
	{ "InvalidObjectState", "the object is archived: restore it first",
	    false },
	{ "EntityTooLarge", "use a larger part size, or check the store's "
	    "limits", false },
	{ "QuotaExceeded", "free some space in the bucket, or raise its "
	    "quota", false },
	{ "SlowDown", "the server is busy: try later, or with fewer jobs",
	    false },
};

/* Transient though their status, 4xx, says otherwise. */
static const char *const transient_codes[] = {
	"RequestTimeout", "IncompleteBody", "BadDigest", "SlowDown",
	"Throttling", "ThrottlingException", "ThrottledException",
	"RequestThrottled", "RequestThrottledException",
	"RequestLimitExceeded", "BandwidthLimitExceeded",
	"TooManyRequestsException", "PriorRequestNotComplete",
	"InternalError", "ServiceUnavailable", "OperationAborted",
	"ConditionalRequestConflict",
};

bool
s3_is_transient(int status, const char *code)
{
	size_t i;

	for (i = 0; i < sizeof(transient_codes) / sizeof(*transient_codes);
	    i++)
		if (strcmp(code, transient_codes[i]) == 0)
			return true;
	if (status == 200 || strcmp(code, "NotImplemented") == 0)
		return false;
	return status == 408 || status == 429 || (status >= 500 &&
	    status != 501 && status != 505);
}

static const char *
words_for(int status)
{
	switch (status) {
	case 400:
		return "bad request";
	case 401:
	case 403:
		return "access denied";
	case 404:
		return "not found";
	case 301:
	case 307:
		return "redirected";
	case 412:
		return "precondition failed";
	case 503:
		return "busy";
	default:
		return "error";
	}
}

const char *
s3_right_region(const struct s3_call *c)
{
	const char *named = net_answer_header(&c->answer,
	    "x-amz-bucket-region");

	if (c->answer.status != 301 && c->answer.status != 307 &&
	    c->answer.status != 400)
		return "";
	return named[0] != '\0' ? named : c->summary.region;
}

static void
put_hint(const struct s3 *s3, const char *hint, bool of_keys, struct err *e)
{
	if (of_keys && s3 != NULL)
		err_hint(e, "%s; the credentials come from %s", hint,
		    creds_origin(s3->creds));
	else
		err_hint(e, "%s", hint);
}

static void
add_hint(const struct s3 *s3, const struct s3_call *c, struct err *e)
{
	const char *code = c->summary.code, *region = s3_right_region(c);
	size_t i;

	if (region[0] != '\0' && strcmp(region, c->region) != 0) {
		err_hint(e, "the bucket is in region '%s': set AWS_REGION or "
		    "--region", region);
		return;
	}
	for (i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (strcmp(code, hints[i].code) == 0)
			put_hint(s3, hints[i].hint, hints[i].of_keys, e);
	if (e->hint[0] == '\0')
		s3_hint_storage(c, e);
	if (e->hint[0] != '\0' || code[0] != '\0')
		return;
	if (c->answer.status == 403)
		err_hint(e, "check the credentials, what they may do with "
		    "this bucket and prefix, and this machine's clock");
	else if (c->answer.status / 100 == 3)
		err_hint(e, "check the endpoint and the region");
}

int
s3_call_fail(const struct s3 *s3, const struct s3_call *c, struct err *e)
{
	const struct s3xml_summary *s = &c->summary;
	const char *id = net_answer_header(&c->answer, "x-amz-request-id");
	const char *what = s->code[0] != '\0' ? s->code :
	    words_for(c->answer.status);
	char request[160] = "";

	if (id[0] == '\0')
		id = s->request_id;
	if (id[0] != '\0')
		(void)snprintf(request, sizeof(request), " (request %s)", id);
	if (s->message[0] != '\0' && strcmp(s->message, what) != 0)
		err_set(e, ERR_REMOTE, "server answered %d %s: %s%s",
		    c->answer.status, what, s->message, request);
	else
		err_set(e, ERR_REMOTE, "server answered %d %s%s",
		    c->answer.status, what, request);
	add_hint(s3, c, e);
	return -1;
}

int
s3_call_context(const struct s3_call *c, struct err *e)
{
	if (e->kind == ERR_SIGNAL)
		return -1;
	if (c->key == NULL)
		return err_context(e, "cannot %s 's3://%s'", c->verb,
		    c->bucket);
	return err_context(e, "cannot %s 's3://%s/%s'", c->verb, c->bucket,
	    c->key);
}

int
s3_call_doubt(const struct s3_call *c, struct err *e)
{
	err_context(e, "cannot tell whether 's3://%s/%s' was stored",
	    c->bucket, c->key);
	return err_hint(e, "look whether it is there, whole: s3ls "
	    "s3://%s/%s", c->bucket, c->key);
}
