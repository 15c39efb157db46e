/*
 * Keys in the environment: what a job scheduler or a container hands in.
 */
#include "creds_private.h"

int
creds_from_environment(struct creds_session *s, struct creds *out,
	struct err *e)
{
	const char *access_key = awsenv_variable(s->env, "AWS_ACCESS_KEY_ID");
	const char *secret_key = awsenv_variable(s->env,
	    "AWS_SECRET_ACCESS_KEY");

	if (access_key == NULL && secret_key == NULL)
		return 0;
	if (access_key == NULL || secret_key == NULL) {
		err_set(e, ERR_USAGE, "%s is set, but %s is not",
		    access_key != NULL ? "AWS_ACCESS_KEY_ID" :
		    "AWS_SECRET_ACCESS_KEY", access_key != NULL ?
		    "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
		return err_hint(e, "set both, or none of them");
	}
	return creds_fill(out, access_key, secret_key,
	    awsenv_variable(s->env, "AWS_SESSION_TOKEN"), e);
}
