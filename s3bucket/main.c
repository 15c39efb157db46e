/*
 * s3bucket: a bucket that is fit for backups.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "creds.h"
#include "log.h"
#include "opt.h"
#include "os.h"
#include "s3opt.h"
#include "wanted.h"

#define STDOUT 1

struct cli {
	struct wanted wanted;
	bool write_only;
	struct s3_options s3;
	struct opt_result rest;
};

static int
parse(struct cli *cli, int argc, char **argv, struct err *e)
{
	struct opt opts[WANTED_OPT_COUNT + 1 + S3OPT_COUNT + 1] = { 0 };
	const struct opt own = { 0, "write-only", NULL, OPT_FLAG,
		&cli->write_only, "policy: for a host that may only store" };
	const struct opt_tool tool = {
		"s3bucket",
		"s3bucket check|create|apply|policy [OPTION...] [PLACE]\n"
		"       s3bucket whoami [OPTION...]",
		"Makes a bucket fit for backups, and says what it lacks. PLACE "
		"is s3://BUCKET/PREFIX, or S3_BUCKET.",
		opts, 1, 2, false
	};

	wanted_append_options(opts, &cli->wanted);
	opts[WANTED_OPT_COUNT] = own;
	s3opt_append(opts, &cli->s3);
	return opt_parse(&tool, argc, argv, &cli->rest, e);
}

/* -- the commands -------------------------------------------------------- */

static int
check(struct s3 *s3, const struct cli *cli, struct err *e)
{
	return bucket_check(s3, &cli->wanted, e);
}

static int
create(struct s3 *s3, const struct cli *cli, struct err *e)
{
	if (wanted_check_retention(&cli->wanted, e) != 0 ||
	    bucket_create(s3, &cli->wanted, e) != 0)
		return -1;
	return bucket_apply(s3, &cli->wanted, e);
}

static int
apply(struct s3 *s3, const struct cli *cli, struct err *e)
{
	return bucket_apply(s3, &cli->wanted, e);
}

static int
policy(struct s3 *s3, const struct cli *cli, struct err *e)
{
	const char *region = cli->s3.region != NULL ? cli->s3.region :
	    getenv("AWS_REGION");

	(void)s3;
	return bucket_print_policy(&cli->wanted, region != NULL ? region : "",
	    cli->write_only, e);
}

static int
whoami(struct s3 *s3, const struct cli *cli, struct err *e)
{
	struct creds_identity id;
	struct buf out = BUF_INIT(4096);
	int rc;

	(void)cli;
	if (s3_whoami(s3, &id, e) != 0)
		return -1;
	buf_printf(&out, "account\t%s\narn\t%s\nuser\t%s\nfrom\t%s\n",
	    id.account, id.arn, id.user_id, id.origin);
	rc = buf_check(&out, "the identity", e);
	if (rc == 0)
		rc = os_write(STDOUT, out.data, out.len, e);
	buf_free(&out);
	return rc;
}

static const struct command {
	const char *name;
	bool needs_s3, needs_place;
	int (*run)(struct s3 *s3, const struct cli *cli, struct err *e);
} commands[] = {
	{ "check", true, true, check },
	{ "create", true, true, create },
	{ "apply", true, true, apply },
	{ "policy", false, true, policy },
	{ "whoami", true, false, whoami },
};

static const struct command *
find_command(const char *name, struct err *e)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	err_set(e, ERR_USAGE, "'%s' is none of check, create, apply, policy, "
	    "whoami", name);
	err_hint(e, "see 's3bucket --help'");
	return NULL;
}

static int
run(struct cli *cli, struct err *e)
{
	const struct command *c = find_command(cli->rest.args[0], e);
	const char *place = cli->rest.nargs > 1 ? cli->rest.args[1] : NULL;
	struct s3 *s3 = NULL;
	int rc = -1;

	if (c == NULL)
		return -1;
	if (!c->needs_place && place != NULL)
		return err_set(e, ERR_USAGE, "unexpected argument '%s'",
		    place);
	os_catch_stop();
	if (c->needs_place && wanted_settle(&cli->wanted, place, e) != 0)
		return -1;
	if (!c->needs_s3 || (s3 = s3_open(&cli->s3, e)) != NULL)
		rc = c->run(s3, cli, e);
	s3_close(s3);
	return rc;
}

int
main(int argc, char **argv)
{
	struct cli cli = { .wanted = WANTED_INIT };
	struct err e = ERR_INIT;
	int rc;

	os_start();
	log_start("s3bucket");
	rc = parse(&cli, argc, argv, &e);
	if (rc == 0 && !cli.rest.done)
		rc = run(&cli, &e);
	wanted_free(&cli.wanted);
	return rc != 0 ? log_error(&e) : 0;
}
