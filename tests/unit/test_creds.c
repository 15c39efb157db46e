#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "creds.h"
#include "os.h"
#include "tap.h"

static char dir[] = "/tmp/pgdumpz-creds.XXXXXX";

static void
clear_environment(void)
{
	static const char *const names[] = { "AWS_ACCESS_KEY_ID",
		"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE",
		"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unsetenv(names[i]);
	(void)setenv("HOME", dir, 1);
}

static void
write_file(const char *name, const char *text)
{
	char path[200];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	if ((f = fopen(path, "w")) != NULL) {
		(void)fputs(text, f);
		(void)fclose(f);
	}
	(void)setenv(strcmp(name, "config") == 0 ? "AWS_CONFIG_FILE" :
	    "AWS_SHARED_CREDENTIALS_FILE", path, 1);
}

/* "access/secret/token", or the error. */
static const char *
get(const char *profile)
{
	static char out[2000];
	struct err e = ERR_INIT;
	struct awsconf *conf = awsconf_new(&e);
	struct creds_source source;
	struct creds c = { 0 };

	if (creds_load(conf, profile, &source, &e) == 0 &&
	    creds_get(&source, &c, &e) == 0)
		(void)snprintf(out, sizeof(out), "%s/%s/%s", c.access_key,
		    c.secret_key, c.session_token != NULL ?
		    c.session_token : "-");
	else
		(void)snprintf(out, sizeof(out), "%d %s", (int)e.kind,
		    e.text);
	creds_free(&c);
	awsconf_free(conf);
	return out;
}

static void
test_paths(void)
{
	struct err e = ERR_INIT;
	char expected[200], *path;

	clear_environment();
	path = creds_config_path(&e);
	(void)snprintf(expected, sizeof(expected), "%s/.aws/config", dir);
	tap_text(path, expected, "the config is below the home directory");
	free(path);
	path = creds_credentials_path(&e);
	(void)snprintf(expected, sizeof(expected), "%s/.aws/credentials", dir);
	tap_text(path, expected, "and so are the credentials");
	free(path);
	(void)setenv("AWS_CONFIG_FILE", "/other/config", 1);
	path = creds_config_path(&e);
	tap_text(path, "/other/config", "unless AWS_CONFIG_FILE says");
	free(path);
	(void)setenv("AWS_CONFIG_FILE", "~/other", 1);
	path = creds_config_path(&e);
	(void)snprintf(expected, sizeof(expected), "%s/other", dir);
	tap_text(path, expected, "~ is the home directory");
	free(path);
}

static void
test_environment(void)
{
	clear_environment();
	tap_ok(strstr(get(NULL), "2 cannot find credentials") != NULL &&
	    strstr(get(NULL), "/.aws/credentials") != NULL &&
	    strstr(get(NULL), "AWS_ACCESS_KEY_ID") != NULL,
	    "nothing: %s", get(NULL));
	(void)setenv("AWS_ACCESS_KEY_ID", "A", 1);
	tap_text(get(NULL), "2 AWS_ACCESS_KEY_ID is set, but "
	    "AWS_SECRET_ACCESS_KEY is not", "half");
	(void)setenv("AWS_SECRET_ACCESS_KEY", "S", 1);
	tap_text(get(NULL), "A/S/-", "both");
	(void)setenv("AWS_SESSION_TOKEN", "T", 1);
	tap_text(get(NULL), "A/S/T", "and a token");
	(void)setenv("AWS_SESSION_TOKEN", "", 1);
	tap_text(get(NULL), "A/S/-", "an empty one is none");
	(void)setenv("AWS_ACCESS_KEY_ID", "", 1);
	tap_ok(strstr(get(NULL), "AWS_SECRET_ACCESS_KEY is set, but") != NULL,
	    "an empty key is none");
}

static void
test_profiles(void)
{
	clear_environment();
	write_file("config", "[default]\nregion = r\n"
	    "[profile both]\naws_access_key_id = CA\n"
	    "aws_secret_access_key = CS\n[profile half]\n"
	    "aws_access_key_id = HA\n[profile bare]\nregion = x\n");
	write_file("credentials", "[default]\naws_access_key_id = DA\n"
	    "aws_secret_access_key = DS\naws_session_token = DT\n");
	tap_text(get(NULL), "DA/DS/DT", "the default profile");
	tap_text(get("both"), "CA/CS/-", "keys in the config");
	tap_text(get("half"), "2 profile 'half' has no "
	    "aws_secret_access_key", "half");
	tap_ok(strstr(get("bare"), "2 cannot find credentials") != NULL,
	    "a profile without keys");
	tap_ok(strstr(get("nix"), "2 cannot find profile 'nix'") != NULL,
	    "a missing profile");
	(void)setenv("AWS_PROFILE", "both", 1);
	tap_text(get(NULL), "CA/CS/-", "AWS_PROFILE");
	(void)setenv("AWS_ACCESS_KEY_ID", "A", 1);
	(void)setenv("AWS_SECRET_ACCESS_KEY", "S", 1);
	tap_text(get(NULL), "A/S/-", "the environment goes first");
	tap_text(get("default"), "DA/DS/DT", "but not before an option");
	write_file("credentials", "[default\n");
	tap_ok(strstr(get(NULL), "line 1: expected ']'") != NULL,
	    "a broken file is an error");
}

int
main(void)
{
	struct err e = ERR_INIT;
	char path[200];

	os_start();
	if (mkdtemp(dir) == NULL)
		return 1;
	test_paths();
	test_environment();
	test_profiles();
	(void)snprintf(path, sizeof(path), "%s/config", dir);
	(void)os_unlink(path, &e);
	(void)snprintf(path, sizeof(path), "%s/credentials", dir);
	(void)os_unlink(path, &e);
	(void)rmdir(dir);
	return tap_done();
}
