/*
 * Where settings come from, and which one counts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "awsdir.h"
#include "awsenv.h"
#include "tap.h"
#include "vectors.h"

static const char *home;
static struct err err;

static struct awsenv *
open_env(const char *profile)
{
	memset(&err, 0, sizeof(err));
	return awsenv_open(profile, &err);
}

static void
path_is(char *path, const char *prefix, const char *rest, const char *what)
{
	char expected[300];

	(void)snprintf(expected, sizeof(expected), "%s%s", prefix, rest);
	tap_text(path, expected, "%s", what);
	free(path);
}

static void
test_paths(void)
{
	awsdir_clear();
	path_is(awsenv_config_path(&err), home, "/.aws/config",
	    "the config is below the home directory");
	path_is(awsenv_credentials_path(&err), home, "/.aws/credentials",
	    "and so are the credentials");
	awsdir_set("AWS_CONFIG_FILE", "/other/config");
	path_is(awsenv_config_path(&err), "/other/config", "",
	    "unless AWS_CONFIG_FILE says");
	awsdir_set("AWS_CONFIG_FILE", "~/other");
	path_is(awsenv_config_path(&err), home, "/other",
	    "~ is the home directory");
}

static void
test_profile(void)
{
	struct awsenv *env;

	awsdir_clear();
	awsdir_files("[default]\nregion = d\n[profile x]\nregion = x\n"
	    "empty =\n", NULL);
	env = open_env(NULL);
	tap_text(awsenv_property(env, "region"), "d", "the default profile");
	tap_ok(!awsenv_profile_asked(env), "was not asked for");
	tap_ok(awsenv_property_of(env, "x", "empty") == NULL &&
	    awsenv_property(env, "none") == NULL, "what is empty is absent");
	awsenv_free(env);
	awsdir_set("AWS_PROFILE", "x");
	env = open_env(NULL);
	tap_text(awsenv_get(env, "AWS_REGION", "region"), "x", "AWS_PROFILE");
	awsenv_free(env);
	awsdir_set("AWS_REGION", "e");
	env = open_env("default");
	awsdir_set("AWS_REGION", "later");
	tap_ok(awsenv_profile_asked(env) &&
	    strcmp(awsenv_profile(env), "default") == 0, "an option");
	tap_text(awsenv_get(env, "AWS_REGION", "region"), "e",
	    "a variable goes first, as it was in the beginning");
	awsenv_free(env);
	tap_ok(open_env("nix") == NULL && err.kind == ERR_USAGE &&
	    strstr(err.text, "cannot find profile 'nix'") != NULL,
	    "a missing profile: %s", err.text);
	awsdir_files(NULL, "[default\n");
	tap_ok(open_env(NULL) == NULL && strstr(err.text, "line 1: expected "
	    "']'") != NULL, "a broken file is an error: %s", err.text);
}

static void
test_flags(void)
{
	struct awsenv *env;
	bool on = false;

	awsdir_clear();
	awsdir_files("[default]\nuse_fips_endpoint = TRUE\nother = maybe\n",
	    NULL);
	env = open_env(NULL);
	tap_ok(awsenv_get_flag(env, "AWS_X", "use_fips_endpoint", &on,
	    &err) == 0 && on, "true in any case");
	tap_ok(awsenv_get_flag(env, "AWS_X", "absent", &on, &err) == 0 && on,
	    "absent changes nothing");
	tap_int(awsenv_get_flag(env, "AWS_X", "other", &on, &err), -1,
	    "neither: %s", err.text);
	awsenv_free(env);
}

/* "URL" for a service, "(none)", or the error. */
static const char *
endpoint(const char *service)
{
	struct awsenv *env = open_env(NULL);
	static char out[2000];
	char *url = NULL;

	if (env == NULL || awsenv_endpoint_url(env, service, &url, &err) != 0)
		(void)snprintf(out, sizeof(out), "%s", err.text);
	else
		(void)snprintf(out, sizeof(out), "%s", url != NULL ? url :
		    "(none)");
	free(url);
	awsenv_free(env);
	return out;
}

static void
test_endpoints(void)
{
	awsdir_clear();
	tap_text(endpoint("s3"), "(none)", "no endpoint is configured");
	awsdir_files("[default]\nendpoint_url = http://profile\n", NULL);
	tap_text(endpoint("s3"), "http://profile", "the profile's");
	awsdir_files("[default]\nendpoint_url = http://profile\n"
	    "services = local\n[services local]\ns3 =\n  endpoint_url = "
	    "http://services\n", NULL);
	tap_text(endpoint("s3"), "http://services", "its services'");
	tap_text(endpoint("sts"), "http://profile", "but of another service");
	awsdir_set("AWS_ENDPOINT_URL", "http://all");
	tap_text(endpoint("s3"), "http://all", "the environment's");
	awsdir_set("AWS_ENDPOINT_URL_STS", "http://sts");
	tap_text(endpoint("sts"), "http://sts", "and of this service");
	tap_text(endpoint("s3"), "http://all", "not of another");
	awsdir_set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True");
	tap_text(endpoint("sts"), "(none)", "none when told to ignore them");
	awsdir_set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "1");
	tap_ok(strstr(endpoint("s3"), "neither true nor false") != NULL,
	    "told badly: %s", err.text);
}

/* -- the SDKs' own cases ------------------------------------------------- */

static void
locate(json_t *test, const char *what)
{
	const char *name, *profile;
	struct awsenv *env;
	json_t *value;

	awsdir_clear();
	json_object_foreach(json_object_get(test, "environment"), name, value)
		awsdir_set(name, json_string_value(value));
	path_is(awsenv_config_path(&err), vectors_text(test,
	    "configLocation"), "", what);
	path_is(awsenv_credentials_path(&err), vectors_text(test,
	    "credentialsLocation"), "", what);
	profile = vectors_text(test, "profile");
	env = open_env(NULL);
	if (profile != NULL)
		tap_ok(env != NULL ? strcmp(awsenv_profile(env), profile) ==
		    0 : strstr(err.text, profile) != NULL, "%s: profile",
		    what);
	awsenv_free(env);
}

static void
test_published(void)
{
	json_t *root = vectors_load("file-location-tests.json"), *test;
	size_t i;

	json_array_foreach(json_object_get(root, "tests"), i, test)
		if (strcmp(vectors_text(test, "platform"), "windows") != 0)
			locate(test, vectors_text(test, "name"));
	json_decref(root);
}

int
main(void)
{
	if ((home = awsdir_make()) == NULL)
		return 1;
	test_paths();
	test_profile();
	test_flags();
	test_endpoints();
	test_published();
	awsdir_remove();
	return tap_done();
}
