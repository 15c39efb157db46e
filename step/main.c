/*
 * step: what a driver in cmd.exe can't do itself.
 */
#include <string.h>

#include "again.h"
#include "chore.h"
#include "log.h"
#include "options.h"
#include "os.h"
#include "tool.h"

#define ANY 4096

static const struct chore {
	const char *name;
	chore_fn *run;
	size_t min_args, max_args;
} chores[] = {
	{ "add", chore_add, 2, ANY },
	{ "ask", chore_ask, 1, ANY },
	{ "asked", chore_asked, 0, 0 },
	{ "base", chore_base, 0, 0 },
	{ "begin", chore_begin, 0, 0 },
	{ "blame", chore_blame, 1, 1 },
	{ "choose", chore_choose, 0, 0 },
	{ "clear", chore_clear, 1, ANY },
	{ "clock", chore_clock, 1, 1 },
	{ "decisions", chore_decisions, 1, 2 },
	{ "empty", chore_empty, 1, ANY },
	{ "end", chore_end, 0, 0 },
	{ "event", chore_event, 1, ANY },
	{ "evidence", chore_evidence, 0, 0 },
	{ "exists", chore_exists, 1, 1 },
	{ "expired", chore_expired, 0, 0 },
	{ "facts", chore_facts, 0, 0 },
	{ "fail", chore_fail, 2, ANY },
	{ "folder", chore_folder, 1, 1 },
	{ "in", chore_in, 2, 2 },
	{ "inspect", chore_inspect, 0, 0 },
	{ "keep", chore_keep, 1, ANY },
	{ "list", chore_list, 0, 0 },
	{ "logfile", chore_logfile, 1, 1 },
	{ "named", chore_named, 1, 1 },
	{ "newest", chore_newest, 0, 0 },
	{ "pick", chore_pick, 3, 3 },
	{ "psql", chore_psql, 0, 0 },
	{ "remote", chore_remote, 0, 0 },
	{ "report", chore_report, 1, 1 },
	{ "roles", chore_roles, 0, 0 },
	{ "room", chore_room, 0, 0 },
	{ "run", chore_run, 1, ANY },
	{ "same", chore_same, 2, 2 },
	{ "settings", chore_settings, 0, 0 },
	{ "show", chore_show, 1, 1 },
	{ "sleep", chore_sleep, 1, 1 },
	{ "sort", chore_sort, 0, 0 },
	{ "source", chore_source, 1, 1 },
	{ "sources", chore_sources, 0, 0 },
	{ "split", chore_split, 2, ANY },
	{ "statements", chore_statements, 1, ANY },
	{ "take", chore_take, 1, 1 },
	{ "tools", chore_tools, 1, ANY },
	{ "warn", chore_warn, 1, ANY },
};

static const struct chore *
find(const char *name)
{
	size_t i;

	for (i = 0; name != NULL && i < sizeof(chores) / sizeof(*chores); i++)
		if (strcmp(name, chores[i].name) == 0)
			return &chores[i];
	return NULL;
}

static int
do_chore(const struct chore *chore, char **args, size_t nargs, struct err *e)
{
	struct place place = PLACE_INIT;
	int status = -1;

	if (nargs < chore->min_args || nargs > chore->max_args)
		err_set(e, ERR_USAGE, "too %s arguments",
		    nargs < chore->min_args ? "few" : "many");
	else if (place_open(&place, chore_env("STEP_DRIVER"),
	    chore_env("RUN_ID"), e) == 0)
		status = chore->run(&place, args, nargs, e);
	place_close(&place);
	if (status >= 0)
		return status;
	err_context(e, "%s", chore->name);
	(void)log_error(e);
	return TOOL_CANNOT;
}

/* What no chore is: --help, --version, or a mistake. */
static int
explain(int argc, char **argv, struct err *e)
{
	struct options o = { .in = NULL };
	struct opt_result result;
	int rc = options_take(&o, argc, argv, &result, e);

	opt_list_free(&o.set);
	if (rc == 0 && result.done)
		return 0;
	if (rc == 0) {
		err_set(e, ERR_USAGE, result.command != NULL ?
		    "there is no such chore" : "nothing to do");
		err_hint(e, "see 'step --help'");
	}
	(void)log_error(e);
	return TOOL_CANNOT;
}

int
main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;
	const struct chore *chore = find(name);
	struct err e = ERR_INIT;
	int status;

	os_start();
	log_start("step");
	if (chore != NULL)
		return do_chore(chore, argv + 2, (size_t)argc - 2, &e);
	if (name == NULL || strcmp(name, "again") != 0 || argc < 4)
		return explain(argc, argv, &e);
	status = again_run(argv + 2, (size_t)argc - 2, &e);
	return status >= 0 ? status : log_error(&e);
}
