/*
 * credential_process: a command of the profile that prints credentials. Its
 * last words are seen as they come; what it prints never is. Source: AWS SDKs
 * and Tools Reference Guide, "Process credential provider".
 */
#include <string.h>

#include "creds_private.h"
#include "mem.h"
#include "proc.h"

#define LIMIT_MS 60000		/* it may ask a server of its own */
#define OUTPUT_MAX (64u * 1024)

static const struct creds_names names = {
	NULL, "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration",
	false
};

int
creds_from_process(struct creds_session *s, const char *profile,
	struct creds *out, struct err *e)
{
	const char *command = awsenv_property_of(s->env, profile,
	    "credential_process");
	struct buf text = BUF_INIT(OUTPUT_MAX);
	int rc = -1;

	if (proc_ask(command, "credential_process", LIMIT_MS, &text, e) == 0)
		rc = creds_read_json(buf_text(&text), text.len,
		    "credential_process", &names, out, e);
	buf_free_secret(&text);
	if (rc > 0)
		return rc;
	if (e->kind == ERR_REMOTE)
		e->kind = ERR_LOCAL;
	err_context(e, "cannot get credentials of profile '%s'", profile);
	return e->hint[0] != '\0' ? -1 : err_hint(e, "try the profile's "
	    "credential_process by hand");
}
