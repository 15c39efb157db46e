/*
 * getopt_long() can't print help nor be checked against a man page, and is
 * not there on every system; a table can do all three.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "mem.h"
#include "num.h"
#include "opt.h"
#include "os.h"

#ifndef PGDUMPZ_VERSION
#define PGDUMPZ_VERSION "unknown"
#endif

#define HELP_MAX (64 * 1024)
#define HELP_COLUMN 28

int
opt_list_add(struct opt_list *list, const char *text, struct err *e)
{
	const char **items;
	char *copy = mem_dup(text, e);

	if (copy == NULL)
		return -1;
	items = realloc(list->items, (list->len + 2) * sizeof(*items));
	if (items == NULL) {
		free(copy);
		return err_set(e, ERR_LOCAL, "no memory for options");
	}
	list->items = items;
	items[list->len++] = copy;
	items[list->len] = NULL;
	return 0;
}

void
opt_list_free(struct opt_list *list)
{
	size_t i;

	for (i = 0; i < list->len; i++)
		free((char *)(uintptr_t)list->items[i]);
	free(list->items);
	memset(list, 0, sizeof(*list));
}

static void
put_option(struct buf *b, const struct opt *o)
{
	size_t start = b->len;
	const char *line = o->help, *end;

	if (o->letter != 0)
		buf_printf(b, "  -%c, --%s", o->letter, o->name);
	else
		buf_printf(b, "      --%s", o->name);
	if (o->arg != NULL)
		buf_printf(b, "=%s", o->arg);
	for (;;) {
		if (b->len - start >= HELP_COLUMN) {
			buf_putc(b, '\n');
			start = b->len;
		}
		while (!b->failed && b->len - start < HELP_COLUMN)
			buf_putc(b, ' ');
		end = strchr(line, '\n');
		if (end == NULL)
			break;
		buf_put(b, line, (size_t)(end + 1 - line));
		start = b->len;
		line = end + 1;
	}
	buf_printf(b, "%s\n", line);
}

static int
print_help(const struct opt_tool *tool, struct err *e)
{
	static const struct opt common[] = {
		{ 0, "help", NULL, OPT_FLAG, NULL, "print this" },
		{ 'V', "version", NULL, OPT_FLAG, NULL, "print the version" },
		{ 0, NULL, NULL, OPT_FLAG, NULL, NULL },
	};
	struct buf b = BUF_INIT(HELP_MAX);
	const struct opt *o;
	int rc;

	buf_printf(&b, "usage: %s\n\n%s\n\n", tool->usage, tool->purpose);
	for (o = tool->opts; o->name != NULL; o++)
		put_option(&b, o);
	for (o = common; o->name != NULL; o++)
		put_option(&b, o);
	buf_printf(&b, "\nMore: man %s\n", tool->name);
	rc = buf_check(&b, "the help text", e);
	if (rc == 0)
		rc = os_write(1, b.data, b.len, e);
	buf_free(&b);
	return rc;
}

static int
print_version(const struct opt_tool *tool, struct err *e)
{
	char line[128];
	int n = snprintf(line, sizeof(line), "%s (pgdumpz) %s\n", tool->name,
	    PGDUMPZ_VERSION);

	return os_write(1, line, (size_t)n, e);
}

static const struct opt *
find_name(const struct opt_tool *tool, const char *name, size_t len)
{
	const struct opt *o;

	for (o = tool->opts; o->name != NULL; o++)
		if (strlen(o->name) == len && strncmp(o->name, name, len) == 0)
			return o;
	return NULL;
}

static const struct opt *
find_letter(const struct opt_tool *tool, char letter)
{
	const struct opt *o;

	for (o = tool->opts; o->name != NULL; o++)
		if (o->letter == letter)
			return o;
	return NULL;
}

static int
pass_on(const struct opt *o, const char *value, struct err *e)
{
	struct buf b = BUF_INIT(1 << 20);
	int rc;

	buf_printf(&b, "--%s", o->name);
	if (value != NULL)
		buf_printf(&b, "=%s", value);
	rc = buf_check(&b, "an option's value", e);
	if (rc == 0)
		rc = opt_list_add(o->to, b.data, e);
	buf_free(&b);
	return rc;
}

static int
store(const struct opt *o, const char *value, struct err *e)
{
	int rc = 0;

	switch (o->type) {
	case OPT_FLAG:
		*(bool *)o->to = true;
		break;
	case OPT_TEXT:
		*(const char **)o->to = value;
		break;
	case OPT_COUNT:
		rc = num_parse_u64(value, o->to);
		break;
	case OPT_SIZE:
		rc = num_parse_size(value, o->to);
		break;
	case OPT_DURATION:
		rc = num_parse_duration(value, o->to);
		break;
	case OPT_LIST:
		return opt_list_add(o->to, value, e);
	case OPT_PASS:
		return pass_on(o, value, e);
	}
	if (rc != 0)
		return err_set(e, ERR_USAGE, "--%s: '%s' is not a %s", o->name,
		    value, o->type == OPT_COUNT ? "number" :
		    o->type == OPT_SIZE ? "size (such as 8M)" :
		    "duration (such as 26h)");
	return 0;
}

/* An option in full, "name" or "name=value". Moves *next past what it ate. */
static int
parse_long(const struct opt_tool *tool, const char *text, char **argv,
	int *next, struct err *e)
{
	size_t len = strcspn(text, "=");
	const struct opt *o = find_name(tool, text, len);
	const char *value = text[len] == '=' ? text + len + 1 : NULL;

	if (o == NULL)
		return err_set(e, ERR_USAGE, "unknown option '--%.*s'",
		    (int)len, text);
	if (o->arg == NULL && value != NULL)
		return err_set(e, ERR_USAGE, "option '--%s' takes no value",
		    o->name);
	if (o->arg != NULL && value == NULL &&
	    (value = argv[*next]) != NULL)
		(*next)++;
	if (o->arg != NULL && value == NULL)
		return err_set(e, ERR_USAGE, "option '--%s' needs a value",
		    o->name);
	return store(o, value, e);
}

/* A bundle of letters, the last of which may have a value. */
static int
parse_letters(const struct opt_tool *tool, const char *text, char **argv,
	int *next, struct err *e)
{
	const struct opt *o;
	const char *value;

	for (; *text != '\0'; text++) {
		if ((o = find_letter(tool, *text)) == NULL)
			return err_set(e, ERR_USAGE, "unknown option '-%c'",
			    *text);
		if (o->arg == NULL) {
			if (store(o, NULL, e) != 0)
				return -1;
			continue;
		}
		value = text[1] != '\0' ? text + 1 : argv[*next];
		if (value == NULL)
			return err_set(e, ERR_USAGE,
			    "option '-%c' needs a value", *text);
		if (text[1] == '\0')
			(*next)++;
		return store(o, value, e);
	}
	return 0;
}

/* Everything after --: a command, or just arguments. */
static void
take_rest(const struct opt_tool *tool, char **rest, struct opt_result *result)
{
	if (tool->has_command != OPT_NO_COMMAND) {
		result->command = rest;
		return;
	}
	for (; *rest != NULL; rest++)
		result->args[result->nargs++] = *rest;
}

static int
check_count(const struct opt_tool *tool, const struct opt_result *result,
	struct err *e)
{
	if (result->nargs < tool->min_args)
		return err_set(e, ERR_USAGE, "too few arguments");
	if (result->nargs > tool->max_args)
		return err_set(e, ERR_USAGE, "unexpected argument '%s'",
		    result->args[tool->max_args]);
	if (result->command != NULL && result->command[0] == NULL)
		return err_set(e, ERR_USAGE, "no command after --");
	return 0;
}

int
opt_parse(const struct opt_tool *tool, int argc, char **argv,
	struct opt_result *result, struct err *e)
{
	int next = argc > 0 ? 1 : 0, rc = 0;
	char *word;

	memset(result, 0, sizeof(*result));
	result->args = argv;	/* filled from the front, never past next */
	while (rc == 0 && (word = argv[next]) != NULL) {
		next++;
		if (strcmp(word, "--help") == 0) {
			result->done = true;
			return print_help(tool, e);
		}
		if (strcmp(word, "--version") == 0 ||
		    strcmp(word, "-V") == 0) {
			result->done = true;
			return print_version(tool, e);
		}
		if (strcmp(word, "--") == 0) {
			take_rest(tool, argv + next, result);
			break;
		}
		if (strncmp(word, "--", 2) == 0)
			rc = parse_long(tool, word + 2, argv, &next, e);
		else if (word[0] == '-' && word[1] != '\0')
			rc = parse_letters(tool, word + 1, argv, &next, e);
		else if (tool->has_command == OPT_COMMAND_ONLY) {
			result->command = argv + next - 1;
			break;
		} else
			result->args[result->nargs++] = word;
	}
	if (rc == 0)
		rc = check_count(tool, result, e);
	if (rc != 0 && e->kind == ERR_USAGE)
		err_hint(e, "see '%s --help'", tool->name);
	return rc;
}
