/*
 * What a profile leads to: first the credentials at the end of its chain, then
 * one role after the other.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "creds_private.h"
#include "os.h"

const char *
creds_session_name(const char *given, char *out)
{
	if (given != NULL)
		return given;
	(void)snprintf(out, 64, "pgdumpz-%lld", (long long)os_now());
	return out;
}

static const char *
get(const struct creds_session *s, const char *profile, const char *key)
{
	return awsenv_property_of(s->env, profile, key);
}

static int
take_base(struct creds_session *s, const struct creds_plan *plan,
	struct creds *out, struct err *e)
{
	const char *profile = plan->base_profile;

	switch (plan->base) {
	case CREDS_WEB_IDENTITY:
		return creds_assume_by_token(s, get(s, profile, "role_arn"),
		    get(s, profile, "role_session_name"),
		    get(s, profile, "web_identity_token_file"), out, e);
	case CREDS_SSO:
		return creds_from_sso(s, profile, out, e);
	case CREDS_PROCESS:
		return creds_from_process(s, profile, out, e);
	case CREDS_ENVIRONMENT:
		return creds_from_environment(s, out, e);
	case CREDS_CONTAINER:
		return creds_from_container(s, out, e);
	case CREDS_INSTANCE:
		return creds_from_instance(s, out, e);
	case CREDS_KEYS:
	default:
		return creds_fill(out, get(s, profile, "aws_access_key_id"),
		    get(s, profile, "aws_secret_access_key"),
		    get(s, profile, "aws_session_token"), e);
	}
}

static int
take_source(struct creds_session *s, const struct creds_plan *plan,
	struct creds *out, struct err *e)
{
	int found = take_base(s, plan, out, e);

	if (found != 0)
		return found;
	err_set(e, ERR_USAGE, "credential_source '%s' of profile '%s' has no "
	    "credentials%s", get(s, plan->base_profile, "credential_source"),
	    plan->base_profile, buf_text(&s->tried));
	return -1;
}

/* Replaces *c, which is who asks, by the role. */
static int
assume(struct creds_session *s, const char *profile, struct creds *c,
	struct err *e)
{
	char name[64];
	const struct creds_param params[] = {
		{ "RoleArn", get(s, profile, "role_arn") },
		{ "RoleSessionName", creds_session_name(get(s, profile,
		    "role_session_name"), name) },
		{ "ExternalId", get(s, profile, "external_id") },
		{ "DurationSeconds", get(s, profile, "duration_seconds") },
	};
	struct creds role = { 0 };
	int rc;

	if (get(s, profile, "mfa_serial") != NULL) {
		err_set(e, ERR_USAGE, "profile '%s' asks for the code of an "
		    "MFA device (mfa_serial)", profile);
		return err_hint(e, "nobody is there to type one at night: use "
		    "a role without it, or credential_process");
	}
	rc = creds_ask_sts(s, &(struct creds_sts){ "AssumeRole", c, params,
	    sizeof(params) / sizeof(params[0]) }, &role, e);
	creds_free(c);
	if (rc < 0)
		return err_context(e, "cannot assume role '%s' of profile "
		    "'%s'", get(s, profile, "role_arn"), profile);
	*c = role;
	return rc;
}

int
creds_from_profile(struct creds_session *s, struct creds *out, struct err *e)
{
	struct creds_plan plan;
	size_t i;
	int rc = creds_plan(s->env, &plan, e);

	if (rc > 0)
		rc = take_source(s, &plan, out, e);
	for (i = 0; rc > 0 && i < plan.role_count; i++)
		rc = assume(s, plan.roles[i], out, e);
	return rc;
}
