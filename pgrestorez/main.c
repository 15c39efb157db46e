/*
 * pgrestorez: a backup of pgdumpz into a database, in parallel.
 */
#include <string.h>

#include "log.h"
#include "opt.h"
#include "options.h"
#include "os.h"
#include "pgopt.h"
#include "restore.h"

#define JOBS_MAX 256
#define OPTIONS_MAX 32

static int
parse(struct options *o, int argc, char **argv, bool *done, struct err *e)
{
	struct opt opts[OPTIONS_MAX] = {
		{ 'j', "jobs", "N", OPT_COUNT, &o->jobs,
		    "connections that load (processors and one)" },
		{ 0, "force", NULL, OPT_FLAG, &o->force,
		    "into a database that exists" },
		{ 0, "scratch", NULL, OPT_FLAG, &o->scratch,
		    "drop it again, instead of giving it a name" },
		{ 0, "verify", NULL, OPT_FLAG, &o->verify,
		    "compare all rows with the backup's digests" },
		{ 0, "verify-only", NULL, OPT_FLAG, &o->verify_only,
		    "compare a database that exists, change nothing" },
		{ 0, "json", NULL, OPT_FLAG, &o->json,
		    "print the result of --verify as JSON" },
		{ 'O', "no-owner", NULL, OPT_FLAG, &o->no_owner,
		    "whoever restores will own everything" },
		{ 'x', "no-acl", NULL, OPT_FLAG, &o->no_acl,
		    "no GRANT, no REVOKE" },
		{ 0, "role", "ROLE", OPT_TEXT, &o->role,
		    "SET ROLE first; it will own the database" },
		{ 0, "pg-bin", "DIR", OPT_TEXT, &o->bin_dir,
		    "where psql and pg_restore are" },
		{ 'v', "verbose", NULL, OPT_FLAG, &o->verbose,
		    "say what is being done" },
	};
	const struct opt_tool tool = {
		.name = "pgrestorez",
		.usage = "pgrestorez [OPTION]... -d DB <BACKUP",
		.purpose = "Restore a backup of pgdumpz into a new database, "
		    "which gets its name\nwhen all of it is there.",
		.opts = opts,
	};
	struct opt_result result;

	pgopt_append(opts, &o->login);
	if (opt_parse(&tool, argc, argv, &result, e) != 0)
		return -1;
	*done = result.done;
	return 0;
}

static int
check(const struct options *o, struct err *e)
{
	if (o->jobs < 1 || o->jobs > JOBS_MAX)
		return err_set(e, ERR_USAGE, "--jobs must be 1 to %d",
		    JOBS_MAX);
	if (o->json && !o->verify && !o->verify_only)
		return err_set(e, ERR_USAGE, "--json needs --verify or "
		    "--verify-only");
	if (o->verify_only && (o->force || o->verify || o->scratch))
		return err_set(e, ERR_USAGE, "--verify-only takes neither "
		    "--force nor --scratch nor --verify");
	if (o->scratch && o->force)
		return err_set(e, ERR_USAGE, "--scratch and --force exclude "
		    "each other");
	if (os_is_terminal(0)) {
		(void)err_set(e, ERR_USAGE, "nothing to restore: standard "
		    "input is a terminal");
		return err_hint(e, "pipe a backup into it: s3get KEY | "
		    "pgrestorez -d DB");
	}
	return 0;
}

/*
 * While a connection's text is decompressed its process in the server has
 * nothing to do, and the other way round: one more keeps all cores busy.
 */
static uint64_t
default_jobs(void)
{
	uint64_t n = os_cpu_count() + 1;

	return n < JOBS_MAX ? n : JOBS_MAX;
}

int
main(int argc, char **argv)
{
	struct options o = { .jobs = default_jobs(),
		.login.tool = "pgrestorez" };
	struct err e = ERR_INIT;
	bool done = false;

	os_start();
	log_start("pgrestorez");
	if (parse(&o, argc, argv, &done, &e) != 0 ||
	    (!done && check(&o, &e) != 0))
		return log_error(&e);
	if (done)
		return 0;
	os_catch_stop();
	return restore_run(&o, &e) == 0 ? 0 : log_error(&e);
}
