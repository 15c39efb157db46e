/*
 * Credential documents are JSON of a few texts. What is wrong with one is told
 * without a word of it: it holds secrets.
 */
#include <jansson.h>

#include "creds_private.h"
#include "mem.h"
#include "utc.h"

const struct creds_names creds_metadata_names = {
	NULL, "AccessKeyId", "SecretAccessKey", "Token", "Expiration", true
};

static const char *
text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL && text[0] != '\0' ? text : NULL;
}

/* jansson frees without wiping. */
static void
wipe_texts(json_t *object)
{
	const char *key, *text;
	json_t *value;

	json_object_foreach(object, key, value)
		if ((text = json_string_value(value)) != NULL)
			mem_wipe((char *)(uintptr_t)text,
			    json_string_length(value));
	json_decref(object);
}

/* Texts, or milliseconds as the SSO portal has it. */
static int
read_expiry(const json_t *value, int64_t *out)
{
	*out = 0;
	if (json_is_integer(value))
		*out = (int64_t)json_integer_value(value) / 1000;
	else if (json_is_string(value) && json_string_length(value) > 0)
		return utc_parse_iso(json_string_value(value), out);
	return 0;
}

static int
read_object(const json_t *root, const char *what,
	const struct creds_names *names, struct creds *out, struct err *e)
{
	const char *access_key = text_of(root, names->access_key);
	const char *secret_key = text_of(root, names->secret_key);
	const char *token = text_of(root, names->token);
	const char *missing = access_key == NULL ? names->access_key :
	    secret_key == NULL ? names->secret_key :
	    token == NULL && names->needs_token ? names->token : NULL;
	int64_t expires;

	if (missing != NULL)
		return err_set(e, ERR_REMOTE, "the answer of %s has no %s",
		    what, missing);
	if (read_expiry(json_object_get(root, names->expires), &expires) != 0)
		return err_set(e, ERR_REMOTE, "%s in the answer of %s is no "
		    "time", names->expires, what);
	if (creds_fill(out, access_key, secret_key, token, e) < 0)
		return -1;
	out->expires = expires;
	return 1;
}

int
creds_read_json(const char *text, size_t len, const char *what,
	const struct creds_names *names, struct creds *out, struct err *e)
{
	json_t *root = json_loadb(text, len, 0, NULL), *object = root;
	int rc;

	if (names->inside != NULL)
		object = json_object_get(root, names->inside);
	if (json_is_object(object))
		rc = read_object(object, what, names, out, e);
	else
		rc = err_set(e, ERR_REMOTE, "the answer of %s holds no JSON "
		    "object", what);
	if (object != root && json_is_object(object))
		wipe_texts(json_incref(object));
	if (json_is_object(root))
		wipe_texts(root);
	else
		json_decref(root);
	return rc;
}

char *
creds_json_text(const char *text, size_t len, const char *name,
	struct err *e)
{
	json_t *root = json_loadb(text, len, 0, NULL);
	const char *found;
	char *copy = NULL;

	if (!json_is_object(root)) {
		json_decref(root);
		return NULL;
	}
	if ((found = text_of(root, name)) != NULL)
		copy = mem_dup(found, e);
	wipe_texts(root);
	return copy;
}

int
creds_refused(const char *what, const struct net_answer *a, struct err *e)
{
	char *why = creds_json_text(buf_text(&a->body), a->body.len,
	    "message", e);

	err_set(e, ERR_REMOTE, "%s answered %d%s%s", what, a->status,
	    why != NULL ? ": " : "", why != NULL ? why : "");
	mem_free_secret(why);
	return -1;
}
