/*
 * cmd.exe splits arguments at "=" and ",", and what is in them would become
 * part of its own commands; so a driver hands on its command line unseen.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "again.h"
#include "buf.h"
#include "hash.h"
#include "opt.h"
#include "os.h"
#include "place.h"
#include "usage.h"

#define OPTIONS_MAX 24
#define TELLS "+stopped"
#define TOKEN_BYTES 8
#define VALUE_MAX (1u << 20)

/* What the driver's command line says. */
struct again {
	char driver[64];
	struct opt table[OPTIONS_MAX + 1];
	char names[OPTIONS_MAX][32];
	const char *values[OPTIONS_MAX];
	bool flags[OPTIONS_MAX];
	size_t len;
	bool tells;			/* of a run that was stopped */
	char argument[32];		/* what it is called, "" for none */
	const char *file;
	struct opt_list options;	/* -o */
	struct opt_list own;		/* of the driver's own for withconf */
	struct opt_list env, argv;
};

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

	if (a->len >= OPTIONS_MAX || len < 3 || len >= sizeof(a->names[0]))
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
		} else if (words[0] >= 'A' && words[0] <= 'Z' && words[1] != '/' &&
		    n < sizeof(a->argument)) {
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
	struct opt table[OPTIONS_MAX + 3];
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

/* "max-age" is OPT_MAX_AGE. */
static int
set(struct again *a, const char *name, const char *value, struct err *e)
{
	struct buf b = BUF_INIT(VALUE_MAX);
	int rc;

	buf_puts(&b, "OPT_");
	for (; *name != '\0'; name++)
		buf_putc(&b, *name == '-' ? '_' :
		    (char)toupper((unsigned char)*name));
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

/* What a driver's options mean together. */
static int
check_usage(struct again *a, struct err *e)
{
	if (strcmp(a->driver, "restore-db") != 0)
		return 0;
	return usage_check_restore(&a->env, &a->own, e);
}

/* -- the run --------------------------------------------------------------- */

/* The settings' file can be read for as long as withconf is there. */
static bool
is_configured(void)
{
	const char *run = getenv("RUN_ID");
	const char *file = getenv("PGDUMPZ_SETTINGS_FILE");
	struct err ignored = ERR_INIT;
	int fd;

	if (run == NULL || *run == '\0' || file == NULL || *file == '\0' ||
	    (fd = os_open_read(file, &ignored)) < 0)
		return false;
	(void)os_close(fd, &ignored);
	return true;
}

static int
make_argv(struct again *a, const char *script, struct err *e)
{
	size_t i;

	if (is_configured()) {
		if (a->file == NULL && a->options.len == 0)
			return opt_list_add(&a->argv, script, e);
		return err_set(e, ERR_USAGE, "withconf runs already; give -c "
		    "and -o to it");
	}
	if (opt_list_add(&a->argv, "withconf", e) != 0)
		return -1;
	if (a->file != NULL && (opt_list_add(&a->argv, "-c", e) != 0 ||
	    opt_list_add(&a->argv, a->file, e) != 0))
		return -1;
	for (i = 0; i < a->own.len; i++)
		if (opt_list_add(&a->argv, a->own.items[i], e) != 0)
			return -1;
	for (i = 0; i < a->options.len; i++)
		if (opt_list_add(&a->argv, a->options.items[i], e) != 0)
			return -1;
	return opt_list_add(&a->argv, script, e);
}

static int
spawn(const struct again *a, struct err *e)
{
	const struct os_limit limit = { 0, 0 };
	bool late = false;

	return os_guard(&(struct os_spawn){ .argv = a->argv.items,
	    .env = a->env.items, .in = 0, .out = -1, .err = -1 }, &limit,
	    &late, e);
}

/* By which the run can be told from others when it is over. */
static int
make_token(char token[2 * TOKEN_BYTES + 1], struct err *e)
{
	uint8_t random[TOKEN_BYTES];

	if (os_random(random, sizeof(random), e) != 0)
		return -1;
	hash_hex(token, random, sizeof(random));
	return 0;
}

/*
 * A run that is stopped, by the end of MAX_RUNTIME, say, takes the driver with
 * it: one more tells of that, and its exit status counts.
 */
static int
run_driver(struct again *a, struct err *e)
{
	char token[2 * TOKEN_BYTES + 1], pair[sizeof(token) + 16];
	struct place left = PLACE_INIT;
	int status;

	if (make_token(token, e) != 0)
		return -1;
	(void)snprintf(pair, sizeof(pair), "STEP_TOKEN=%s", token);
	if (opt_list_add(&a->env, pair, e) != 0 ||
	    opt_list_add(&a->env, "OPT_STOPPED", e) != 0)
		return -1;
	status = spawn(a, e);
	if (a->tells && place_find_orphan(&left, a->driver, token,
	    &(struct err)ERR_INIT)) {
		free((char *)(uintptr_t)a->env.items[a->env.len - 1]);
		a->env.items[--a->env.len] = NULL;
		if (opt_list_add(&a->env, "OPT_STOPPED=yes", e) == 0)
			status = spawn(a, e);
	}
	place_close(&left);
	return status;
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
again_run(char **args, size_t nargs, struct err *e)
{
	struct again a;
	struct opt_result result = { .nargs = 0 };
	const char *plain = find_plain(args + 2, nargs - 2);
	int rc = -1;

	memset(&a, 0, sizeof(a));
	if (name_driver(&a, args[0], e) != 0 ||
	    make_table(&a, args[1], e) != 0)
		return -1;
	if (plain == NULL)
		rc = parse(&a, (int)nargs - 1, args + 1, &result, e);
	else
		rc = set(&a, plain, "yes", e);
	if (rc == 0)
		rc = set_all(&a, &result, e);
	if (rc == 0 && plain == NULL)
		rc = check_usage(&a, e);
	if (rc == 0)
		rc = plain != NULL ? opt_list_add(&a.argv, args[0], e) :
		    make_argv(&a, args[0], e);
	if (rc == 0)
		rc = run_driver(&a, e);
	else if (e->kind == ERR_USAGE)
		err_hint(e, "see '%s --help'", a.driver);
	opt_list_free(&a.options);
	opt_list_free(&a.own);
	opt_list_free(&a.env);
	opt_list_free(&a.argv);
	return rc;
}
