/*
 * The chain of providers, and what it has led to. What matters to a user is
 * the error at its end: it names every place that was looked at. What matters
 * to a long upload is that its credentials are replaced while they still
 * serve, by one thread, and the others don't wait.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "creds_private.h"
#include "mem.h"
#include "os.h"

#define EARLY_SECONDS 300	/* before their end a successor is looked for */
#define LATE_SECONDS 30		/* then nobody goes on without one */
#define AGAIN_MS 30000		/* after looking in vain */
#define TRIED_MAX 4096

/* -- values ------------------------------------------------------------- */

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

void
creds_free(struct creds *c)
{
	mem_free_secret(c->access_key);
	mem_free_secret(c->secret_key);
	mem_free_secret(c->session_token);
	memset(c, 0, sizeof(*c));
}

/* -- the chain ---------------------------------------------------------- */

/* Of the profile, but before web identity from the environment. */
static int
from_role(struct creds_session *s, struct creds *out, struct err *e)
{
	if (awsenv_property(s->env, "role_arn") == NULL ||
	    awsenv_property(s->env, "web_identity_token_file") != NULL)
		return 0;
	return creds_from_profile(s, out, e);
}

static const struct provider {
	int (*get)(struct creds_session *s, struct creds *out, struct err *e);
	const char *origin;
	bool in_environment;	/* passed over when an option names a profile */
	bool makes_new_ones;
} providers[] = {
	{ creds_from_environment, "the environment", true, false },
	{ from_role, "the profile's role", false, true },
	{ creds_from_web_identity, "web identity", true, true },
	{ creds_from_profile, "the profile", false, true },
	{ creds_from_container, "the container's role", false, true },
	{ creds_from_instance, "the instance's role", false, true },
};

#define PROVIDERS ((int)(sizeof(providers) / sizeof(providers[0])))

static int
find_none(const struct creds_session *s, struct err *e)
{
	char where[sizeof(e->text)];

	awsenv_say_where(awsenv_profile_asked(s->env) ?
	    "looked at the profile" :
	    "looked at AWS_ACCESS_KEY_ID and at the profile", e);
	(void)snprintf(where, sizeof(where), "%s", e->text);
	err_set(e, ERR_USAGE, "%s%s", where, buf_text(&s->tried));
	err_context(e, "cannot find credentials for S3 (profile '%s')",
	    awsenv_profile(s->env));
	return err_hint(e, "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
	    "or run 'aws configure'");
}

/* Look where they were found before, or everywhere. Returns where, or -1. */
static int
look(struct creds_session *s, int known, struct creds *out, struct err *e)
{
	bool asked = awsenv_profile_asked(s->env);
	int i = known >= 0 ? known : 0, end = known >= 0 ? known + 1 :
	    PROVIDERS, found;

	buf_reset(&s->tried);
	memset(out, 0, sizeof(*out));
	for (; i < end; i++) {
		if (asked && providers[i].in_environment)
			continue;
		if ((found = providers[i].get(s, out, e)) > 0)
			return i;
		if (found < 0) {
			creds_free(out);	/* half of a chain, perhaps */
			return -1;
		}
	}
	return find_none(s, e);
}

/* -- the session -------------------------------------------------------- */

struct creds_session *
creds_open(const struct awsenv *env, struct net *net, const char *region,
	struct err *e)
{
	struct creds_session *s = mem_new(1, sizeof(*s), e);

	if (s == NULL)
		return NULL;
	s->env = env;
	s->net = net;
	s->provider = -1;
	(void)snprintf(s->region, sizeof(s->region), "%s",
	    region[0] != '\0' ? region : "us-east-1");
	buf_init(&s->tried, TRIED_MAX);
	(void)pthread_mutex_init(&s->lock, NULL);
	(void)pthread_mutex_init(&s->refreshing, NULL);
	return s;
}

void
creds_close(struct creds_session *s)
{
	if (s == NULL)
		return;
	creds_free(&s->now);
	buf_free(&s->tried);
	(void)pthread_mutex_destroy(&s->lock);
	(void)pthread_mutex_destroy(&s->refreshing);
	free(s);
}

enum need { FINE, SOON, NOW };

static enum need
need_of(const struct creds_session *s, int64_t now)
{
	if (s->now.access_key == NULL)
		return NOW;
	if (s->now.expires == 0 || s->now.expires - now > EARLY_SECONDS ||
	    os_monotonic_ms() < s->hold_ms)
		return FINE;
	return s->now.expires - now > LATE_SECONDS ? SOON : NOW;
}

/* Copy what there is; tell how much a successor is needed. */
static enum need
take(struct creds_session *s, int64_t now, struct creds *out, int *rc,
	struct err *e)
{
	enum need need;

	creds_free(out);
	*rc = -1;
	(void)pthread_mutex_lock(&s->lock);
	need = need_of(s, now);
	if (s->now.access_key != NULL)
		*rc = creds_fill(out, s->now.access_key, s->now.secret_key,
		    s->now.session_token, e) > 0 ? 0 : -1;
	if (*rc == 0) {
		out->expires = s->now.expires;
		out->serial = s->now.serial;
	}
	(void)pthread_mutex_unlock(&s->lock);
	return need;
}

/*
 * With refreshing held. Some places fail, or hand out what has ended already,
 * when they are in trouble; asking them for each request would make it worse.
 */
static int
refresh(struct creds_session *s, struct err *e)
{
	struct creds fresh;
	int found = look(s, s->provider, &fresh, e);
	bool lasts = found >= 0 && (fresh.expires == 0 ||
	    fresh.expires - os_now() - s->skew > EARLY_SECONDS);

	(void)pthread_mutex_lock(&s->lock);
	s->hold_ms = lasts ? 0 : os_monotonic_ms() + AGAIN_MS;
	if (found >= 0) {
		fresh.serial = s->now.serial + 1;
		creds_free(&s->now);
		s->now = fresh;
		s->provider = found;
	}
	(void)pthread_mutex_unlock(&s->lock);
	return found >= 0 ? 0 : -1;
}

int
creds_get(struct creds_session *s, int64_t now, struct creds *out,
	struct err *e)
{
	struct err why = ERR_INIT;
	enum need need;
	int rc;

	memset(out, 0, sizeof(*out));
	need = take(s, now, out, &rc, e);
	if (need == FINE || (need == SOON &&
	    pthread_mutex_trylock(&s->refreshing) != 0))
		return rc;
	if (need == NOW)
		(void)pthread_mutex_lock(&s->refreshing);
	s->skew = now - os_now();
	need = take(s, now, out, &rc, e);	/* another was faster? */
	if (need != FINE && refresh(s, &why) == 0)
		(void)take(s, now, out, &rc, e);
	(void)pthread_mutex_unlock(&s->refreshing);
	if (why.kind == ERR_NONE || (rc == 0 && (out->expires > now ||
	    why.kind == ERR_SIGNAL)))
		return rc;
	creds_free(out);
	*e = why;
	return -1;
}

int
creds_renew(struct creds_session *s, unsigned serial, struct err *e)
{
	int rc = 0;

	(void)pthread_mutex_lock(&s->refreshing);
	if (s->now.serial == serial)
		rc = s->provider >= 0 && providers[s->provider].makes_new_ones ?
		    refresh(s, e) : err_set(e, ERR_USAGE, "they are not "
		    "renewed by themselves");
	(void)pthread_mutex_unlock(&s->refreshing);
	return rc;
}

const char *
creds_origin(struct creds_session *s)
{
	int provider;

	(void)pthread_mutex_lock(&s->lock);
	provider = s->provider;
	(void)pthread_mutex_unlock(&s->lock);
	return provider >= 0 ? providers[provider].origin : "nowhere";
}
