/*
 * Where credentials are looked for, in which order; what a profile leads to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "awsdir.h"
#include "creds_private.h"
#include "credskit.h"
#include "os.h"
#include "sys.h"
#include "tap.h"
#include "vectors.h"

static struct credskit kit;
static struct err err;
static const char *self;

static const char *
get(const char *profile)
{
	const char *got = credskit_once(&kit, profile);

	err = kit.err;
	return got;
}

static void
begin(void)
{
	awsdir_clear();
	awsdir_set("AWS_EC2_METADATA_DISABLED", "true");
}

static void
test_environment(void)
{
	begin();
	get(NULL);
	tap_ok(strstr(err.text, "cannot find credentials") != NULL &&
	    strstr(err.text, "/.aws/credentials") != NULL &&
	    strstr(err.text, "AWS_ACCESS_KEY_ID") != NULL &&
	    strstr(err.text, "AWS_EC2_METADATA_DISABLED") != NULL &&
	    err.kind == ERR_USAGE, "nothing: %s", err.text);
	awsdir_set("AWS_ACCESS_KEY_ID", "A");
	tap_text(get(NULL), "2 AWS_ACCESS_KEY_ID is set, but "
	    "AWS_SECRET_ACCESS_KEY is not", "half");
	awsdir_set("AWS_SECRET_ACCESS_KEY", "S");
	tap_text(get(NULL), "A/S/-", "both");
	awsdir_set("AWS_SESSION_TOKEN", "T");
	tap_text(get(NULL), "A/S/T", "and a token");
	awsdir_set("AWS_SESSION_TOKEN", "");
	tap_text(get(NULL), "A/S/-", "an empty one is none");
	awsdir_set("AWS_ACCESS_KEY_ID", "");
	tap_ok(strstr(get(NULL), "AWS_SECRET_ACCESS_KEY is set, but") != NULL,
	    "an empty key is none");
}

static void
test_profiles(void)
{
	begin();
	awsdir_files("[default]\nregion = r\n"
	    "[profile both]\naws_access_key_id = CA\n"
	    "aws_secret_access_key = CS\n[profile half]\n"
	    "aws_access_key_id = HA\n[profile bare]\nregion = x\n",
	    "[default]\naws_access_key_id = DA\n"
	    "aws_secret_access_key = DS\naws_session_token = DT\n");
	tap_text(get(NULL), "DA/DS/DT", "the default profile");
	tap_text(get("both"), "CA/CS/-", "keys in the config");
	tap_text(get("half"), "2 profile 'half' has no "
	    "aws_secret_access_key", "half");
	tap_ok(strstr(get("bare"), "2 cannot find credentials") != NULL,
	    "a profile without keys");
	tap_ok(strstr(get("nix"), "2 cannot find profile 'nix'") != NULL,
	    "a missing profile");
	awsdir_set("AWS_PROFILE", "both");
	tap_text(get(NULL), "CA/CS/-", "AWS_PROFILE");
	awsdir_set("AWS_ACCESS_KEY_ID", "A");
	awsdir_set("AWS_SECRET_ACCESS_KEY", "S");
	tap_text(get(NULL), "A/S/-", "the environment goes first");
	tap_text(get("default"), "DA/DS/DT", "but not before an option");
}

/* -- credential_process -------------------------------------------------- */

/* What this program says when it is the command, by its argument. */
static const struct {
	const char *name, *text;
} answers[] = {
	{ "session", "{\"Version\":1,\"AccessKeyId\":\"PA\","
	    "\"SecretAccessKey\":\"PS\",\"SessionToken\":\"PT\","
	    "\"Expiration\":\"2099-01-01T00:00:00+00:00\"}" },
	{ "lasting", "{\"AccessKeyId\":\"PA\",\"SecretAccessKey\":\"PS\"}\r\n" },
	{ "half", "{\"AccessKeyId\":\"XYZZY\"}" },
	{ "word", "XYZZY" },
	{ "failing", "XYZZY" },
	{ "endless", "XYZZY\n" },
};

static int
answer(const char *name)
{
	const char *text = NULL;
	struct err e = ERR_INIT;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (strcmp(answers[i].name, name) == 0)
			text = answers[i].text;
	if (text == NULL)
		return 1;
	do
		rc = os_write(1, text, strlen(text), &e);
	while (rc == 0 && strcmp(name, "endless") == 0);
	return strcmp(name, "failing") == 0 ? 3 : rc;
}

/* What the command of the profile comes to. */
static const char *
ask(const char *how)
{
	struct buf config = BUF_INIT(4096);

	buf_printf(&config, "[default]\ncredential_process = \"%s\" %s\n",
	    self, how);
	awsdir_files(buf_text(&config), NULL);
	buf_free(&config);
	return get(NULL);
}

static void
test_process(void)
{
	begin();
	tap_text(ask("session"), "PA/PS/PT", "a command of the profile");
	tap_text(ask("lasting"), "PA/PS/-", "that has no token");
	tap_ok(strstr(ask("half"), "no SecretAccessKey") != NULL &&
	    err.kind == ERR_LOCAL, "half of it: %s", err.text);
	tap_ok(strstr(err.text, "XYZZY") == NULL, "is not shown");
	tap_ok(strstr(ask("word"), "holds no JSON") != NULL &&
	    strstr(err.text, "XYZZY") == NULL, "no JSON: %s", err.text);
	tap_ok(strstr(ask("failing"), "failed with exit status 3") != NULL &&
	    strstr(err.text, "XYZZY") == NULL, "it fails: %s", err.text);
	tap_ok(strstr(ask("endless"), "its output is too long") != NULL,
	    "it goes on and on: %s", err.text);
}

/* -- plans -------------------------------------------------------------- */

/* "BASE:PROFILE >ROLE ...", "none", or "!" */
static const char *
plan(const char *profile)
{
	static const char *const bases[] = { "keys", "web", "sso", "process",
		"Environment", "EcsContainer", "Ec2InstanceMetadata" };
	static struct buf out = BUF_INIT(1000);
	struct awsenv *env;
	struct creds_plan p;
	size_t i;
	int rc = -1;

	memset(&err, 0, sizeof(err));
	buf_reset(&out);
	if ((env = awsenv_open(profile, &err)) != NULL)
		rc = creds_plan(env, &p, &err);
	if (rc > 0)
		buf_printf(&out, "%s:%s", bases[p.base], p.base_profile);
	else
		buf_puts(&out, rc == 0 ? "none" : "!");
	for (i = 0; rc > 0 && i < p.role_count; i++)
		buf_printf(&out, " >%s", p.roles[i]);
	awsenv_free(env);
	return buf_text(&out);
}

#define KEYS "aws_access_key_id=k\naws_secret_access_key=s\n"

static void
test_plans(void)
{
	static const struct {
		const char *files, *expected, *error;
	} cases[] = {
		{ KEYS, "keys:a", NULL },
		{ "role_arn=r\nsource_profile=b\n[profile b]\n" KEYS,
		    "keys:b >a", NULL },
		{ KEYS "role_arn=r\nsource_profile=a\n", "keys:a >a", NULL },
		{ KEYS "role_arn=r\nsource_profile=b\n[profile b]\nrole_arn=q\n"
		    "source_profile=c\n[profile c]\n" KEYS,
		    "keys:c >b >a", NULL },
		{ "role_arn=r\nsource_profile=b\n[profile b]\nrole_arn=q\n"
		    "source_profile=c\n" KEYS, "keys:b >a", NULL },
		{ "role_arn=r\nsource_profile=b\n[profile b]\nrole_arn=q\n"
		    "source_profile=a\n", "!", "leads back to it" },
		{ "role_arn=r\nsource_profile=a\n", "!",
		    "has no aws_access_key_id" },
		{ "role_arn=r\nsource_profile=b\n", "!", "'b' of profile 'a' "
		    "is missing" },
		{ "role_arn=r\n", "!", "nothing to assume it with" },
		{ "role_arn=r\nsource_profile=b\ncredential_source=Environment"
		    "\n[profile b]\n" KEYS, "!", "both" },
		{ "role_arn=r\nsource_profile=b\n[profile b]\nregion=x\n", "!",
		    "'b', to assume the role of profile 'a' with" },
		{ "role_arn=r\ncredential_source=EcsContainer\n",
		    "EcsContainer:a >a", NULL },
		{ "role_arn=r\ncredential_source=Elsewhere\n", "!",
		    "'Elsewhere' of profile 'a' is unknown" },
		{ "role_arn=r\nweb_identity_token_file=/f\n", "web:a", NULL },
		{ "web_identity_token_file=/f\n", "!", "but no role_arn" },
		{ "role_arn=r\nsource_profile=b\n[profile b]\nrole_arn=q\n"
		    "web_identity_token_file=/f\n", "web:b >a", NULL },
		{ "credential_process=x\n", "process:a", NULL },
		{ KEYS "credential_process=x\n", "keys:a", NULL },
		{ "sso_start_url=u\nsso_region=r\nsso_account_id=1\n"
		    "sso_role_name=n\n", "sso:a", NULL },
		{ "sso_start_url=u\nsso_region=r\nsso_account_id=1\n", "!",
		    "no sso_role_name" },
		{ "sso_session=s\nsso_account_id=1\nsso_role_name=n\n", "!",
		    "sso-session 's', which is missing" },
		{ "sso_session=s\nsso_region=x\n[sso-session s]\n"
		    "sso_region=y\n", "!", "is not that of its sso-session" },
		{ "region=x\n", "none", NULL },
	};
	struct buf config = BUF_INIT(4000);
	size_t i;

	begin();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&config);
		buf_printf(&config, "[profile a]\n%s", cases[i].files);
		awsdir_files(buf_text(&config), NULL);
		tap_text(plan("a"), cases[i].expected, "plan %zu %s", i,
		    err.text);
		if (cases[i].error != NULL)
			tap_ok(strstr(err.text, cases[i].error) != NULL &&
			    err.kind == ERR_USAGE, "says: %s", err.text);
	}
	buf_free(&config);
}

/* -- the SDKs' own cases ------------------------------------------------- */

static void
put_sections(struct buf *out, const char *word, json_t *sections)
{
	const char *name, *key;
	json_t *properties, *value;

	json_object_foreach(sections, name, properties) {
		buf_printf(out, "[%s %s]\n", word, name);
		json_object_foreach(properties, key, value)
			buf_printf(out, "%s = %s\n", key,
			    json_string_value(value));
	}
}

/* Does the profile that was planned have what the case expects? */
static bool
has(const struct awsenv *env, const char *profile, const char *key,
	const char *value)
{
	const char *ours = awsenv_property_of(env, profile, key);

	return ours != NULL && value != NULL && strcmp(ours, value) == 0;
}

static bool
is_base(const struct awsenv *env, const struct creds_plan *p, json_t *step)
{
	const char *name = json_object_iter_key(json_object_iter(step));
	json_t *what = json_object_get(step, name);

	switch (p->base) {
	case CREDS_KEYS:
		return strcmp(name, "AccessKey") == 0 && has(env,
		    p->base_profile, "aws_access_key_id",
		    vectors_text(what, "access_key_id"));
	case CREDS_WEB_IDENTITY:
		return strcmp(name, "WebIdentityToken") == 0 && has(env,
		    p->base_profile, "role_arn",
		    vectors_text(what, "role_arn"));
	case CREDS_SSO:
		return strcmp(name, "Sso") == 0;
	case CREDS_INSTANCE:
		return strcmp(json_string_value(what),
		    "Ec2InstanceMetadata") == 0;
	case CREDS_PROCESS:
	case CREDS_ENVIRONMENT:
	case CREDS_CONTAINER:
	default:
		return false;
	}
}

static bool
is_chain(const struct awsenv *env, const struct creds_plan *p, json_t *chain)
{
	json_t *role;
	size_t i;

	if (json_array_size(chain) != p->role_count + 1 ||
	    !is_base(env, p, json_array_get(chain, 0)))
		return false;
	for (i = 0; i < p->role_count; i++) {
		role = json_object_get(json_array_get(chain, i + 1),
		    "AssumeRole");
		if (!has(env, p->roles[i], "role_arn",
		    vectors_text(role, "role_arn")))
			return false;
	}
	return true;
}

static void
test_published(void)
{
	json_t *root = vectors_load("assume-role-tests.json");
	json_t *test, *input, *chain;
	struct buf b = BUF_INIT(8000);
	const char *what;
	struct creds_plan p;
	struct awsenv *env;
	size_t i;
	int rc;

	json_array_foreach(root, i, test) {
		what = vectors_text(test, "docs");
		input = json_object_get(test, "input");
		chain = json_object_get(json_object_get(test, "output"),
		    "ProfileChain");
		buf_reset(&b);
		put_sections(&b, "profile", json_object_get(input,
		    "profiles"));
		put_sections(&b, "sso-session", json_object_get(input,
		    "sso_sessions"));
		begin();
		awsdir_files(buf_text(&b), NULL);
		env = awsenv_open(vectors_text(input, "selected_profile"),
		    &err);
		rc = env != NULL ? creds_plan(env, &p, &err) : -1;
		tap_ok(chain != NULL ? rc > 0 && is_chain(env, &p, chain) :
		    rc <= 0, "%s", what);
		awsenv_free(env);
	}
	json_decref(root);
	buf_free(&b);
}

int
main(int argc, char **argv)
{
	os_start();
	if (argc > 1)
		return answer(argv[1]);
	self = sys_program(argv[0]);
	if (awsdir_make() == NULL)
		return 1;
	test_environment();
	test_profiles();
	test_process();
	test_plans();
	test_published();
	awsdir_remove();
	return tap_done();
}
