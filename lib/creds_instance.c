/*
 * The metadata service of an EC2 instance. It is asked last, and by everybody
 * who has no credentials at all, on any machine: so it must be quick to see
 * that nobody is there. Version 2 wants a token first, whose answer does not
 * reach a container when the instance's hop limit is 1. Source: Amazon EC2
 * User Guide, "Use the Instance Metadata Service".
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "creds_private.h"
#include "mem.h"
#include "uri.h"

#define CONNECT_MS 1000
#define LOOK_MS 1000		/* is anybody there? */
#define LIMIT_MS 5000		/* of one who is */
#define ATTEMPTS 3
#define WHAT "the instance's metadata"
#define ROLES "/latest/meta-data/iam/security-credentials/"
#define TTL "x-aws-ec2-metadata-token-ttl-seconds"

/* One conversation. */
struct metadata {
	struct creds_session *s;
	struct buf base;
	char *token;		/* NULL: version 1 */
	struct net_answer answer;
};

static bool
is_disabled(const struct awsenv *env)
{
	const char *text = awsenv_variable(env, "AWS_EC2_METADATA_DISABLED");

	return text != NULL && strcasecmp(text, "true") == 0;
}

int
creds_instance_url(const struct awsenv *env, struct buf *url, struct err *e)
{
	const char *given = awsenv_get(env, "AWS_EC2_METADATA_SERVICE_ENDPOINT",
	    "ec2_metadata_service_endpoint");
	const char *mode = awsenv_get(env,
	    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
	    "ec2_metadata_service_endpoint_mode");
	struct endpoint at;

	if (given != NULL) {
		if (endpoint_parse(&at, given, e) != 0)
			return err_context(e, "bad address of " WHAT);
		buf_printf(url, "%s://%s%s", at.tls ? "https" : "http",
		    at.host, at.base);
		endpoint_free(&at);
	} else if (mode == NULL || strcasecmp(mode, "IPv4") == 0) {
		buf_puts(url, "http://169.254.169.254");
	} else if (strcasecmp(mode, "IPv6") == 0) {
		buf_puts(url, "http://[fd00:ec2::254]");
	} else {
		err_set(e, ERR_USAGE, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE "
		    "(or ec2_metadata_service_endpoint_mode) '%s' is neither "
		    "IPv4 nor IPv6", mode);
		return -1;
	}
	return buf_check(url, "a URL", e);
}

static int
ask(struct metadata *m, const char *method, const char *path,
	const struct net_header *header, struct err *e)
{
	bool looking = !m->s->instance_answers && m->token == NULL;
	struct buf url = BUF_INIT(4096);
	struct creds_fetch f = { .what = WHAT, .method = method,
		.headers = header, .header_count = header->value != NULL,
		.connect_ms = CONNECT_MS,
		.limit_ms = looking ? LOOK_MS : LIMIT_MS,
		.attempts = looking ? 1 : ATTEMPTS, .no_proxy = true };
	int rc;

	buf_printf(&url, "%s%s", buf_text(&m->base), path);
	f.url = buf_text(&url);
	rc = buf_check(&url, "a URL", e);
	if (rc == 0)
		rc = creds_fetch(m->s, &f, &m->answer, e);
	if (rc != 0 && looking && m->answer.result == NET_ANSWERED) {
		f.limit_ms = LIMIT_MS;	/* it is there, but busy */
		f.attempts = ATTEMPTS;
		rc = creds_fetch(m->s, &f, &m->answer, e);
	}
	buf_free(&url);
	return rc;
}

static int
get(struct metadata *m, const char *path, struct err *e)
{
	const struct net_header token = { "x-aws-ec2-metadata-token",
		m->token };

	return ask(m, NULL, path, &token, e);
}

static bool
allows_version_1(const struct awsenv *env)
{
	struct err dropped = ERR_INIT;
	bool disabled = false;

	return awsenv_get_flag(env, "AWS_EC2_METADATA_V1_DISABLED",
	    "ec2_metadata_v1_disabled", &disabled, &dropped) == 0 && !disabled;
}

static int
nobody(struct metadata *m, const char *why)
{
	buf_printf(&m->s->tried, "; " WHAT " at '%s': %s",
	    buf_text(&m->base), why);
	return 0;
}

/* 1: go on, with a token or by version 1. */
static int
get_token(struct metadata *m, struct err *e)
{
	const struct net_header ttl = { TTL, "21600" };
	int status;

	if (ask(m, "PUT", "/latest/api/token", &ttl, e) != 0) {
		if (e->kind == ERR_SIGNAL ||
		    m->answer.result == NET_ANSWERED)
			return -1;
		if (m->answer.result == NET_LOST &&
		    allows_version_1(m->s->env))
			return 1;
		return nobody(m, "no answer");
	}
	status = m->answer.status;
	if (status == 200 && m->answer.body.len > 0) {
		m->token = mem_dup(buf_text(&m->answer.body), e);
		return m->token != NULL ? 1 : -1;
	}
	if (status != 403 && status != 404 && status != 405)
		return err_set(e, ERR_REMOTE, WHAT " answered %d to the "
		    "request for a token", status);
	return allows_version_1(m->s->env) ? 1 :
	    nobody(m, "it gives no token");
}

/* What a status other than 200 means. */
static int
explain(struct metadata *m, struct err *e)
{
	int status = m->answer.status;

	if (status == 404)
		return nobody(m, "the instance has no role");
	if (status == 403)
		return nobody(m, "it is turned off");
	err_set(e, ERR_REMOTE, WHAT " answered %d", status);
	return status != 401 || m->token != NULL ? -1 : err_hint(e,
	    "it wants version 2, whose token did not come: in a container the "
	    "instance's hop limit must be 2 (aws ec2 modify-instance-metadata-"
	    "options --http-put-response-hop-limit 2)");
}

/* A text of one line. 1, 0 or -1. */
static int
get_line(struct metadata *m, const char *path, char **out, struct err *e)
{
	const char *text;

	if (get(m, path, e) != 0) {
		if (e->kind == ERR_SIGNAL || m->token != NULL ||
		    m->answer.result == NET_ANSWERED)
			return -1;
		return nobody(m, "no answer");
	}
	if (m->answer.status != 200)
		return explain(m, e);
	text = buf_text(&m->answer.body);
	if (text[0] == '\0' || text[0] == '\n')
		return nobody(m, "the instance has no role");
	*out = mem_dup_len(text, strcspn(text, "\r\n"), e);
	return *out != NULL ? 1 : -1;
}

static int
check_code(const struct buf *text, struct err *e)
{
	char *code = creds_json_text(buf_text(text), text->len, "Code", e);
	int rc = 0;

	if (code != NULL && strcmp(code, "Success") != 0)
		rc = err_set(e, ERR_REMOTE, WHAT " answered '%s' instead of "
		    "credentials", code);
	mem_free_secret(code);
	return rc;
}

static int
get_credentials(struct metadata *m, const char *role, struct creds *out,
	struct err *e)
{
	struct buf path = BUF_INIT(2048);
	int rc = -1;

	buf_puts(&path, ROLES);
	uri_encode(&path, role, strlen(role), false);
	if (buf_check(&path, "a URL", e) != 0 ||
	    get(m, buf_text(&path), e) != 0)
		goto out;
	if (m->answer.status != 200)
		rc = explain(m, e);
	else if (check_code(&m->answer.body, e) == 0)
		rc = creds_read_json(buf_text(&m->answer.body),
		    m->answer.body.len, WHAT, &creds_metadata_names, out, e);
out:
	buf_free(&path);
	return rc;
}

/* 1: there is somebody to ask. */
static int
begin(struct metadata *m, struct creds_session *s, struct err *e)
{
	memset(m, 0, sizeof(*m));
	m->s = s;
	buf_init(&m->base, 2048);
	net_answer_init(&m->answer, CREDS_ANSWER_MAX);
	if (is_disabled(s->env)) {
		buf_puts(&s->tried, "; " WHAT ": AWS_EC2_METADATA_DISABLED");
		return 0;
	}
	if (creds_instance_url(s->env, &m->base, e) != 0)
		return -1;
	return get_token(m, e);
}

static void
end(struct metadata *m)
{
	creds_wipe_answer(&m->answer);
	mem_free_secret(m->token);
	buf_free(&m->base);
}

int
creds_from_instance(struct creds_session *s, struct creds *out,
	struct err *e)
{
	struct metadata m;
	char *role = NULL;
	int rc = begin(&m, s, e);

	if (rc > 0)
		rc = get_line(&m, ROLES, &role, e);
	if (rc > 0 && role != NULL)
		rc = get_credentials(&m, role, out, e);
	if (rc > 0)
		s->instance_answers = true;
	free(role);
	end(&m);
	return rc;
}

bool
creds_instance_region(struct creds_session *s, char out[ENDPOINT_REGION_MAX])
{
	struct err dropped = ERR_INIT;
	char *region = NULL;
	struct metadata m;
	bool found;

	(void)pthread_mutex_lock(&s->refreshing);
	found = begin(&m, s, &dropped) > 0 && get_line(&m,
	    "/latest/meta-data/placement/region", &region, &dropped) > 0 &&
	    region != NULL && endpoint_is_region(region);
	if (found)
		memcpy(out, region, strlen(region) + 1);
	free(region);
	end(&m);
	(void)pthread_mutex_unlock(&s->refreshing);
	return found;
}
