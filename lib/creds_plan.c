/*
 * A profile may hold keys, or name where they come from, or a role and another
 * profile to take it with, and so on. This walks to the end of that chain and
 * says what is to be done, without doing it.
 */
#include <string.h>

#include "creds_private.h"

static const char *
get(const struct awsenv *env, const char *profile, const char *key)
{
	return awsenv_property_of(env, profile, key);
}

static bool
has_keys(const struct awsenv *env, const char *profile)
{
	return get(env, profile, "aws_access_key_id") != NULL ||
	    get(env, profile, "aws_secret_access_key") != NULL;
}

static int
plan_keys(const struct awsenv *env, const char *profile,
	struct creds_plan *out, struct err *e)
{
	if (get(env, profile, "aws_access_key_id") == NULL ||
	    get(env, profile, "aws_secret_access_key") == NULL)
		return err_set(e, ERR_USAGE, "profile '%s' has no %s", profile,
		    get(env, profile, "aws_access_key_id") == NULL ?
		    "aws_access_key_id" : "aws_secret_access_key");
	out->base = CREDS_KEYS;
	return 1;
}

/* -- SSO ---------------------------------------------------------------- */

/* What is in the session belongs there, and nowhere else. */
static int
check_session(const struct awsenv *env, const char *profile,
	const char *session, struct err *e)
{
	static const char *const keys[] = { "sso_region", "sso_start_url" };
	const struct awsconf *conf = awsenv_conf(env);
	const char *here, *there;
	size_t i;

	if (!awsconf_has(conf, AWSCONF_SSO_SESSION, session)) {
		err_set(e, ERR_USAGE, "profile '%s' names sso-session '%s', "
		    "which is missing", profile, session);
		return err_hint(e, "run 'aws configure sso --profile %s'",
		    profile);
	}
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		here = get(env, profile, keys[i]);
		there = awsconf_get(conf, AWSCONF_SSO_SESSION, session,
		    keys[i]);
		if (here != NULL && (there == NULL ||
		    strcmp(here, there) != 0))
			return err_set(e, ERR_USAGE, "%s of profile '%s' is "
			    "not that of its sso-session '%s'", keys[i],
			    profile, session);
	}
	return 0;
}

static bool
has_sso(const struct awsenv *env, const char *profile)
{
	return get(env, profile, "sso_session") != NULL ||
	    get(env, profile, "sso_start_url") != NULL ||
	    get(env, profile, "sso_account_id") != NULL ||
	    get(env, profile, "sso_role_name") != NULL;
}

static int
plan_sso(const struct awsenv *env, const char *profile,
	struct creds_plan *out, struct err *e)
{
	const char *session = get(env, profile, "sso_session");
	const char *account = get(env, profile, "sso_account_id");
	const char *role = get(env, profile, "sso_role_name");

	if ((account == NULL) != (role == NULL))
		return err_set(e, ERR_USAGE, "profile '%s' has %s, but no %s",
		    profile, account != NULL ? "sso_account_id" :
		    "sso_role_name", account != NULL ? "sso_role_name" :
		    "sso_account_id");
	if (session != NULL && check_session(env, profile, session, e) != 0)
		return -1;
	out->base = CREDS_SSO;
	return 1;
}

/* -- what is at the end of the chain ------------------------------------- */

/* Anything but a role that wants another profile; 0: nothing. */
static int
plan_base(const struct awsenv *env, const char *profile,
	struct creds_plan *out, struct err *e)
{
	bool token = get(env, profile, "web_identity_token_file") != NULL;

	out->base_profile = profile;
	if (token && get(env, profile, "role_arn") == NULL)
		return err_set(e, ERR_USAGE, "profile '%s' has a "
		    "web_identity_token_file, but no role_arn", profile);
	if (token) {
		out->base = CREDS_WEB_IDENTITY;
		return 1;
	}
	if (has_sso(env, profile))
		return plan_sso(env, profile, out, e);
	if (has_keys(env, profile))
		return plan_keys(env, profile, out, e);
	if (get(env, profile, "credential_process") == NULL)
		return 0;
	out->base = CREDS_PROCESS;
	return 1;
}

static int
plan_source(const char *profile, const char *source, struct creds_plan *out,
	struct err *e)
{
	static const struct { const char *name; enum creds_base base; }
	sources[] = {
		{ "Environment", CREDS_ENVIRONMENT },
		{ "EcsContainer", CREDS_CONTAINER },
		{ "Ec2InstanceMetadata", CREDS_INSTANCE },
	};
	size_t i;

	out->base_profile = profile;
	for (i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (strcmp(source, sources[i].name) == 0) {
			out->base = sources[i].base;
			return 1;
		}
	err_set(e, ERR_USAGE, "credential_source '%s' of profile '%s' is "
	    "unknown", source, profile);
	return err_hint(e, "it is Environment, EcsContainer or "
	    "Ec2InstanceMetadata");
}

/* -- the chain ---------------------------------------------------------- */

static int
add_role(const char *profile, struct creds_plan *out, struct err *e)
{
	size_t i;

	for (i = 0; i < out->role_count; i++)
		if (strcmp(out->roles[i], profile) == 0)
			return err_set(e, ERR_USAGE, "the source_profile of "
			    "profile '%s' leads back to it", profile);
	if (out->role_count == CREDS_ROLES_MAX)
		return err_set(e, ERR_USAGE, "more than %d profiles lead to "
		    "each other by source_profile", CREDS_ROLES_MAX);
	out->roles[out->role_count++] = profile;
	return 0;
}

/*
 * One step: 2 when *profile is now the one to go on with, else as creds_plan().
 */
static int
step(const struct awsenv *env, const char **profile, struct creds_plan *out,
	struct err *e)
{
	const char *here = *profile;
	const char *source = get(env, here, "source_profile");
	const char *named = get(env, here, "credential_source");

	/* keys end the chain, but where it began the role is meant */
	if (get(env, here, "role_arn") == NULL ||
	    get(env, here, "web_identity_token_file") != NULL ||
	    (out->role_count > 0 && has_keys(env, here) &&
	    strcmp(out->roles[0], here) != 0))
		return plan_base(env, here, out, e);
	if (source != NULL && named != NULL)
		return err_set(e, ERR_USAGE, "profile '%s' has both "
		    "source_profile and credential_source", here);
	if (source == NULL && named == NULL) {
		err_set(e, ERR_USAGE, "profile '%s' has a role_arn, but "
		    "nothing to assume it with", here);
		return err_hint(e, "give it a source_profile or a "
		    "credential_source");
	}
	if (add_role(here, out, e) != 0)
		return -1;
	if (named != NULL)
		return plan_source(here, named, out, e);
	if (!awsconf_has(awsenv_conf(env), AWSCONF_PROFILE, source))
		return err_set(e, ERR_USAGE, "source_profile '%s' of profile "
		    "'%s' is missing", source, here);
	if (strcmp(source, here) == 0) {	/* its own keys, then */
		out->base_profile = here;
		return plan_keys(env, here, out, e);
	}
	*profile = source;
	return 2;
}

/* They were found last first. */
static void
reverse(struct creds_plan *plan)
{
	const char *other;
	size_t i, j;

	for (i = 0, j = plan->role_count; i + 1 < j; i++) {
		other = plan->roles[--j];
		plan->roles[j] = plan->roles[i];
		plan->roles[i] = other;
	}
}

int
creds_plan(const struct awsenv *env, struct creds_plan *out, struct err *e)
{
	const char *profile = awsenv_profile(env);
	int rc;

	memset(out, 0, sizeof(*out));
	while ((rc = step(env, &profile, out, e)) == 2)
		;
	if (rc == 0 && out->role_count > 0)
		return err_set(e, ERR_USAGE, "profile '%s', to assume the "
		    "role of profile '%s' with, has no credentials", profile,
		    out->roles[out->role_count - 1]);
	reverse(out);
	return rc;
}
