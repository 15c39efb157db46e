/*
 * Static keys in a profile of the shared AWS files.
 */
#include "creds_private.h"

int
creds_from_profile(const struct creds_source *s, struct creds *out,
	struct err *e)
{
	const char *access_key, *secret_key, *token;

	access_key = awsconf_get(s->conf, AWSCONF_PROFILE, s->profile,
	    "aws_access_key_id");
	secret_key = awsconf_get(s->conf, AWSCONF_PROFILE, s->profile,
	    "aws_secret_access_key");
	token = awsconf_get(s->conf, AWSCONF_PROFILE, s->profile,
	    "aws_session_token");
	if (access_key == NULL && secret_key == NULL)
		return 0;
	if (access_key == NULL || secret_key == NULL ||
	    access_key[0] == '\0' || secret_key[0] == '\0')
		return err_set(e, ERR_USAGE,
		    "profile '%s' has no %s", s->profile,
		    access_key == NULL || access_key[0] == '\0' ?
		    "aws_access_key_id" : "aws_secret_access_key");
	return creds_fill(out, access_key, secret_key, token, e);
}
