/*
 * Many lines at a time: warnings, settings, decisions about old backups, and
 * the report that is mailed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chore.h"
#include "os.h"
#include "template.h"
#include "words.h"

#define ARGS_MAX 16

/* A text as a variable, so that no brace in it is one of a template's. */
static int
keep_text(const struct place *p, const char *name, const char *text,
	size_t len, struct err *e)
{
	return place_write(p, name, text, len, e);
}

/* warn NAME [KEY=VALUE]...: an event for each warning in {said} */
int
chore_warn(const struct place *p, char **args, size_t nargs, struct err *e)
{
	static char level[] = "level=warn", text[] = "text={warning}";
	struct buf said = BUF_INIT(PLACE_FILE_MAX);
	char *all[ARGS_MAX];
	const char *next, *line, *warning;
	size_t len;
	int rc = place_read(p, "said", &said, e);

	if (nargs + 2 > ARGS_MAX)
		rc = err_set(e, ERR_USAGE, "too many pairs");
	else
		memcpy(all, args, nargs * sizeof(*all));
	if (rc == 0) {
		all[nargs] = level;
		all[nargs + 1] = text;
	}
	next = buf_text(&said);
	while (rc == 0 && words_next(&next, &line, &len)) {
		if ((warning = words_find_warning(line, len)) == NULL)
			continue;
		rc = keep_text(p, "warning", warning,
		    len - (size_t)(warning - line), e);
		if (rc == 0)
			rc = chore_event(p, all, nargs + 2, e);
	}
	buf_free(&said);
	return rc;
}

/* -- settings ------------------------------------------------------------ */

/*
 * "KEY=value source=where", as withconf --print has it. The value is taken
 * from the environment, where it has no quotes; what has no variable there is
 * a secret.
 */
static int
log_setting(const struct place *p, const char *line, size_t len,
	struct err *e)
{
	static char key_pair[] = "key={setting}", where[] = "source={source}";
	static char hidden[] = "value=(hidden)";
	static const char mark[] = " source=", none[] = "=\"\"";
	char key[64], value[sizeof(key) + 16], *args[4];
	static char event[] = "setting";
	size_t n = 0, at;

	while (n < len && line[n] != '=')
		n++;
	for (at = len; at > n && strncmp(line + at, mark, strlen(mark)) != 0;)
		at--;
	if (n == 0 || n >= sizeof(key) || at <= n)
		return 0;
	if (at - n == strlen(none) && memcmp(line + n, none, at - n) == 0)
		return 0;
	memcpy(key, line, n);
	key[n] = '\0';
	if (key[strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] != '\0')
		return 0;
	(void)snprintf(value, sizeof(value), "value={%s}", key);
	args[0] = event;
	args[1] = key_pair;
	args[2] = getenv(key) != NULL ? value : hidden;
	args[3] = where;
	at += strlen(mark);
	if (keep_text(p, "setting", key, n, e) != 0 ||
	    keep_text(p, "source", line + at, len - at, e) != 0)
		return -1;
	return chore_event(p, args, 4, e);
}

/* settings: an event for each key that has a value */
int
chore_settings(const struct place *p, char **args, size_t nargs,
	struct err *e)
{
	struct buf file = BUF_INIT(PLACE_FILE_MAX);
	int rc = place_read_path(chore_env("PGDUMPZ_SETTINGS_FILE"), &file, e);
	const char *next = buf_text(&file), *line;
	size_t len;

	(void)args;
	(void)nargs;
	while (rc == 0 && words_next(&next, &line, &len))
		rc = log_setting(p, line, len, e);
	buf_free(&file);
	return rc;
}

/* -- decisions ------------------------------------------------------------- */

static int
log_decision(const struct place *p, const char *line, size_t len,
	char *where, struct err *e)
{
	static char keep[] = "retention.keep", delete[] = "retention.delete";
	static char error[] = "retention.error", level[] = "level=error";
	static char db[] = "db={db}", name[] = "name={what}";
	static char reason[] = "reason={why}";
	char *args[6] = { NULL, db, where, name, reason, NULL };
	const char *what = memchr(line, '\t', len), *why;
	size_t verb = what != NULL ? (size_t)(what - line) : 0;

	if (verb == 0)
		return 0;
	what++;
	why = memchr(what, '\t', len - verb - 1);
	if (why == NULL)
		return 0;
	args[0] = verb == 4 ? keep : verb == 6 ? delete : error;
	if (args[0] == error) {
		args[4] = level;
		args[5] = reason;
	}
	if (keep_text(p, "what", what, (size_t)(why - what), e) != 0 ||
	    keep_text(p, "why", why + 1, len - (size_t)(why + 1 - line),
	    e) != 0)
		return -1;
	return chore_event(p, args, args[5] != NULL ? 6 : 5, e);
}

/*
 * decisions PLACE [changes]: an event for each line of {out}, as keeplocal
 * and s3prune print it; with "changes" none for what stays
 */
int
chore_decisions(const struct place *p, char **args, size_t nargs,
	struct err *e)
{
	struct buf out = BUF_INIT(PLACE_FILE_MAX), where = BUF_INIT(64);
	int rc = place_read(p, "out", &out, e);
	const char *next = buf_text(&out), *line;
	size_t len;

	buf_printf(&where, "place=%s", args[0]);
	if (rc == 0)
		rc = buf_check(&where, "a place", e);
	while (rc == 0 && words_next(&next, &line, &len))
		if (nargs < 2 || strncmp(line, "keep\t", 5) != 0)
			rc = log_decision(p, line, len, where.data, e);
	buf_free(&out);
	buf_free(&where);
	return rc;
}
