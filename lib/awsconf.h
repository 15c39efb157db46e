/*
 * The files ~/.aws/config and ~/.aws/credentials, read as the AWS SDKs do.
 * Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials
 * files", and the SDKs' shared tests of their parsers.
 */
#ifndef AWSCONF_H
#define AWSCONF_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

#define AWSCONF_FILE_MAX (1u << 20)

enum awsconf_file { AWSCONF_CONFIG, AWSCONF_CREDENTIALS };

enum awsconf_kind {
	AWSCONF_PROFILE,	/* [profile NAME], [default]; [NAME] in
				 * credentials */
	AWSCONF_SSO_SESSION,	/* [sso-session NAME] */
	AWSCONF_SERVICES	/* [services NAME] */
};

struct awsconf;		/* both files, merged */

struct awsconf *awsconf_new(struct err *e);
void awsconf_free(struct awsconf *c);	/* wiped: there are secrets in it */

/*
 * Add a file's text: the config first, since credentials win. name is for
 * messages. ERR_USAGE with the line on a breach of the grammar; what SDKs
 * ignore (sections and keys with invalid names) is ignored.
 */
int awsconf_parse(struct awsconf *c, enum awsconf_file file,
	const char *name, const char *text, size_t len, struct err *e);

/* Parse a file that is there; one that is missing is empty. */
int awsconf_read(struct awsconf *c, enum awsconf_file file,
	const char *path, struct err *e);

bool awsconf_has(const struct awsconf *c, enum awsconf_kind kind,
	const char *section);

/* A property (key in lower case), or NULL. Borrowed. */
const char *awsconf_get(const struct awsconf *c, enum awsconf_kind kind,
	const char *section, const char *key);

/*
 * Find a sub-property, "endpoint_url" below "s3 =", in the section's property
 * key. Returns its value, not terminated but of *len bytes, or NULL.
 */
const char *awsconf_get_sub(const struct awsconf *c, enum awsconf_kind kind,
	const char *section, const char *key, const char *sub, size_t *len);

#endif
