/*
 * Files are named by variables of the run; one of another path is only read.
 */
#include "options.h"

int
options_take(struct options *o, int argc, char **argv,
	struct opt_result *result, struct err *e)
{
	const struct opt table[] = {
		{ 'k', "keep", NULL, OPT_FLAG, &o->keep,
		    "its output in {out}, its words in {said}" },
		{ 'i', "input", "NAME", OPT_TEXT, &o->in,
		    "standard input is {NAME}" },
		{ 'f', "file", "TEXT", OPT_TEXT, &o->file,
		    "standard input is the file of that path" },
		{ 'o', "output", "NAME", OPT_TEXT, &o->out,
		    "standard output becomes {NAME}" },
		{ 'e', "errors", "NAME", OPT_TEXT, &o->err,
		    "standard error becomes {NAME}" },
		{ 'a', "add-errors", "NAME", OPT_TEXT, &o->add_err,
		    "standard error goes to the end of {NAME}" },
		{ 'n', "note", "NAME", OPT_TEXT, &o->note,
		    "keep its exit status as {NAME}" },
		{ 's', "set", "NAME=TEXT", OPT_LIST, &o->set,
		    "a variable of its environment" },
		{ 't', "time", "SECONDS", OPT_DURATION, &o->seconds,
		    "end it after that" },
		{ 'x', "shell", NULL, OPT_FLAG, &o->shell,
		    "its one argument is a command for the shell" },
		{ 0, NULL, NULL, OPT_FLAG, NULL, NULL },
	};
	const struct opt_tool tool = { "step",
		"step run [OPTION]... TOOL [ARGUMENT]...\n"
		"       step CHORE [ARGUMENT]...",
		"Does for a driver in cmd.exe what that can't do itself.",
		table, 0, 0, OPT_COMMAND_ONLY };

	return opt_parse(&tool, argc, argv, result, e);
}
