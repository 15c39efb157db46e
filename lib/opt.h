/*
 * Options of a tool as one table, from which they are parsed, --help is
 * printed, and the man page is checked. GNU form: -j 4, -j4, --jobs 4,
 * --jobs=4; options and arguments mix; -- ends options; -abc bundles flags.
 */
#ifndef OPT_H
#define OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

enum opt_type {
	OPT_FLAG,	/* bool: set to true */
	OPT_TEXT,	/* const char *: borrowed from argv */
	OPT_COUNT,	/* uint64_t: a plain number */
	OPT_SIZE,	/* uint64_t: bytes, with K M G T */
	OPT_DURATION,	/* int64_t: seconds, with s m h d w */
	OPT_LIST,	/* struct opt_list: one more value each time */
	OPT_PASS	/* struct opt_list: "--name=VALUE" or "--name", for a
			 * child's argv, in the order given */
};

/* A growing list of texts of its own, NULL at its end, as argv has it. */
struct opt_list {
	const char **items;
	size_t len;
};

struct opt {
	char letter;		/* 0: none */
	const char *name;	/* without dashes; NULL ends the table */
	const char *arg;	/* what the value stands for; NULL for none */
	enum opt_type type;
	void *to;
	const char *help;	/* a line or two, \n between */
};

/* Where a tool takes a command of somebody else's, with its options. */
enum opt_command {
	OPT_NO_COMMAND,
	OPT_COMMAND_LAST,	/* behind "--", kept apart from arguments */
	OPT_COMMAND_ONLY	/* from the first word on that is no option;
				 * "--" may be before it */
};

struct opt_tool {
	const char *name;
	const char *usage;	/* lines after "usage: " */
	const char *purpose;	/* one sentence */
	const struct opt *opts;
	size_t min_args, max_args;	/* what is not an option */
	enum opt_command has_command;
};

struct opt_result {
	char **args;		/* nargs of them, borrowed from argv */
	size_t nargs;
	char **command;		/* or NULL; ends with NULL */
	bool done;		/* --help or --version was printed: exit 0 */
};

/*
 * Parse argv; values go where the table says. --help, -V and --version are
 * understood for every tool. Errors are ERR_USAGE and name the option. argv
 * is reordered. A failing stdout during --help is an error too.
 */
int opt_parse(const struct opt_tool *tool, int argc, char **argv,
	struct opt_result *result, struct err *e);

/* Append a copy of "text" to a list; free all. */
int opt_list_add(struct opt_list *list, const char *text, struct err *e);
void opt_list_free(struct opt_list *list);

#endif
