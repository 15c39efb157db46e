/*
 * s3get: an object out of S3, to standard output or into a file that appears
 * only when all of it is there.
 */
#include <stdlib.h>
#include <string.h>

#include "atomfile.h"
#include "download.h"
#include "hash.h"
#include "log.h"
#include "opt.h"
#include "os.h"
#include "progress.h"
#include "receipt.h"
#include "s3opt.h"
#include "seal.h"
#include "uri.h"

#define RESTORE_DAYS_MAX 365

struct cli {
	const char *output;	/* NULL: standard output */
	const char *receipt;	/* NULL: none */
	uint64_t jobs;
	uint64_t restore_days;	/* 0: fetch it */
	struct s3_options s3;
	struct opt_result rest;
};

static int
parse(struct cli *cli, int argc, char **argv, struct err *e)
{
	struct opt opts[4 + S3OPT_COUNT + 1] = {
		{ 'o', "output", "FILE", OPT_TEXT, &cli->output,
		    "write FILE, which appears only when it is whole" },
		{ 0, "receipt", "FILE", OPT_TEXT, &cli->receipt,
		    "write a line into FILE in the end: URI, bytes,\n"
		    "ETag, version, SHA-256" },
		{ 'j', "jobs", "N", OPT_COUNT, &cli->jobs,
		    "ranges on their way at a time (4)" },
		{ 0, "restore", "DAYS", OPT_COUNT, &cli->restore_days,
		    "fetch nothing; have an archived object made\n"
		    "readable for so many days, in some hours" },
	};
	const struct opt_tool tool = {
		"s3get", "s3get [OPTION...] KEY",
		"Fetch an object from S3. KEY is s3://BUCKET/KEY, or below "
		"S3_BUCKET.",
		opts, 1, 1, false
	};

	s3opt_append(opts, &cli->s3);
	if (opt_parse(&tool, argc, argv, &cli->rest, e) != 0)
		return -1;
	if (cli->jobs == 0)
		return err_set(e, ERR_USAGE, "--jobs: at least 1");
	if (cli->restore_days > RESTORE_DAYS_MAX)
		return err_set(e, ERR_USAGE, "--restore: at most %d days",
		    RESTORE_DAYS_MAX);
	if (cli->restore_days != 0 && (cli->output != NULL ||
	    cli->receipt != NULL))
		return err_set(e, ERR_USAGE, "--restore fetches nothing");
	if (cli->output != NULL && strcmp(cli->output, "-") == 0)
		cli->output = NULL;
	return 0;
}

/* Pass on all bytes, the watch looking at them. */
static int
copy(struct download *d, int fd, struct seal_watch *watch, struct err *e)
{
	struct progress progress;
	uint64_t done = 0;
	const void *data;
	size_t len;
	int rc;

	progress_start(&progress, download_info(d)->size);
	while ((rc = download_next(d, &data, &len, e)) == 1) {
		if (seal_watch_update(watch, data, len, e) != 0)
			return -1;
		if (os_write(fd, data, len, e) != 0)
			return err_context(e, "output");
		done += len;
		progress_show(&progress, done, NULL);
	}
	log_progress_end();
	return rc;
}

static int
close_output(struct err *e)
{
	return os_close(1, e) == 0 ? 0 : err_context(e, "output");
}

/* What begins like a sealed stream must be one; the rest is not ours. */
static int
judge(struct seal_watch *watch, const char *key,
	uint8_t sha256[HASH_SHA256_SIZE], struct err *e)
{
	enum seal_state state;

	if (seal_watch_final(watch, &state, NULL, sha256, e) != 0)
		return -1;
	if (state != SEAL_BROKEN)
		return 0;
	err_set(e, ERR_VERDICT, "'%s' is damaged or cut: its seal does not "
	    "hold", key);
	return err_hint(e, "do not restore it; fetch another backup");
}

static int
write_receipt(const char *path, const struct receipt *r, struct err *e)
{
	struct buf line = BUF_INIT(RECEIPT_MAX);
	struct atomfile *file = NULL;
	int rc = -1;

	if (receipt_put(&line, r, e) == 0 &&
	    (file = atomfile_begin(path, e)) != NULL &&
	    os_write(atomfile_fd(file), line.data, line.len, e) == 0)
		rc = atomfile_commit(file, e);
	atomfile_free(file);
	buf_free(&line);
	return rc;
}

static int
fetch(const struct cli *cli, struct s3 *s3, const struct uri *where,
	struct err *e)
{
	struct s3_name name = { where->bucket, where->key };
	struct seal_watch *watch = NULL;
	struct atomfile *file = NULL;
	struct download *d = NULL;
	uint8_t sha256[HASH_SHA256_SIZE];
	const struct s3_info *info;
	int rc = -1;

	if ((watch = seal_watch_new(e)) == NULL ||
	    (d = download_begin(s3, &name, cli->jobs > DOWNLOAD_JOBS_MAX ?
	    DOWNLOAD_JOBS_MAX : (unsigned)cli->jobs, e)) == NULL ||
	    (cli->output != NULL &&
	    (file = atomfile_begin(cli->output, e)) == NULL))
		goto out;
	if (copy(d, file != NULL ? atomfile_fd(file) : 1, watch, e) != 0 ||
	    judge(watch, cli->rest.args[0], sha256, e) != 0)
		goto out;
	rc = file != NULL ? atomfile_commit(file, e) : close_output(e);
	info = download_info(d);
	if (rc == 0 && cli->receipt != NULL)
		rc = write_receipt(cli->receipt, &(struct receipt){ where,
		    info->size, info->etag, info->version, sha256 }, e);
out:
	log_progress_end();
	atomfile_free(file);
	download_free(d);
	seal_watch_free(watch);
	return rc;
}

static int
restore(const struct cli *cli, struct s3 *s3, const struct uri *where,
	struct err *e)
{
	const struct s3_name name = { where->bucket, where->key };
	int rc = s3_restore(s3, &name, (unsigned)cli->restore_days, e);

	if (rc == S3_MISSING)
		return err_set(e, ERR_REMOTE, "cannot restore 's3://%s/%s': "
		    "there is no such object", where->bucket, where->key);
	return rc == S3_OK || rc == S3_EXISTS ? 0 : -1;
}

static int
run(const struct cli *cli, struct err *e)
{
	struct uri where = { NULL, NULL };
	struct s3 *s3 = NULL;
	int rc = -1;

	/* standard output is written in large steps: not caught there */
	if (cli->output != NULL)
		os_catch_stop();
	if (uri_resolve(&where, cli->rest.args[0], getenv("S3_BUCKET"), e) != 0)
		return -1;
	/* without a key the server would tell of the bucket */
	if (where.key[0] == '\0')
		err_set(e, ERR_USAGE, "'%s' names no object",
		    cli->rest.args[0]);
	else if ((s3 = s3_open(&cli->s3, e)) != NULL)
		rc = cli->restore_days != 0 ? restore(cli, s3, &where, e) :
		    fetch(cli, s3, &where, e);
	s3_close(s3);
	uri_free(&where);
	return rc;
}

int
main(int argc, char **argv)
{
	struct cli cli = { .jobs = DOWNLOAD_JOBS };
	struct err e = ERR_INIT;

	os_start();
	log_start("s3get");
	if (parse(&cli, argc, argv, &e) != 0)
		return log_error(&e);
	if (cli.rest.done)
		return 0;
	return run(&cli, &e) != 0 ? log_error(&e) : 0;
}
