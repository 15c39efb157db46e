/*
 * cmd.exe splits arguments at "=" and ",", and what is in them would become
 * part of its own commands; so a driver hands on its command line unseen.
 */
#include <string.h>

#include "again_private.h"
#include "buf.h"

#define TELLS "+stopped"
#define VALUE_MAX (1u << 20)

/* "C:\bin\backup-db.bat" is of backup-db. */
static int
name_driver(struct again *a, const char *script, struct err *e)
{
	size_t start = strlen(script), end;

	while (start > 0 && strchr("/\\", script[start - 1]) == NULL)
		start--;
	end = start + strcspn(script + start, ".");
	if (end == start || end - start >= sizeof(a->driver))
		return err_set(e, ERR_USAGE, "'%s' is no driver", script);
	memcpy(a->driver, script + start, end - start);
	a->driver[end - start] = '\0';
	return 0;
}

/* -- the table ------------------------------------------------------------ */

static int
add_option(struct again *a, const char *word, size_t len, struct err *e)
{
	struct opt *o;
	char *name;

	if (a->len >= AGAIN_OPTIONS_MAX || len < 3 || len >= sizeof(a->names[0]))
		return err_set(e, ERR_USAGE, "'%.*s' is no option", (int)len,
		    word);
	o = &a->table[a->len];
	name = a->names[a->len];
	if (word[1] == '/') {
		o->letter = word[0];
		word += 2;
		len -= 2;
	}
	o->type = OPT_FLAG;
	o->to = &a->flags[a->len];
	if (word[len - 1] == '=') {
		len--;
		o->type = OPT_TEXT;
		o->to = &a->values[a->len];
		o->arg = "VALUE";
	}
	memcpy(name, word, len);
	name[len] = '\0';
	o->name = name;
	a->len++;
	return 0;
}

static int
make_table(struct again *a, const char *words, struct err *e)
{
	size_t n;

	for (; *words != '\0'; words += n + (words[n] == ' ')) {
		n = strcspn(words, " ");
		if (n == strlen(TELLS) && memcmp(words, TELLS, n) == 0) {
			a->tells = true;
		} else if (words[0] >= 'A' && words[0] <= 'Z' &&
		    words[1] != '/' && n < sizeof(a->argument)) {
			memcpy(a->argument, words, n);
			a->argument[n] = '\0';
		} else if (add_option(a, words, n, e) != 0) {
			return -1;
		}
	}
	return add_option(a, "q/quiet", strlen("q/quiet"), e);
}

static int
parse(struct again *a, int argc, char **argv, struct opt_result *result,
	struct err *e)
{
	struct opt table[AGAIN_OPTIONS_MAX + 3];
	struct opt_tool tool = { .name = a->driver, .usage = "",
		.purpose = "", .opts = table,
		.max_args = a->argument[0] != '\0' };
	size_t n = a->len;

	memcpy(table, a->table, n * sizeof(*table));
	table[n++] = (struct opt){ 'c', "config", "FILE", OPT_TEXT, &a->file,
		NULL };
	table[n++] = (struct opt){ 'o', "option", "KEY=VALUE", OPT_PASS,
		&a->options, NULL };
	table[n] = (struct opt){ .name = NULL };
	return opt_parse(&tool, argc, argv, result, e);
}

/* -- the environment ----------------------------------------------------- */

static char
in_capitals(char c)
{
	static const char from[] = "-abcdefghijklmnopqrstuvwxyz";
	static const char to[] = "_ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t at;

	for (at = 0; from[at] != '\0'; at++)
		if (from[at] == c)
			return to[at];
	return c;
}

/* "max-age" is OPT_MAX_AGE. */
static int
set(struct again *a, const char *name, const char *value, struct err *e)
{
	struct buf b = BUF_INIT(VALUE_MAX);
	int rc;

	buf_puts(&b, "OPT_");
	for (; *name != '\0'; name++)
		buf_putc(&b, in_capitals(*name));
	if (value != NULL)
		buf_printf(&b, "=%s", value);
	rc = buf_check(&b, "an option", e);
	if (rc == 0)
		rc = opt_list_add(&a->env, b.data, e);
	buf_free(&b);
	return rc;
}

static int
set_all(struct again *a, const struct opt_result *result, struct err *e)
{
	struct buf driver = BUF_INIT(128);
	const char *value;
	int rc = 0;
	size_t i;

	for (i = 0; rc == 0 && i < a->len; i++) {
		value = a->flags[i] ? "yes" : a->values[i];
		if (value != NULL && *value == '\0')
			return err_set(e, ERR_USAGE, "the value of --%s is "
			    "empty", a->names[i]);
		rc = set(a, a->names[i], value, e);
	}
	if (rc == 0 && a->argument[0] != '\0')
		rc = set(a, a->argument, result->nargs > 0 ?
		    result->args[0] : NULL, e);
	buf_printf(&driver, "STEP_DRIVER=%s", a->driver);
	if (rc == 0)
		rc = opt_list_add(&a->env, buf_text(&driver), e);
	buf_free(&driver);
	return rc;
}

/* --help and --version need no configuration: the driver prints them. */
static const char *
find_plain(char **args, size_t nargs)
{
	size_t i;

	for (i = 0; i < nargs; i++) {
		if (strcmp(args[i], "--help") == 0)
			return "help";
		if (strcmp(args[i], "--version") == 0 ||
		    strcmp(args[i], "-V") == 0)
			return "version";
	}
	return NULL;
}

int
again_read(struct again *a, char **args, size_t nargs, struct err *e)
{
	const char *plain = find_plain(args + 2, nargs - 2);
	struct opt_result result = { .nargs = 0 };
	int rc;

	a->is_plain = plain != NULL;
	if (name_driver(a, args[0], e) != 0 ||
	    make_table(a, args[1], e) != 0)
		return -1;
	if (plain == NULL)
		rc = parse(a, (int)nargs - 1, args + 1, &result, e);
	else
		rc = set(a, plain, "yes", e);
	return rc == 0 ? set_all(a, &result, e) : -1;
}
