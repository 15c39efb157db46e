/*
 * s3ls: list what is in S3, or say whether backups still come.
 */
#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "log.h"
#include "opt.h"
#include "os.h"
#include "s3opt.h"

#define OPTIONS 8
#define NO_AGE (-1)

struct choice {
	struct list_options list;
	bool uri, json;
};

static void
fill_options(struct opt *opts, struct choice *c)
{
	const struct opt own[OPTIONS] = {
		{ 'r', "recursive", NULL, OPT_FLAG, &c->list.recursive,
		    "everything below PREFIX, with full keys" },
		{ 0, "uri", NULL, OPT_FLAG, &c->uri,
		    "one s3:// URI a line, for pipes" },
		{ 0, "json", NULL, OPT_FLAG, &c->json, "a JSON array" },
		{ 0, "human-readable", NULL, OPT_FLAG,
		    &c->list.human_readable, "sizes such as 1.4 GiB" },
		{ 0, "storage-class", NULL, OPT_FLAG, &c->list.storage_class,
		    "storage classes in a column" },
		{ 0, "summarize", NULL, OPT_FLAG, &c->list.summarize,
		    "totals at the end" },
		{ 0, "name", "NAME", OPT_TEXT, &c->list.name,
		    "only backups of this database" },
		{ 0, "max-age", "AGE", OPT_DURATION, &c->list.max_age,
		    "list nothing; exit 1 unless the newest backup\n"
		    "is at most that old, such as 26h" },
	};

	memcpy(opts, own, sizeof(own));
}

static int
check_choice(struct choice *c, struct err *e)
{
	bool alarm = c->list.max_age != NO_AGE;

	if (c->uri + c->json + alarm > 1)
		return err_set(e, ERR_USAGE,
		    "--uri, --json and --max-age exclude each other");
	if ((c->uri || c->json || alarm) && (c->list.summarize ||
	    c->list.human_readable || c->list.storage_class))
		return err_set(e, ERR_USAGE, "--summarize, --human-readable "
		    "and --storage-class are for the plain listing");
	if (c->list.name != NULL && c->list.name[0] == '\0')
		return err_set(e, ERR_USAGE, "--name is empty");
	c->list.form = c->uri ? LIST_URI : c->json ? LIST_JSON : LIST_PLAIN;
	return 0;
}

static int
find_place(struct uri *where, const struct opt_result *args, struct err *e)
{
	const char *base = getenv("S3_BUCKET");

	if (args->nargs == 0 && (base == NULL || base[0] == '\0')) {
		err_set(e, ERR_USAGE, "no PREFIX given");
		return err_hint(e, "write s3://BUCKET/PREFIX, or set "
		    "S3_BUCKET");
	}
	return uri_resolve(where, args->nargs > 0 ? args->args[0] : "", base,
	    e);
}

static int
list(const struct s3_options *s3_options, const struct list_options *options,
	struct err *e)
{
	struct s3 *s3 = s3_open(s3_options, e);
	int rc;

	if (s3 == NULL)
		return -1;
	rc = options->max_age != NO_AGE ? list_check_age(s3, options, e) :
	    list_print(s3, options, e);
	s3_close(s3);
	return rc;
}

int
main(int argc, char **argv)
{
	struct choice choice = { .list = { .max_age = NO_AGE } };
	struct s3_options s3 = { 0 };
	struct opt opts[OPTIONS + S3OPT_COUNT + 1] = { 0 };
	const struct opt_tool tool = { "s3ls", "s3ls [OPTION...] [PREFIX]",
		"Lists a folder of S3, or checks that its backups are fresh.",
		opts, 0, 1, false };
	struct opt_result args;
	struct err e = ERR_INIT;
	int rc;

	os_start();
	log_start("s3ls");
	fill_options(opts, &choice);
	s3opt_append(opts, &s3);
	if (opt_parse(&tool, argc, argv, &args, &e) != 0)
		return log_error(&e);
	if (args.done)
		return 0;
	os_catch_stop();	/* a credential_process must not outlive us */
	rc = check_choice(&choice, &e);
	if (rc == 0)
		rc = find_place(&choice.list.where, &args, &e);
	if (rc == 0)
		rc = list(&s3, &choice.list, &e);
	uri_free(&choice.list.where);
	return rc != 0 ? log_error(&e) : 0;
}
