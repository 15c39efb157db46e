/*
 * An agent beside the container (ECS, EKS Pod Identity) hands out the
 * credentials of its role. Whoever may set the environment must not lead the
 * authorization token astray: plain HTTP goes to known addresses only. Source:
 * AWS SDKs and Tools Reference Guide, "Container credential provider".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "creds_private.h"
#include "mem.h"
#include "secretfile.h"

#define CONNECT_MS 2000
#define LIMIT_MS 5000
#define ATTEMPTS 4
#define WHAT "the container's credentials agent"

static bool
is_trusted_host(const char *host)
{
	static const char *const hosts[] = { "localhost", "[::1]",
		"169.254.170.2", "169.254.170.23", "[fd00:ec2::23]" };
	const char *colon = host[0] == '[' ? strchr(host, ']') : host;
	size_t len, i;

	if (colon == NULL)
		return false;
	len = (size_t)(colon - host) + strcspn(colon, ":");
	if (strncmp(host, "127.", 4) == 0 &&
	    strspn(host, "0123456789.") == len)
		return true;
	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (strlen(hosts[i]) == len &&
		    memcmp(host, hosts[i], len) == 0)
			return true;
	return false;
}

static int
bad_url(const char *variable, const char *why, struct err *e)
{
	return err_set(e, ERR_USAGE, "%s %s", variable, why);
}

static bool
is_printable(const char *url)
{
	for (; *url != '\0'; url++)
		if ((unsigned char)*url <= ' ' || (unsigned char)*url >= 127)
			return false;
	return true;
}

static int
check_full(const char *url, bool *no_proxy, struct err *e)
{
	static const char name[] = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
	const char *rest = strstr(url, "://");
	struct buf server = BUF_INIT(300);
	struct endpoint at = { 0 };
	int rc = -1;

	if (rest == NULL)
		return bad_url(name, "begins neither with http:// nor with "
		    "https://", e);
	buf_put(&server, url, (size_t)(rest + 3 - url) +
	    strcspn(rest + 3, "/?#"));
	if (buf_check(&server, name, e) != 0 ||
	    endpoint_parse(&at, buf_text(&server), e) != 0) {
		err_context(e, "%s", name);
	} else if (!at.tls && !is_trusted_host(at.host)) {
		bad_url(name, "names a host that plain http may not go to", e);
		err_hint(e, "use https, or an address of this machine or of "
		    "the container service");
	} else {
		*no_proxy = !at.tls;
		rc = 0;
	}
	endpoint_free(&at);
	buf_free(&server);
	return rc;
}

int
creds_container_url(const struct awsenv *env, struct buf *url,
	bool *no_proxy, struct err *e)
{
	static const char relative_name[] =
	    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
	const char *relative = awsenv_variable(env, relative_name);
	const char *full = awsenv_variable(env,
	    "AWS_CONTAINER_CREDENTIALS_FULL_URI");

	*no_proxy = true;
	if (relative == NULL && full == NULL)
		return 0;
	if (!is_printable(relative != NULL ? relative : full))
		return bad_url("the URL of the container's credentials",
		    "has blanks or control characters", e);
	if (relative != NULL && relative[0] != '/')
		return bad_url(relative_name, "does not begin with a '/'", e);
	if (relative != NULL)
		buf_printf(url, "http://169.254.170.2%s", relative);
	else if (check_full(full, no_proxy, e) != 0)
		return -1;
	else
		buf_puts(url, full);
	return buf_check(url, "a URL", e) == 0 ? 1 : -1;
}

/* Read each time: the kubelet replaces the file. NULL: none is needed. */
static int
find_token(const struct creds_session *s, char **token, struct err *e)
{
	const char *file = awsenv_variable(s->env,
	    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	const char *text = awsenv_variable(s->env,
	    "AWS_CONTAINER_AUTHORIZATION_TOKEN");

	*token = NULL;
	if (file != NULL)
		return secretfile_read("the authorization token", file, token,
		    e);
	if (text == NULL)
		return 0;
	return (*token = mem_dup(text, e)) != NULL ? 0 : -1;
}

static int
read_answer(const struct net_answer *a, struct creds *out, struct err *e)
{
	if (a->status == 200)
		return creds_read_json(buf_text(&a->body), a->body.len, WHAT,
		    &creds_metadata_names, out, e);
	creds_refused(WHAT, a, e);
	return err_hint(e, "check the role of the task or pod, and its "
	    "authorization token");
}

int
creds_from_container(struct creds_session *s, struct creds *out,
	struct err *e)
{
	struct buf url = BUF_INIT(4096);
	struct net_header header = { "authorization", NULL };
	struct creds_fetch f = { .what = WHAT, .headers = &header,
		.connect_ms = CONNECT_MS, .limit_ms = LIMIT_MS,
		.attempts = ATTEMPTS };
	struct net_answer a;
	char *token = NULL;
	int rc = creds_container_url(s->env, &url, &f.no_proxy, e);

	net_answer_init(&a, CREDS_ANSWER_MAX);
	if (rc > 0 && find_token(s, &token, e) != 0)
		rc = -1;
	if (rc > 0) {
		header.value = token;
		f.header_count = token != NULL;
		f.url = buf_text(&url);
		rc = creds_fetch(s, &f, &a, e) == 0 ?
		    read_answer(&a, out, e) : -1;
	}
	creds_wipe_answer(&a);
	mem_free_secret(token);
	buf_free(&url);
	return rc;
}
