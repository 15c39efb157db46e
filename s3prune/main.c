/*
 * s3prune: delete the backups in S3 that no rule keeps.
 */
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "log.h"
#include "opt.h"
#include "os.h"
#include "prune.h"
#include "s3.h"
#include "s3opt.h"
#include "uri.h"

#define OWN_OPTIONS 2

static int
read_catalog(struct catalog *c, const char *where,
	const struct prune_options *options, struct err *e)
{
	struct uri uri;
	int rc;

	if (strcmp(where, "-") == 0)
		return catalog_add_lines(c, 0, options->name, e);
	if (uri_resolve(&uri, where, getenv("S3_BUCKET"), e) != 0)
		return -1;
	rc = catalog_add_prefix(c, uri.bucket, uri.key, options->name, e);
	uri_free(&uri);
	return rc;
}

static int
prune(const struct s3_options *s3_options, struct prune_options *options,
	const char *where, struct prune_counts *counts, struct err *e)
{
	struct catalog *c = NULL;
	struct s3 *s3 = NULL;
	size_t len;
	int rc = -1;

	if ((s3 = s3_open(s3_options, e)) == NULL)
		goto out;
	if ((c = catalog_new(s3, e)) == NULL)
		goto out;
	if (read_catalog(c, where, options, e) != 0)
		goto out;
	(void)catalog_entries(c, &len);
	options->now = catalog_date(c);
	if (options->now == 0 && len > 0) {
		err_set(e, ERR_REMOTE, "the server's answer has no Date, "
		    "so the age of backups is unknown");
		goto out;
	}
	rc = prune_run(c, s3, options, counts, e);
out:
	catalog_free(c);
	s3_close(s3);
	return rc;
}

static int
check(const struct prune_options *options, struct err *e)
{
	if (options->bypass_governance && !options->versions)
		return err_set(e, ERR_USAGE,
		    "--bypass-governance needs --versions");
	return prune_check_options(options, e);
}

int
main(int argc, char **argv)
{
	struct prune_options options = PRUNE_OPTIONS_INIT;
	struct s3_options s3 = { 0 };
	struct opt opts[PRUNE_OPT_COUNT + OWN_OPTIONS + S3OPT_COUNT + 1] =
	    { 0 };
	const struct opt own[OWN_OPTIONS] = {
		{ 0, "versions", NULL, OPT_FLAG, &options.versions,
		    "delete all versions of what is deleted, for good" },
		{ 0, "bypass-governance", NULL, OPT_FLAG,
		    &options.bypass_governance,
		    "even when they are locked in governance mode" },
	};
	const struct opt_tool tool = { "s3prune",
		"s3prune [OPTION...] PREFIX | -",
		"Deletes the backups in a folder of S3 that no rule keeps.",
		opts, 1, 1, false };
	struct prune_counts counts = { 0 };
	struct opt_result args;
	struct err e = ERR_INIT;
	int rc;

	os_start();
	log_start("s3prune");
	prune_append_options(opts, &options);
	memcpy(opts + PRUNE_OPT_COUNT, own, sizeof(own));
	s3opt_append(opts, &s3);
	if (opt_parse(&tool, argc, argv, &args, &e) != 0)
		return log_error(&e);
	if (args.done)
		return 0;
	if (check(&options, &e) != 0)
		return log_error(&e);
	os_catch_stop();
	options.full_names = strcmp(args.args[0], "-") == 0;
	rc = prune(&s3, &options, args.args[0], &counts, &e);
	if (rc != 0)
		return log_error(&e);
	prune_warn(&counts, args.args[0]);
	return 0;
}
