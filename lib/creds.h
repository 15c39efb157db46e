/*
 * Whose requests these are: keys from the environment or the shared AWS files,
 * found in the order in which the AWS SDKs look. Source: AWS SDKs and Tools
 * Reference Guide, "Standardized credential providers".
 */
#ifndef CREDS_H
#define CREDS_H

#include <stdbool.h>
#include <stdint.h>

#include "awsconf.h"
#include "err.h"

struct creds {
	char *access_key;
	char *secret_key;
	char *session_token;	/* NULL: none */
	int64_t expires;	/* UTC seconds; 0: never */
};

/* Where to look. */
struct creds_source {
	const struct awsconf *conf;
	const char *profile;
	bool profile_asked;	/* by an option: it goes before the environment */
};

/*
 * The paths of the shared files: AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE,
 * else below ~/.aws. To free.
 */
char *creds_config_path(struct err *e);
char *creds_credentials_path(struct err *e);

/*
 * Read both files. profile is the one asked for, NULL: AWS_PROFILE, "default";
 * a named profile that is in neither file is ERR_USAGE. The source's texts are
 * borrowed from profile, the environment, and conf, which is the caller's.
 */
int creds_load(struct awsconf *conf, const char *profile,
	struct creds_source *out, struct err *e);

/* The first provider that has any. ERR_USAGE with what was looked at when
 * none has, or one has half. */
int creds_get(const struct creds_source *source, struct creds *out,
	struct err *e);

/* Wiped. */
void creds_free(struct creds *c);

#endif
