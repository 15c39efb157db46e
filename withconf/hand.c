/*
 * The environment of a process can be read by others of its user, is passed
 * to all its children, and ends up in core dumps and bug reports. libpq and
 * the AWS tools take their secrets from files just as well.
 */
#include <string.h>

#include "hand.h"
#include "utc.h"

#define ENTRY_MAX (CONF_FILE_MAX + 1024)
#define PROFILE "default"

static int
set(struct hand *h, const char *name, const char *value, struct err *e)
{
	struct buf b = BUF_INIT(ENTRY_MAX);
	int rc;

	buf_printf(&b, "%s=", name);
	buf_puts(&b, value);
	rc = buf_check(&b, name, e);
	if (rc == 0)
		rc = opt_list_add(&h->env, b.data, e);
	buf_free(&b);
	return rc;
}

static int
unset(struct hand *h, const char *name, struct err *e)
{
	return opt_list_add(&h->env, name, e);
}

static int
set_or_unset(struct hand *h, const char *name, const char *value,
	struct err *e)
{
	return value[0] != '\0' ? set(h, name, value, e) : unset(h, name, e);
}

/* Put text into a file and its path into a variable; wipes text. */
static int
set_file(struct hand *h, const char *variable, struct buf *text,
	struct err *e)
{
	struct os_secret *file = NULL;
	int rc = buf_check(text, variable, e);

	if (rc == 0 && (file = os_secret_new(text->data, text->len, e)) ==
	    NULL)
		rc = err_context(e, "cannot hand on a secret");
	buf_free_secret(text);
	if (rc != 0)
		return -1;
	h->secrets[h->secret_count++] = file;
	return set(h, variable, os_secret_path(file), e);
}

static const char *
value_of(const struct settings *s, const char *key)
{
	return settings_get(s, key)->value;
}

/* -- secrets -------------------------------------------------------------- */

/* Source: PostgreSQL's documentation, "The Password File". */
static int
hand_password(struct hand *h, const struct settings *s, struct err *e)
{
	const char *p = value_of(s, "DB_PASSWORD");
	struct buf line = BUF_INIT(2 * CONF_FILE_MAX);

	if (*p == '\0')
		return 0;
	buf_puts(&line, "*:*:*:*:");
	for (; *p != '\0'; p++) {
		if (*p == '\\' || *p == ':')
			buf_putc(&line, '\\');
		buf_putc(&line, *p);
	}
	buf_putc(&line, '\n');
	return set_file(h, "PGPASSFILE", &line, e);
}

/*
 * The keys' half that is no secret goes with the other one: half of them in
 * the environment would be an error to every SDK. Nor may a pod's web identity
 * stay there: it would go before a profile, though not before keys.
 */
static int
hand_aws(struct hand *h, const struct settings *s, struct err *e)
{
	const char *profile = value_of(s, "AWS_PROFILE");
	const char *token = value_of(s, "AWS_SESSION_TOKEN");
	struct buf text = BUF_INIT(4 * CONF_FILE_MAX);

	if (value_of(s, "AWS_SECRET_ACCESS_KEY")[0] == '\0')
		return 0;
	if (profile[0] == '\0')
		profile = PROFILE;
	buf_printf(&text, "[%s]\naws_access_key_id = ", profile);
	buf_puts(&text, value_of(s, "AWS_ACCESS_KEY_ID"));
	buf_puts(&text, "\naws_secret_access_key = ");
	buf_puts(&text, value_of(s, "AWS_SECRET_ACCESS_KEY"));
	if (token[0] != '\0') {
		buf_puts(&text, "\naws_session_token = ");
		buf_puts(&text, token);
	}
	buf_putc(&text, '\n');
	if (set_file(h, "AWS_SHARED_CREDENTIALS_FILE", &text, e) != 0 ||
	    unset(h, "AWS_ACCESS_KEY_ID", e) != 0 ||
	    unset(h, "AWS_WEB_IDENTITY_TOKEN_FILE", e) != 0)
		return -1;
	return set(h, "AWS_PROFILE", profile, e);
}

static int
hand_url(struct hand *h, const struct settings *s, const char *key,
	const char *variable, struct err *e)
{
	struct buf line = BUF_INIT(2 * CONF_FILE_MAX);

	if (value_of(s, key)[0] == '\0')
		return 0;
	buf_puts(&line, value_of(s, key));
	buf_putc(&line, '\n');
	return set_file(h, variable, &line, e);
}

static int
hand_secrets(struct hand *h, const struct settings *s, struct err *e)
{
	if (hand_password(h, s, e) != 0 || hand_aws(h, s, e) != 0 ||
	    hand_url(h, s, "SMTP_URL", "SMTP_URL_FILE", e) != 0)
		return -1;
	return hand_url(h, s, "HEALTHCHECK_URL", "HEALTHCHECK_URL_FILE", e);
}

/* -- all -------------------------------------------------------------------- */

/* Scripts may count on all keys being there; the AWS tools fail on "". */
static int
hand_plain(struct hand *h, const struct setting *item, struct err *e)
{
	const struct key *k = item->key;

	if (k->also != NULL && set_or_unset(h, k->also, k->is_secret ? "" :
	    item->value, e) != 0)
		return -1;
	if (k->is_secret)
		return unset(h, k->name, e);
	if (strncmp(k->name, "AWS_", 4) == 0)
		return set_or_unset(h, k->name, item->value, e);
	return set(h, k->name, item->value, e);
}

static int
hand_run(struct hand *h, const struct settings *s, const char *conf_file,
	int64_t now, const uint8_t random[3], struct err *e)
{
	struct buf text = BUF_INIT(8 * CONF_FILE_MAX);
	char time[UTC_TEXT], id[UTC_TEXT + 8];

	(void)snprintf(id, sizeof(id), "%s-%02x%02x%02x",
	    utc_format_name(time, now), random[0], random[1], random[2]);
	if (set(h, "RUN_ID", id, e) != 0 || (conf_file != NULL &&
	    set(h, "PGDUMPZ_CONF", conf_file, e) != 0))
		return -1;
	settings_print(s, &text);
	return set_file(h, "PGDUMPZ_SETTINGS_FILE", &text, e);
}

/* An entry of the list hides an earlier one of the same name. */
static void
drop_hidden(struct opt_list *env)
{
	size_t i, j, n, used = 0;

	for (i = 0; i < env->len; i++) {
		n = strcspn(env->items[i], "=");
		for (j = i + 1; j < env->len; j++)
			if (strcspn(env->items[j], "=") == n &&
			    memcmp(env->items[i], env->items[j], n) == 0)
				break;
		if (j == env->len)
			env->items[used++] = env->items[i];
		else
			free((char *)(uintptr_t)env->items[i]);
	}
	env->len = used;
	env->items[used] = NULL;
}

int
hand_make(struct hand *h, const struct settings *s, const char *conf_file,
	int64_t now, const uint8_t random[3], struct err *e)
{
	size_t i;

	for (i = 0; i < s->len; i++)
		if (hand_plain(h, &s->items[i], e) != 0)
			return -1;
	if (hand_secrets(h, s, e) != 0 ||
	    hand_run(h, s, conf_file, now, random, e) != 0)
		return -1;
	drop_hidden(&h->env);
	return 0;
}

void
hand_free(struct hand *h)
{
	while (h->secret_count > 0)
		os_secret_free(h->secrets[--h->secret_count]);
	opt_list_free(&h->env);
}
