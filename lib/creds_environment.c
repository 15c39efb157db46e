/*
 * Keys in the environment: what a job scheduler or a container hands in.
 */
#include <stdlib.h>

#include "creds_private.h"

int
creds_from_environment(const struct creds_source *s, struct creds *out,
	struct err *e)
{
	const char *access_key = getenv("AWS_ACCESS_KEY_ID");
	const char *secret_key = getenv("AWS_SECRET_ACCESS_KEY");
	bool has_access = access_key != NULL && access_key[0] != '\0';
	bool has_secret = secret_key != NULL && secret_key[0] != '\0';

	if (s->profile_asked || (!has_access && !has_secret))
		return 0;
	if (has_access != has_secret) {
		err_set(e, ERR_USAGE, "%s is set, but %s is not",
		    has_access ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
		    has_access ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
		return err_hint(e, "set both, or none of them");
	}
	return creds_fill(out, access_key, secret_key,
	    getenv("AWS_SESSION_TOKEN"), e);
}
