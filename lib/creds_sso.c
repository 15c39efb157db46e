/*
 * IAM Identity Center: `aws sso login` has left a token behind, which is good
 * for some hours and buys credentials of a role. Source: AWS SDKs and Tools
 * Reference Guide, "IAM Identity Center credential provider"; AWS IAM Identity
 * Center Portal API Reference, GetRoleCredentials.
 */
#include <stdlib.h>
#include <string.h>

#include "creds_private.h"
#include "hash.h"
#include "mem.h"
#include "os.h"
#include "uri.h"
#include "utc.h"

#define CONNECT_MS 10000
#define LIMIT_MS 30000
#define ATTEMPTS 5
#define TOKEN_FILE_MAX (64u * 1024)
#define WHAT "the SSO portal"

static const struct creds_names names = {
	"roleCredentials", "accessKeyId", "secretAccessKey", "sessionToken",
	"expiration", true
};

/* What of a profile this needs. */
struct sso {
	const char *profile, *cached_as, *region, *account, *role;
};

static int
read_profile(const struct creds_session *s, const char *profile,
	struct sso *out, struct err *e)
{
	const struct awsenv *env = s->env;
	const char *session = awsenv_property_of(env, profile, "sso_session");

	out->profile = profile;
	out->account = awsenv_property_of(env, profile, "sso_account_id");
	out->role = awsenv_property_of(env, profile, "sso_role_name");
	if (session != NULL) {
		out->cached_as = session;
		out->region = awsconf_get(awsenv_conf(env),
		    AWSCONF_SSO_SESSION, session, "sso_region");
	} else {
		out->cached_as = awsenv_property_of(env, profile,
		    "sso_start_url");
		out->region = awsenv_property_of(env, profile, "sso_region");
	}
	if (out->account == NULL || out->cached_as == NULL ||
	    out->region == NULL || !endpoint_is_region(out->region))
		return err_set(e, ERR_USAGE, "profile '%s' has no valid %s",
		    profile, out->account == NULL ? "sso_account_id" :
		    out->cached_as == NULL ? "sso_start_url" : "sso_region");
	return 0;
}

/* -- the token ---------------------------------------------------------- */

static int
log_in(const struct sso *sso, const char *why, struct err *e)
{
	err_set(e, ERR_USAGE, "the SSO login of profile '%s' %s",
	    sso->profile, why);
	return err_hint(e, "run 'aws sso login --profile %s'", sso->profile);
}

static int
read_token_file(const struct sso *sso, struct buf *text, struct err *e)
{
	struct buf path = BUF_INIT(4096);
	uint8_t digest[HASH_SHA1_SIZE];
	char hex[HASH_HEX_MAX];
	struct err ignored = ERR_INIT;
	int fd = -1, rc = -1;
	struct os_stat st;
	ssize_t n;
	void *room = buf_room(text, TOKEN_FILE_MAX);

	if (room == NULL || hash_sha1(sso->cached_as, strlen(sso->cached_as),
	    digest, e) != 0)
		goto out;
	buf_printf(&path, "%s/.aws/sso/cache/%s.json", os_home(),
	    hash_hex(hex, digest, sizeof(digest)));
	if (os_stat(buf_text(&path), &st, e) != 0)
		goto out;
	if (st.kind == OS_MISSING) {
		log_in(sso, "has left no token", e);
		goto out;
	}
	if ((fd = os_open_read(buf_text(&path), e)) < 0 ||
	    (n = os_read_full(fd, room, TOKEN_FILE_MAX, e)) < 0)
		goto out;
	buf_filled(text, (size_t)n);
	rc = 0;
out:
	(void)os_close(fd, &ignored);
	buf_free(&path);
	return rc != 0 && e->text[0] == '\0' ? buf_check(text, "a token", e) :
	    rc;
}

static int
find_token(const struct sso *sso, int64_t now, char **token, struct err *e)
{
	struct buf text = BUF_INIT(TOKEN_FILE_MAX + 1);
	char *expires = NULL;
	int64_t end = 0;
	int rc = read_token_file(sso, &text, e);

	if (rc == 0) {
		*token = creds_json_text(buf_text(&text), text.len,
		    "accessToken", e);
		expires = creds_json_text(buf_text(&text), text.len,
		    "expiresAt", e);
		if (*token == NULL || expires == NULL ||
		    utc_parse_iso(expires, &end) != 0)
			rc = log_in(sso, "has left a token that can't be "
			    "read", e);
		else if (end <= now)
			rc = log_in(sso, "has ended", e);
	}
	mem_free_secret(expires);
	buf_free_secret(&text);
	return rc;
}

/* -- the portal --------------------------------------------------------- */

static int
make_url(const struct creds_session *s, const struct sso *sso,
	struct buf *url, struct err *e)
{
	const struct endpoint_kind plain = { 0 };
	struct endpoint at = { 0 };
	char *configured = NULL;
	int rc = awsenv_endpoint_url(s->env, "sso", &configured, e);

	if (rc == 0 && configured != NULL &&
	    (rc = endpoint_parse(&at, configured, e)) == 0)
		buf_printf(url, "%s://%s%s", at.tls ? "https" : "http",
		    at.host, at.base);
	else if (rc == 0) {
		buf_puts(url, "https://");
		endpoint_aws_host(url, "portal.sso", sso->region, &plain);
	}
	buf_puts(url, "/federation/credentials?role_name=");
	uri_encode(url, sso->role, strlen(sso->role), false);
	buf_puts(url, "&account_id=");
	uri_encode(url, sso->account, strlen(sso->account), false);
	endpoint_free(&at);
	free(configured);
	return rc != 0 ? -1 : buf_check(url, "a URL", e);
}

static int
read_answer(const struct sso *sso, const struct net_answer *a,
	struct creds *out, struct err *e)
{
	if (a->status == 200)
		return creds_read_json(buf_text(&a->body), a->body.len, WHAT,
		    &names, out, e);
	if (a->status == 401)
		return log_in(sso, "is no longer accepted", e);
	creds_refused(WHAT, a, e);
	return err_hint(e, "check sso_account_id and sso_role_name of profile "
	    "'%s'", sso->profile);
}

int
creds_from_sso(struct creds_session *s, const char *profile,
	struct creds *out, struct err *e)
{
	struct net_header header = { "x-amz-sso_bearer_token", NULL };
	struct creds_fetch f = { .what = WHAT, .headers = &header,
		.header_count = 1, .connect_ms = CONNECT_MS,
		.limit_ms = LIMIT_MS, .attempts = ATTEMPTS };
	struct buf url = BUF_INIT(4096);
	struct net_answer a;
	char *token = NULL;
	struct sso sso;
	int rc = -1;

	net_answer_init(&a, CREDS_ANSWER_MAX);
	if (read_profile(s, profile, &sso, e) == 0 &&
	    find_token(&sso, os_now() + s->skew, &token, e) == 0 &&
	    make_url(s, &sso, &url, e) == 0) {
		header.value = token;
		f.url = buf_text(&url);
		if (creds_fetch(s, &f, &a, e) == 0)
			rc = read_answer(&sso, &a, out, e);
	}
	creds_wipe_answer(&a);
	mem_free_secret(token);
	buf_free(&url);
	return rc;
}
