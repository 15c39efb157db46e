/*
 * Settings as the AWS SDKs find them: in the environment, else in the profile
 * of the shared files. Both are read once, when it is opened: a tool may hide
 * its secrets from its children then, and threads may ask. Source: AWS SDKs
 * and Tools Reference Guide, "Configuration and authentication settings".
 */
#ifndef AWSENV_H
#define AWSENV_H

#include <stdbool.h>

#include "awsconf.h"
#include "err.h"

struct awsenv;

/*
 * The paths of the shared files: AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE,
 * else below ~/.aws. To free.
 */
char *awsenv_config_path(struct err *e);
char *awsenv_credentials_path(struct err *e);

/*
 * profile: the one that an option asked for; NULL: AWS_PROFILE, "default". One
 * that is named but in neither file is ERR_USAGE. To free: wiped.
 */
struct awsenv *awsenv_open(const char *profile, struct err *e);
void awsenv_free(struct awsenv *env);

/* All that follow are borrowed; what is empty counts as absent, NULL. */

const struct awsconf *awsenv_conf(const struct awsenv *env);
const char *awsenv_profile(const struct awsenv *env);
/* Did an option name the profile? Then it goes before the environment. */
bool awsenv_profile_asked(const struct awsenv *env);

/* A variable that begins with AWS_. */
const char *awsenv_variable(const struct awsenv *env, const char *name);
/* A property of the profile, or of another one. */
const char *awsenv_property(const struct awsenv *env, const char *key);
const char *awsenv_property_of(const struct awsenv *env, const char *profile,
	const char *key);
/* The variable, else the property. */
const char *awsenv_get(const struct awsenv *env, const char *variable,
	const char *key);

/* "true" or "false" in any case, *out as it was when absent; else ERR_USAGE. */
int awsenv_get_flag(const struct awsenv *env, const char *variable,
	const char *key, bool *out, struct err *e);

/*
 * The endpoint that is configured for a service, "s3" or "sts":
 * AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, the profile's services section and
 * endpoint_url. *out is NULL when there is none, or when
 * AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is set; else to free.
 */
int awsenv_endpoint_url(const struct awsenv *env, const char *service,
	char **out, struct err *e);

/* Put ERR_USAGE "WHAT in 'CREDENTIALS FILE' and 'CONFIG FILE'". Returns -1. */
int awsenv_say_where(const char *what, struct err *e);

#endif
