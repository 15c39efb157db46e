/*
 * For tests of credentials: a session on what awsdir.h has prepared.
 */
#ifndef CREDSKIT_H
#define CREDSKIT_H

#include "creds.h"

/* What an agent answers, for httpd.h; and when these end. */
#define CREDSKIT_DOCUMENT(key) "200\n\n{\"Code\":\"Success\"," \
	"\"AccessKeyId\":\"" key "\",\"SecretAccessKey\":\"S" key "\"," \
	"\"Token\":\"T" key "\",\"Expiration\":\"2099-01-01T00:00:00Z\"}"
#define CREDSKIT_EXPIRES 4070908800

struct credskit {
	struct net *net;
	struct awsenv *env;
	struct creds_session *session;
	struct err err;		/* of what failed last */
};

/* false: see err. Closes what was open before. */
bool credskit_open(struct credskit *k, const char *profile);
void credskit_close(struct credskit *k);

/* "access/secret/token" as of now, or the error's kind and text. */
const char *credskit_get(struct credskit *k, int64_t now);

/* Open, get as of the clock, close. err stays. */
const char *credskit_once(struct credskit *k, const char *profile);

#endif
