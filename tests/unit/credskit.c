#include <stdio.h>
#include <string.h>

#include "credskit.h"
#include "os.h"

bool
credskit_open(struct credskit *k, const char *profile)
{
	static const struct net_options options = { .user_agent = "t",
		.connect_ms = 1000, .stall_seconds = 5 };

	credskit_close(k);
	memset(&k->err, 0, sizeof(k->err));
	if ((k->net = net_open(&options, &k->err)) != NULL &&
	    (k->env = awsenv_open(profile, &k->err)) != NULL)
		k->session = creds_open(k->env, k->net, "", &k->err);
	return k->session != NULL;
}

void
credskit_close(struct credskit *k)
{
	creds_close(k->session);
	awsenv_free(k->env);
	net_close(k->net);
	k->session = NULL;
	k->env = NULL;
	k->net = NULL;
}

const char *
credskit_get(struct credskit *k, int64_t now)
{
	static char out[4000];
	struct creds c = { 0 };

	if (k->session != NULL)
		memset(&k->err, 0, sizeof(k->err));
	if (k->session != NULL &&
	    creds_get(k->session, now, &c, &k->err) == 0)
		(void)snprintf(out, sizeof(out), "%s/%s/%s", c.access_key,
		    c.secret_key, c.session_token != NULL ?
		    c.session_token : "-");
	else
		(void)snprintf(out, sizeof(out), "%d %s", (int)k->err.kind,
		    k->err.text);
	creds_free(&c);
	return out;
}

const char *
credskit_once(struct credskit *k, const char *profile)
{
	const char *got;

	(void)credskit_open(k, profile);
	got = credskit_get(k, os_now());
	credskit_close(k);
	return got;
}
