/*
 * What the security token service says: credentials of a role, or who one is.
 */
#include <stdio.h>
#include <string.h>

#include "creds_private.h"
#include "os.h"
#include "s3xml.h"
#include "utc.h"

/* What an answer may hold that we want. */
enum field { ACCESS_KEY, SECRET_KEY, TOKEN, EXPIRES, ACCOUNT, ARN, USER_ID,
	CODE, MESSAGE, FIELDS };

struct answer {
	char root[64];
	struct buf fields[FIELDS];
};

/* -- the answer --------------------------------------------------------- */

static int
on_element(void *ctx, const char *path, const char *text, struct err *e)
{
	static const char *const names[FIELDS] = { "AccessKeyId",
		"SecretAccessKey", "SessionToken", "Expiration", "Account",
		"Arn", "UserId", "Code", "Message" };
	const char *name = strrchr(path, '/');
	struct answer *a = ctx;
	size_t i;

	(void)e;
	if (name == NULL && text == NULL)
		(void)snprintf(a->root, sizeof(a->root), "%s", path);
	if (name == NULL || text == NULL)
		return 0;
	for (i = 0; i < FIELDS; i++)
		if (strcmp(name + 1, names[i]) == 0) {
			buf_reset(&a->fields[i]);
			buf_puts(&a->fields[i], text);
		}
	return 0;
}

static void
free_answer(struct answer *a)
{
	size_t i;

	for (i = 0; i < FIELDS; i++)
		buf_free_secret(&a->fields[i]);
}

static const char *
field(const struct answer *a, enum field f)
{
	return buf_text(&a->fields[f]);
}

static const char *
hint_for(const char *code)
{
	if (strcmp(code, "AccessDenied") == 0)
		return "check the keys, and that the role's trust policy names "
		    "who asks";
	if (strcmp(code, "ExpiredTokenException") == 0 ||
	    strcmp(code, "ExpiredToken") == 0)
		return "the token has ended: see to it that it is renewed";
	if (strcmp(code, "RegionDisabledException") == 0)
		return "set AWS_REGION to a region where STS is activated";
	if (strcmp(code, "InvalidClientTokenId") == 0 ||
	    strcmp(code, "SignatureDoesNotMatch") == 0)
		return "check the access key and its secret key";
	return "";
}

static int
judge(const struct creds_sts *ask, const struct net_answer *http,
	struct answer *a, struct err *e)
{
	const struct s3xml_handler handler = { on_element, a };
	size_t len = strlen(ask->action);
	int rc = s3xml_parse(buf_text(&http->body), http->body.len, &handler,
	    e);

	if (http->status == 200 && rc != 0)
		return -1;
	if (http->status == 200 && strncmp(a->root, ask->action, len) == 0 &&
	    strcmp(a->root + len, "Response") == 0)
		return 0;
	if (http->status == 200)
		return err_set(e, ERR_REMOTE, "the answer is '%s', not "
		    "'%sResponse'", a->root, ask->action);
	err_set(e, ERR_REMOTE, "the security token service answered %d "
	    "%s%s%s", http->status, field(a, CODE)[0] != '\0' ? field(a, CODE) :
	    "error", field(a, MESSAGE)[0] != '\0' ? ": " : "",
	    field(a, MESSAGE));
	if (hint_for(field(a, CODE))[0] != '\0')
		err_hint(e, "%s", hint_for(field(a, CODE)));
	return -1;
}

static int
ask_for(struct creds_session *s, const struct creds_sts *ask,
	struct answer *a, struct err *e)
{
	struct net_answer http;
	int rc, i;

	memset(a, 0, sizeof(*a));
	for (i = 0; i < FIELDS; i++)
		buf_init(&a->fields[i], S3XML_TEXT_MAX);
	net_answer_init(&http, CREDS_ANSWER_MAX);
	rc = creds_post_sts(s, ask, &http, e);
	if (rc == 0)
		rc = judge(ask, &http, a, e);
	creds_wipe_answer(&http);
	return rc;
}

/* -- what is asked for -------------------------------------------------- */

int
creds_ask_sts(struct creds_session *s, const struct creds_sts *ask,
	struct creds *out, struct err *e)
{
	int64_t expires = 0;
	struct answer a;
	int rc = -1;

	if (ask_for(s, ask, &a, e) != 0)
		goto out;
	if (field(&a, ACCESS_KEY)[0] == '\0' ||
	    field(&a, SECRET_KEY)[0] == '\0' || field(&a, TOKEN)[0] == '\0' ||
	    utc_parse_iso(field(&a, EXPIRES), &expires) != 0) {
		err_set(e, ERR_REMOTE, "its answer lacks some of the "
		    "credentials");
		goto out;
	}
	rc = creds_fill(out, field(&a, ACCESS_KEY), field(&a, SECRET_KEY),
	    field(&a, TOKEN), e);
	if (rc > 0)
		out->expires = expires;
out:
	free_answer(&a);
	return rc;
}

int
creds_whoami(struct creds_session *s, struct creds_identity *out,
	struct err *e)
{
	struct creds_sts ask = { .action = "GetCallerIdentity" };
	struct creds mine = { 0 };
	struct answer a = { .root = "" };
	int rc = -1;

	memset(out, 0, sizeof(*out));
	if (creds_get(s, os_now(), &mine, e) != 0)
		return -1;
	ask.signer = &mine;
	(void)pthread_mutex_lock(&s->refreshing);
	rc = ask_for(s, &ask, &a, e);
	(void)pthread_mutex_unlock(&s->refreshing);
	if (rc == 0) {
		err_escape(out->account, sizeof(out->account),
		    field(&a, ACCOUNT), strlen(field(&a, ACCOUNT)));
		err_escape(out->arn, sizeof(out->arn), field(&a, ARN),
		    strlen(field(&a, ARN)));
		err_escape(out->user_id, sizeof(out->user_id),
		    field(&a, USER_ID), strlen(field(&a, USER_ID)));
		out->origin = creds_origin(s);
		rc = out->arn[0] != '\0' ? 0 : err_set(e, ERR_REMOTE,
		    "its answer holds no Arn");
	}
	free_answer(&a);
	creds_free(&mine);
	return rc == 0 ? 0 : err_context(e, "cannot tell who one is");
}
