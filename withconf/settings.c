/*
 * Four places may say what a key's value is; which one won must be plain to
 * whoever reads the log of a bad night.
 */
#include <stdlib.h>
#include <string.h>

#include "logline.h"
#include "mem.h"
#include "settings.h"

#define VALUE_MAX CONF_FILE_MAX

/* "--option=KEY=VALUE": the last value of that key, or NULL. */
static const char *
find_option(const struct opt_list *options, const char *key)
{
	size_t i = options->len, n = strlen(key);
	const char *pair;

	while (i-- > 0) {
		pair = strchr(options->items[i], '=') + 1;
		if (strncmp(pair, key, n) == 0 && pair[n] == '=')
			return pair + n + 1;
	}
	return NULL;
}

static const char *
find_variable(const struct key *k)
{
	const char *value = getenv(k->name);

	if ((value == NULL || value[0] == '\0') && k->also != NULL)
		value = getenv(k->also);
	return value != NULL && value[0] != '\0' ? value : NULL;
}

/* What is written for a key, where it wins; fills source and line. */
static const char *
find_written(struct setting *s, const struct conf *file,
	const struct opt_list *options)
{
	const struct conf_entry *entry = conf_find(file, s->key->name);
	const char *text;

	s->line = 0;
	s->source = SOURCE_OPTION;
	if ((text = find_option(options, s->key->name)) != NULL)
		return text;
	s->source = SOURCE_FILE;
	if (entry != NULL) {
		s->line = entry->line;
		return entry->value;
	}
	s->source = SOURCE_ENVIRONMENT;
	if ((text = find_variable(s->key)) != NULL)
		return text;
	s->source = SOURCE_DEFAULT;
	return "";
}

/* Put before an error where the value came from. */
static int
blame(const struct setting *s, const char *file, struct err *e)
{
	if (s->source == SOURCE_FILE)
		return err_context(e, "cannot use '%s', line %u", file,
		    s->line);
	return err_context(e, "cannot use the %s", s->source ==
	    SOURCE_OPTION ? "option -o" : "environment");
}

/* The file's grammar has none; the other two places may. */
static int
check_control(const struct key *k, const char *text, struct err *e)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 && *text != '\t' &&
		    !(*text == '\n' && k->type == KEY_NAMES))
			return err_set(e, ERR_USAGE,
			    "%s: a control character in its value", k->name);
	return 0;
}

static int
fill(struct setting *s, const struct conf *file, const char *its_name,
	const struct opt_list *options, struct err *e)
{
	const char *written = find_written(s, file, options);
	struct buf out = BUF_INIT(VALUE_MAX);
	int rc = 0;

	if (written[0] == '\0')
		written = s->key->standard;
	if (written[0] != '\0' && (check_control(s->key, written, e) != 0 ||
	    keys_check(s->key, written, &out, e) != 0))
		rc = blame(s, its_name, e);
	else if ((s->value = mem_dup(buf_text(&out), e)) == NULL)
		rc = -1;
	buf_free_secret(&out);
	return rc;
}

/* -- what must hold before and after --------------------------------------- */

static int
check_known(const char *key, struct err *e)
{
	const struct key *guess;

	if (keys_find(key) != NULL)
		return 0;
	err_set(e, ERR_USAGE, "unknown key '%s'", key);
	guess = keys_guess(key);
	if (guess != NULL)
		return err_hint(e, "did you mean %s?", guess->name);
	return err_hint(e, "pgdumpz.conf(5) has all keys");
}

static int
check_file(const struct conf *file, const char *its_name, struct err *e)
{
	size_t i;

	for (i = 0; i < file->len; i++)
		if (check_known(file->entries[i].key, e) != 0)
			return err_context(e, "cannot use '%s', line %u",
			    its_name, file->entries[i].line);
	return 0;
}

static int
check_option(const char *pair, struct err *e)
{
	size_t n = strcspn(pair, "=");
	char *key;
	int rc;

	if (pair[n] != '=' || !conf_is_key(pair, n))
		return err_set(e, ERR_USAGE, "-o needs KEY=VALUE");
	if ((key = mem_dup_len(pair, n, e)) == NULL)
		return -1;
	rc = check_known(key, e);
	if (rc == 0 && keys_find(key)->is_secret) {
		rc = err_set(e, ERR_USAGE, "%s is secret, and everybody can "
		    "see the arguments of a process", key);
		err_hint(e, "write it into the configuration file");
	}
	free(key);
	return rc;
}

/* Ours are of the file; a token of the environment belongs to other keys. */
static void
drop_foreign_token(struct settings *s)
{
	const struct setting *secret = settings_get(s,
	    "AWS_SECRET_ACCESS_KEY");
	struct setting *token = &s->items[keys_find("AWS_SESSION_TOKEN") -
	    keys_table];

	if (token->source != SOURCE_ENVIRONMENT ||
	    secret->source == SOURCE_ENVIRONMENT || secret->value[0] == '\0')
		return;
	mem_wipe(token->value, strlen(token->value));
	token->value[0] = '\0';
	token->source = SOURCE_DEFAULT;
}

static const char *
value_of(const struct settings *s, const char *key)
{
	return settings_get(s, key)->value;
}

static int
check_together(const struct settings *s, const char *file, struct err *e)
{
	bool id = value_of(s, "AWS_ACCESS_KEY_ID")[0] != '\0';
	bool secret = value_of(s, "AWS_SECRET_ACCESS_KEY")[0] != '\0';

	if (value_of(s, "DB_NAME")[0] == '\0') {
		err_set(e, ERR_USAGE, "DB_NAME is missing");
		return file != NULL ?
		    err_hint(e, "write DB_NAME=... into '%s'", file) :
		    err_hint(e, "there is no configuration file: use -c FILE, "
		    "or set PGDUMPZ_CONF or DB_NAME");
	}
	if (id != secret)
		return err_set(e, ERR_USAGE, "%s is missing beside %s", id ?
		    "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID", id ?
		    "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY");
	if (value_of(s, "BACKUP_NAME")[0] != '\0' &&
	    strchr(value_of(s, "DB_NAME"), '\n') != NULL) {
		err_set(e, ERR_USAGE,
		    "BACKUP_NAME would be the name of several databases");
		return err_hint(e, "leave it out, or name one in DB_NAME");
	}
	return 0;
}

int
settings_fill(struct settings *s, const struct conf *file,
	const char *its_name, const struct opt_list *options, struct err *e)
{
	const struct key *k;
	size_t i;

	memset(s, 0, sizeof(*s));
	if (check_file(file, its_name, e) != 0)
		return -1;
	for (i = 0; i < options->len; i++)
		if (check_option(strchr(options->items[i], '=') + 1, e) != 0)
			return -1;
	for (k = keys_table; k->name != NULL; k++) {
		s->items[s->len].key = k;
		if (fill(&s->items[s->len++], file, its_name, options, e) != 0)
			return -1;
	}
	drop_foreign_token(s);
	return check_together(s, its_name, e);
}

void
settings_free(struct settings *s)
{
	while (s->len > 0)
		mem_free_secret(s->items[--s->len].value);
}

const struct setting *
settings_get(const struct settings *s, const char *key)
{
	return &s->items[keys_find(key) - keys_table];
}

bool
settings_file_has_secret(const struct conf *file)
{
	const struct key *k;
	size_t i;

	for (i = 0; i < file->len; i++)
		if ((k = keys_find(file->entries[i].key)) != NULL &&
		    k->is_secret && file->entries[i].value[0] != '\0')
			return true;
	return false;
}

void
settings_print(const struct settings *s, struct buf *out)
{
	static const char *const names[] = { "default", "environment", "file",
		"option" };
	const struct setting *item;

	for (item = s->items; item < s->items + s->len; item++) {
		buf_printf(out, "%s=", item->key->name);
		logline_put_value(out, item->key->is_secret &&
		    item->value[0] != '\0' ? "(hidden)" : item->value);
		buf_printf(out, " source=%s", names[item->source]);
		if (item->source == SOURCE_FILE)
			buf_printf(out, ":%u", item->line);
		buf_putc(out, '\n');
	}
}
