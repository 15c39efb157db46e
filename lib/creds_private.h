/*
 * Between the files of creds: providers, each a file of its own, and what they
 * share. A provider returns 1: found, and out filled. 0: it has none, which it
 * may say something about to s->tried. -1: it should have some, but failed.
 */
#ifndef CREDS_PRIVATE_H
#define CREDS_PRIVATE_H

#include <pthread.h>

#include "buf.h"
#include "creds.h"

struct creds_session {
	const struct awsenv *env;
	struct net *net;
	char region[ENDPOINT_REGION_MAX];

	pthread_mutex_t lock;		/* of what follows */
	struct creds now;		/* access_key NULL: none yet */
	int64_t hold_ms;		/* nobody looks before that */
	int provider;			/* its place in the chain; -1: none */

	pthread_mutex_t refreshing;	/* of what follows, and of looking;
					 * before lock, where both are held */
	int64_t skew;			/* seconds that our clock is behind */
	struct buf tried;		/* "; WHAT WAS LOOKED AT" … */
	bool instance_answers;		/* worth some patience */
};

int creds_from_environment(struct creds_session *s, struct creds *out,
	struct err *e);
/* Keys, and all that a profile may name instead. */
int creds_from_profile(struct creds_session *s, struct creds *out,
	struct err *e);
int creds_from_web_identity(struct creds_session *s, struct creds *out,
	struct err *e);
int creds_from_container(struct creds_session *s, struct creds *out,
	struct err *e);
int creds_from_instance(struct creds_session *s, struct creds *out,
	struct err *e);

/* Those that only a profile leads to: never 0. */
int creds_from_process(struct creds_session *s, const char *profile,
	struct creds *out, struct err *e);
int creds_from_sso(struct creds_session *s, const char *profile,
	struct creds *out, struct err *e);

/* Copy two keys and a token (NULL or "": none), as 1, or -1. */
int creds_fill(struct creds *out, const char *access_key,
	const char *secret_key, const char *token, struct err *e);

/* -- creds_plan.c: what a profile leads to (pure) ------------------------ */

#define CREDS_ROLES_MAX 16

enum creds_base {
	CREDS_KEYS,		/* of base_profile */
	CREDS_WEB_IDENTITY,
	CREDS_SSO,
	CREDS_PROCESS,
	CREDS_ENVIRONMENT,	/* what credential_source names */
	CREDS_CONTAINER,
	CREDS_INSTANCE
};

struct creds_plan {
	enum creds_base base;
	const char *base_profile;	/* that has it */
	const char *roles[CREDS_ROLES_MAX];	/* profiles whose roles are
						 * assumed then, in order */
	size_t role_count;
};

/* 1: planned; 0: the profile has no credentials; -1: it is at odds. */
int creds_plan(const struct awsenv *env, struct creds_plan *out,
	struct err *e);

/* -- creds_fetch.c: small requests -------------------------------------- */

#define CREDS_ANSWER_MAX (256u * 1024)

struct creds_fetch {
	const char *what;	/* for messages: "the container's agent" */
	const char *url;
	const char *method;	/* NULL: GET */
	const struct net_header *headers;
	size_t header_count;
	const char *body;	/* NULL: none */
	int64_t connect_ms, limit_ms;	/* of one attempt */
	unsigned attempts;
	bool no_proxy;
};

/*
 * Send, until an answer comes that is no 5xx or 429. 0 with one of any other
 * status; else -1 and why: a->result tells whether anybody answered. Prepared
 * by net_answer_init(), to be wiped by creds_wipe_answer().
 */
int creds_fetch(struct creds_session *s, const struct creds_fetch *f,
	struct net_answer *a, struct err *e);
void creds_wipe_answer(struct net_answer *a);

/* -- creds_container.c, creds_instance.c --------------------------------- */

/* Append where the container's credentials are. 1, 0: nowhere, or -1. */
int creds_container_url(const struct awsenv *env, struct buf *url,
	bool *no_proxy, struct err *e);

/* Append the URL of the instance's metadata, without its last slash. */
int creds_instance_url(const struct awsenv *env, struct buf *url,
	struct err *e);

/* -- creds_json.c: credential documents --------------------------------- */

/* How a document calls them. */
struct creds_names {
	const char *inside;	/* the object that they are in; NULL: the top */
	const char *access_key, *secret_key, *token, *expires;
	bool needs_token;
};

/*
 * Read a document. what: who it is from, for messages. 1 or -1, ERR_REMOTE.
 */
int creds_read_json(const char *text, size_t len, const char *what,
	const struct creds_names *names, struct creds *out, struct err *e);

/* AccessKeyId, SecretAccessKey, Token, Expiration: container and instance. */
extern const struct creds_names creds_metadata_names;

/* One text at the top of a JSON object, a copy to free by
 * mem_free_secret(); NULL when there is none (e untouched) or no memory. */
char *creds_json_text(const char *text, size_t len, const char *name,
	struct err *e);

/* An answer that is no success: its status, and its "message". -1. */
int creds_refused(const char *what, const struct net_answer *a,
	struct err *e);

/* -- creds_sts.c, creds_form.c: the security token service ---------------- */

struct creds_param {
	const char *name;
	const char *value;	/* NULL: left out */
};

struct creds_sts {
	const char *action;
	const struct creds *signer;	/* NULL: unsigned */
	const struct creds_param *params;
	size_t param_count;
};

/*
 * Post the form to where awsenv says, else to AWS in s->region; a clock that is
 * off is corrected in s->skew, once. 0 with an answer of any status, or -1.
 */
int creds_post_sts(struct creds_session *s, const struct creds_sts *ask,
	struct net_answer *http, struct err *e);

/* Ask it for credentials: AssumeRole and its like. 1 or -1. */
int creds_ask_sts(struct creds_session *s, const struct creds_sts *ask,
	struct creds *out, struct err *e);

/* The role of a profile, by a web identity token in a file. 1 or -1. */
int creds_assume_by_token(struct creds_session *s, const char *role_arn,
	const char *session_name, const char *token_file, struct creds *out,
	struct err *e);

/* "pgdumpz-1732500000" where none is given; out holds 64. */
const char *creds_session_name(const char *given, char *out);

#endif
