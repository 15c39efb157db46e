/*
 * A token that somebody vouches for, such as Kubernetes for a pod (EKS), is
 * exchanged for a role's credentials. The file is read each time: whoever
 * wrote it renews it.
 */
#include "creds_private.h"
#include "secretfile.h"

#include "mem.h"

int
creds_assume_by_token(struct creds_session *s, const char *role_arn,
	const char *session_name, const char *token_file, struct creds *out,
	struct err *e)
{
	char name[64], *token = NULL;
	int rc;

	if (secretfile_read("the web identity token", token_file, &token,
	    e) != 0)
		return -1;
	if (token == NULL)
		return err_set(e, ERR_USAGE, "the web identity token in '%s' "
		    "is empty", token_file);
	rc = creds_ask_sts(s, &(struct creds_sts){
	    "AssumeRoleWithWebIdentity", NULL, (const struct creds_param[]){
	    { "RoleArn", role_arn },
	    { "RoleSessionName", creds_session_name(session_name, name) },
	    { "WebIdentityToken", token } }, 3 }, out, e);
	mem_free_secret(token);
	if (rc < 0)
		return err_context(e, "cannot assume role '%s' by the token "
		    "in '%s'", role_arn, token_file);
	return rc;
}

int
creds_from_web_identity(struct creds_session *s, struct creds *out,
	struct err *e)
{
	const char *file = awsenv_variable(s->env,
	    "AWS_WEB_IDENTITY_TOKEN_FILE");
	const char *role = awsenv_variable(s->env, "AWS_ROLE_ARN");

	if (file == NULL)
		return 0;
	if (role == NULL)
		return err_set(e, ERR_USAGE, "AWS_WEB_IDENTITY_TOKEN_FILE is "
		    "set, but AWS_ROLE_ARN is not");
	return creds_assume_by_token(s, role, awsenv_variable(s->env,
	    "AWS_ROLE_SESSION_NAME"), file, out, e);
}
