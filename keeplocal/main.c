/*
 * keeplocal: delete the backups in a directory that no rule keeps.
 */
#include <string.h>

#include "catalog.h"
#include "log.h"
#include "opt.h"
#include "os.h"
#include "prune.h"

static int
prune(const struct prune_options *options, const char *where,
	struct prune_counts *counts, struct err *e)
{
	struct catalog *c = catalog_new(NULL, e);
	int rc;

	if (c == NULL)
		return -1;
	if (strcmp(where, "-") == 0)
		rc = catalog_add_lines(c, 0, options->name, e);
	else
		rc = catalog_add_dir(c, where, options->name, e);
	if (rc == 0)
		rc = prune_run(c, NULL, options, counts, e);
	catalog_free(c);
	return rc;
}

int
main(int argc, char **argv)
{
	struct prune_options options = PRUNE_OPTIONS_INIT;
	struct opt opts[PRUNE_OPT_COUNT + 1] = { 0 };
	const struct opt_tool tool = { "keeplocal",
		"keeplocal [OPTION...] DIR | -",
		"Deletes the backups in a directory that no rule keeps.",
		opts, 1, 1, false };
	struct prune_counts counts = { 0 };
	struct opt_result args;
	struct err e = ERR_INIT;
	int rc;

	os_start();
	log_start("keeplocal");
	prune_append_options(opts, &options);
	if (opt_parse(&tool, argc, argv, &args, &e) != 0)
		return log_error(&e);
	if (args.done)
		return 0;
	if (prune_check_options(&options, &e) != 0)
		return log_error(&e);
	os_catch_stop();
	options.now = os_now();
	options.full_names = strcmp(args.args[0], "-") == 0;
	rc = prune(&options, args.args[0], &counts, &e);
	if (rc != 0)
		return log_error(&e);
	prune_warn(&counts, args.args[0]);
	return 0;
}
