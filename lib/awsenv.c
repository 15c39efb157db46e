/*
 * The environment goes before the profile, but for what an option has asked
 * for; which one a setting came from is nobody else's business.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "awsenv.h"
#include "buf.h"
#include "mem.h"
#include "os.h"

#define VARIABLES_MAX (256u * 1024)

struct awsenv {
	struct awsconf *conf;
	char *profile;
	bool profile_asked;
	struct buf variables;	/* "AWS_X=…\0" one after the other */
};

/* -- files -------------------------------------------------------------- */

static char *
file_path(const char *variable, const char *below_home, struct err *e)
{
	const char *path = getenv(variable);
	struct buf b = BUF_INIT(4096);
	bool below = path == NULL || path[0] == '\0';
	char *copy = NULL;

	if (below) {
		buf_puts(&b, os_home());
		path = below_home;
	} else if (path[0] == '~' && os_is_separator(path[1])) {
		buf_puts(&b, os_home());
		path++;
	}
	buf_puts(&b, path);
	if (buf_check(&b, variable, e) == 0)
		copy = mem_dup(buf_text(&b), e);
	buf_free(&b);
	return copy;
}

char *
awsenv_config_path(struct err *e)
{
	return file_path("AWS_CONFIG_FILE", "/.aws/config", e);
}

char *
awsenv_credentials_path(struct err *e)
{
	return file_path("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials",
	    e);
}

static int
read_files(struct awsconf *conf, struct err *e)
{
	char *config = awsenv_config_path(e), *credentials = NULL;
	int rc = -1;

	if (config != NULL &&
	    (credentials = awsenv_credentials_path(e)) != NULL &&
	    awsconf_read(conf, AWSCONF_CONFIG, config, e) == 0)
		rc = awsconf_read(conf, AWSCONF_CREDENTIALS, credentials, e);
	free(config);
	free(credentials);
	return rc;
}

int
awsenv_say_where(const char *what, struct err *e)
{
	struct err dropped = ERR_INIT;
	char *config = awsenv_config_path(&dropped);
	char *credentials = awsenv_credentials_path(&dropped);

	err_set(e, ERR_USAGE, "%s in '%s' and '%s'", what,
	    credentials != NULL ? credentials : "~/.aws/credentials",
	    config != NULL ? config : "~/.aws/config");
	free(config);
	free(credentials);
	return -1;
}

/* -- opening ------------------------------------------------------------ */

static int
copy_variables(struct buf *out, struct err *e)
{
	char *const *entry = os_environment();

	buf_init(out, VARIABLES_MAX);
	/* their copies must not stay behind, unwiped, as the buffer grows */
	if (buf_room(out, VARIABLES_MAX) != NULL)
		for (; *entry != NULL; entry++)
			if (strncmp(*entry, "AWS_", 4) == 0)
				buf_put(out, *entry, strlen(*entry) + 1);
	return buf_check(out, "the environment", e);
}

static int
choose_profile(struct awsenv *env, const char *asked, struct err *e)
{
	const char *wanted = asked != NULL ? asked :
	    awsenv_variable(env, "AWS_PROFILE");
	bool named = wanted != NULL && wanted[0] != '\0';

	env->profile_asked = asked != NULL;
	env->profile = mem_dup(named ? wanted : "default", e);
	if (env->profile == NULL)
		return -1;
	if (!named || awsconf_has(env->conf, AWSCONF_PROFILE, wanted))
		return 0;
	awsenv_say_where("looked for the profile", e);
	err_context(e, "cannot find profile '%s'", wanted);
	return err_hint(e, "check %s, or 'aws configure list-profiles'",
	    asked != NULL ? "--profile" : "AWS_PROFILE");
}

struct awsenv *
awsenv_open(const char *profile, struct err *e)
{
	struct awsenv *env = mem_new(1, sizeof(*env), e);

	if (env == NULL)
		return NULL;
	if (copy_variables(&env->variables, e) == 0 &&
	    (env->conf = awsconf_new(e)) != NULL &&
	    read_files(env->conf, e) == 0 &&
	    choose_profile(env, profile, e) == 0)
		return env;
	awsenv_free(env);
	return NULL;
}

void
awsenv_free(struct awsenv *env)
{
	if (env == NULL)
		return;
	awsconf_free(env->conf);
	free(env->profile);
	buf_free_secret(&env->variables);
	free(env);
}

/* -- asking ------------------------------------------------------------- */

const struct awsconf *
awsenv_conf(const struct awsenv *env)
{
	return env->conf;
}

const char *
awsenv_profile(const struct awsenv *env)
{
	return env->profile;
}

bool
awsenv_profile_asked(const struct awsenv *env)
{
	return env->profile_asked;
}

static const char *
unless_empty(const char *text)
{
	return text != NULL && text[0] != '\0' ? text : NULL;
}

const char *
awsenv_variable(const struct awsenv *env, const char *name)
{
	const char *p = buf_text(&env->variables);
	const char *end = p + env->variables.len;
	size_t len = strlen(name);

	for (; p < end; p += strlen(p) + 1)
		if (strncmp(p, name, len) == 0 && p[len] == '=')
			return unless_empty(p + len + 1);
	return NULL;
}

const char *
awsenv_property_of(const struct awsenv *env, const char *profile,
	const char *key)
{
	return unless_empty(awsconf_get(env->conf, AWSCONF_PROFILE, profile,
	    key));
}

const char *
awsenv_property(const struct awsenv *env, const char *key)
{
	return awsenv_property_of(env, env->profile, key);
}

const char *
awsenv_get(const struct awsenv *env, const char *variable, const char *key)
{
	const char *value = awsenv_variable(env, variable);

	return value != NULL ? value : awsenv_property(env, key);
}

int
awsenv_get_flag(const struct awsenv *env, const char *variable,
	const char *key, bool *out, struct err *e)
{
	const char *value = awsenv_get(env, variable, key);
	bool is_true;

	if (value == NULL)
		return 0;
	is_true = strcasecmp(value, "true") == 0;
	if (!is_true && strcasecmp(value, "false") != 0)
		return err_set(e, ERR_USAGE, "%s (or %s in profile '%s') is "
		    "'%s', neither true nor false", variable, key,
		    env->profile, value);
	*out = is_true;
	return 0;
}

/* The variable, or what the profile or its services section says. */
static int
configured_url(const struct awsenv *env, const char *service,
	const char *variable, char **out, struct err *e)
{
	const char *url = awsenv_variable(env, variable), *services, *sub;
	size_t len = 0;

	if (url == NULL)
		url = awsenv_variable(env, "AWS_ENDPOINT_URL");
	services = awsenv_property(env, "services");
	if (url == NULL && services != NULL &&
	    (sub = awsconf_get_sub(env->conf, AWSCONF_SERVICES, services,
	    service, "endpoint_url", &len)) != NULL && len > 0)
		return (*out = mem_dup_len(sub, len, e)) != NULL ? 0 : -1;
	if (url == NULL)
		url = awsenv_property(env, "endpoint_url");
	if (url == NULL)
		return 0;
	return (*out = mem_dup(url, e)) != NULL ? 0 : -1;
}

int
awsenv_endpoint_url(const struct awsenv *env, const char *service,
	char **out, struct err *e)
{
	struct buf variable = BUF_INIT(64);
	bool ignored = false;
	const char *p;
	int rc;

	*out = NULL;
	if (awsenv_get_flag(env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
	    "ignore_configured_endpoint_urls", &ignored, e) != 0)
		return -1;
	if (ignored)
		return 0;
	buf_puts(&variable, "AWS_ENDPOINT_URL_");
	for (p = service; *p != '\0'; p++)
		buf_putc(&variable, (char)toupper((unsigned char)*p));
	rc = configured_url(env, service, buf_text(&variable), out, e);
	buf_free(&variable);
	return rc;
}
