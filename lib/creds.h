/*
 * Whose requests these are: credentials from the first place that has some, in
 * the order of the AWS CLI: the environment, a role of the profile, web
 * identity (EKS), SSO, keys of the profile, credential_process, the container
 * (ECS, EKS Pod Identity), the instance (EC2). Temporary ones are replaced
 * before they end. Source: AWS SDKs and Tools Reference Guide, "Standardized
 * credential providers".
 */
#ifndef CREDS_H
#define CREDS_H

#include <stdbool.h>
#include <stdint.h>

#include "awsenv.h"
#include "endpoint.h"
#include "err.h"
#include "net.h"

struct creds {
	char *access_key;
	char *secret_key;
	char *session_token;	/* NULL: none */
	int64_t expires;	/* UTC seconds; 0: never */
	unsigned serial;	/* differs when they have been replaced */
};

/* Wiped. */
void creds_free(struct creds *c);

struct creds_session;		/* may be used by many threads at once */

/*
 * env and net are borrowed until creds_close(). region: for the security token
 * service, "": us-east-1. Asks nobody yet.
 */
struct creds_session *creds_open(const struct awsenv *env, struct net *net,
	const char *region, struct err *e);
void creds_close(struct creds_session *s);

/*
 * A copy of what is valid now (UTC seconds, as the server sees it), to free.
 * Within five minutes of its end one thread at a time looks for a successor;
 * when that fails, they serve until they end. ERR_USAGE with all that was
 * looked at when there are none, or a place has half of what it should;
 * ERR_REMOTE, ERR_LOCAL when one could not answer. No message holds a secret.
 */
int creds_get(struct creds_session *s, int64_t now, struct creds *out,
	struct err *e);

/*
 * A server called those with that serial expired: replace them, unless that
 * has been done. -1 when they don't come from a place that makes new ones.
 */
int creds_renew(struct creds_session *s, unsigned serial, struct err *e);

/* Where they come from: "the environment", "the instance's role"; borrowed. */
const char *creds_origin(struct creds_session *s);

/* The region that this EC2 instance is in; false: it is none, or won't say. */
bool creds_instance_region(struct creds_session *s,
	char out[ENDPOINT_REGION_MAX]);

/* Who one is, as the security token service says: printable texts. */
struct creds_identity {
	char account[32];	/* "123456789012" */
	char arn[256];		/* "arn:aws:sts::…:assumed-role/…" */
	char user_id[128];
	const char *origin;	/* creds_origin() */
};

/*
 * Ask STS, GetCallerIdentity; no permission is needed for it. It is looked for
 * at AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL, the profile's endpoint_url, else
 * at AWS in the session's region. ERR_REMOTE when it refuses, with a hint.
 */
int creds_whoami(struct creds_session *s, struct creds_identity *out,
	struct err *e);

#endif
