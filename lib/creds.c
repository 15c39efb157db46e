/*
 * The chain of providers. What matters to a user is the error at its end: it
 * names every place that was looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "creds_private.h"
#include "mem.h"
#include "os.h"

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
	} else if (path[0] == '~' && path[1] == '/') {
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
creds_config_path(struct err *e)
{
	return file_path("AWS_CONFIG_FILE", "/.aws/config", e);
}

char *
creds_credentials_path(struct err *e)
{
	return file_path("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials",
	    e);
}

static int
read_files(struct awsconf *conf, struct err *e)
{
	char *config = creds_config_path(e), *credentials = NULL;
	int rc = -1;

	if (config != NULL &&
	    (credentials = creds_credentials_path(e)) != NULL &&
	    awsconf_read(conf, AWSCONF_CONFIG, config, e) == 0)
		rc = awsconf_read(conf, AWSCONF_CREDENTIALS, credentials, e);
	free(config);
	free(credentials);
	return rc;
}

/* "what; looked at …" */
static int
say_where(const char *what, struct err *e)
{
	struct err dropped = ERR_INIT;
	char *config = creds_config_path(&dropped);
	char *credentials = creds_credentials_path(&dropped);

	err_set(e, ERR_USAGE, "%s in '%s' and '%s'", what,
	    credentials != NULL ? credentials : "~/.aws/credentials",
	    config != NULL ? config : "~/.aws/config");
	free(config);
	free(credentials);
	return -1;
}

int
creds_load(struct awsconf *conf, const char *profile,
	struct creds_source *out, struct err *e)
{
	const char *wanted = profile != NULL ? profile : getenv("AWS_PROFILE");
	bool named = wanted != NULL && wanted[0] != '\0';

	out->conf = conf;
	out->profile = named ? wanted : "default";
	out->profile_asked = profile != NULL;
	if (read_files(conf, e) != 0)
		return -1;
	if (!named || awsconf_has(conf, AWSCONF_PROFILE, wanted))
		return 0;
	say_where("looked for the profile", e);
	err_context(e, "cannot find profile '%s'", wanted);
	return err_hint(e, "check %s, or 'aws configure list-profiles'",
	    profile != NULL ? "--profile" : "AWS_PROFILE");
}

int
creds_fill(struct creds *out, const char *access_key, const char *secret_key,
	const char *token, struct err *e)
{
	memset(out, 0, sizeof(*out));
	out->access_key = mem_dup(access_key, e);
	out->secret_key = mem_dup(secret_key, e);
	if (token != NULL && token[0] != '\0')
		out->session_token = mem_dup(token, e);
	if (out->access_key != NULL && out->secret_key != NULL &&
	    (token == NULL || token[0] == '\0' || out->session_token != NULL))
		return 1;
	creds_free(out);
	return -1;
}

int
creds_get(const struct creds_source *source, struct creds *out,
	struct err *e)
{
	static int (*const providers[])(const struct creds_source *,
	    struct creds *, struct err *) = {
		creds_from_environment,
		creds_from_profile,
	};
	size_t i;
	int found;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < sizeof(providers) / sizeof(providers[0]); i++)
		if ((found = providers[i](source, out, e)) != 0)
			return found > 0 ? 0 : -1;
	say_where(source->profile_asked ? "looked at the profile" :
	    "looked at AWS_ACCESS_KEY_ID and at the profile", e);
	err_context(e, "cannot find credentials for S3 (profile '%s')",
	    source->profile);
	return err_hint(e, "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
	    "or run 'aws configure'");
}

void
creds_free(struct creds *c)
{
	mem_free_secret(c->access_key);
	mem_free_secret(c->secret_key);
	mem_free_secret(c->session_token);
	memset(c, 0, sizeof(*c));
}
