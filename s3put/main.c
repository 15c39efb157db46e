/*
 * s3put: a backup into S3, whole or not at all.
 */
#include <stdlib.h>

#include "access.h"
#include "hash.h"
#include "key.h"
#include "log.h"
#include "opt.h"
#include "os.h"
#include "put.h"
#include "s3opt.h"
#include "uri.h"

struct cli {
	const char *name, *suffix;
	const char *filter;
	bool unsealed, force, check;
	struct s3_storage storage;
	uint64_t jobs;
	struct partsize_options parts;
	struct s3_options s3;
	struct opt_result rest;
};

static int
parse(struct cli *cli, int argc, char **argv, struct err *e)
{
	struct opt opts[13 + S3OPT_COUNT + 1] = {
		{ 0, "name", "NAME", OPT_TEXT, &cli->name,
		    "make the key of a database's name and the time:\n"
		    "NAME_YYYYMMDD_HHMMSS.sql.gz below S3_BUCKET" },
		{ 0, "suffix", "EXT", OPT_TEXT, &cli->suffix,
		    "end such a key in .age, .gpg or .enc as well" },
		{ 0, "filter", "CMD", OPT_TEXT, &cli->filter,
		    "store what CMD makes of the stream (encryption)" },
		{ 0, "unsealed", NULL, OPT_FLAG, &cli->unsealed,
		    "trust the producer: store what is not sealed too" },
		{ 0, "force", NULL, OPT_FLAG, &cli->force,
		    "replace an object that exists" },
		{ 'j', "jobs", "N", OPT_COUNT, &cli->jobs,
		    "parts on their way at a time (4)" },
		{ 0, "part-size", "SIZE", OPT_SIZE, &cli->parts.part_bytes,
		    "size of every part (8M, growing)" },
		{ 0, "max-parts", "N", OPT_COUNT, &cli->parts.max_parts,
		    "parts that the store allows (10000)" },
		{ 0, "expected-size", "SIZE", OPT_SIZE,
		    &cli->parts.expected_bytes,
		    "about how much will come, above 250G" },
		{ 0, "storage-class", "CLASS", OPT_TEXT,
		    &cli->storage.storage_class,
		    "such as STANDARD_IA (as the bucket says)" },
		{ 0, "sse", "HOW", OPT_TEXT, &cli->storage.sse,
		    "let the server encrypt: AES256 or aws:kms" },
		{ 0, "sse-kms-key-id", "KEY", OPT_TEXT, &cli->storage.kms_key,
		    "the key for aws:kms" },
		{ 0, "check", NULL, OPT_FLAG, &cli->check,
		    "store nothing; exit 0 if KEY could be stored" },
	};
	const struct opt_tool tool = {
		"s3put", "s3put [OPTION...] KEY [FILE]\n"
		"       s3put [OPTION...] --name NAME [FILE]\n"
		"       s3put [OPTION...] KEY|--name NAME -- COMMAND [ARG...]",
		"Store a stream in S3 if it is whole. KEY is s3://BUCKET/KEY, "
		"or below S3_BUCKET.",
		opts, 0, 2, true
	};

	s3opt_append(opts, &cli->s3);
	return opt_parse(&tool, argc, argv, &cli->rest, e);
}

/* What options and arguments say together. */
static int
check(const struct cli *cli, struct err *e)
{
	size_t nargs = cli->rest.nargs + (cli->name != NULL);

	if (nargs == 0)
		return err_set(e, ERR_USAGE, "no KEY and no --name");
	if (nargs > 2)
		return err_set(e, ERR_USAGE, "KEY and --name are both given");
	if (nargs == 2 && cli->rest.command != NULL)
		return err_set(e, ERR_USAGE,
		    "FILE and a command are both given");
	if (cli->suffix != NULL && cli->name == NULL)
		return err_set(e, ERR_USAGE, "--suffix needs --name");
	if (cli->check && (nargs == 2 || cli->rest.command != NULL))
		return err_set(e, ERR_USAGE, "--check stores nothing");
	if (cli->jobs == 0)
		return err_set(e, ERR_USAGE, "--jobs: at least 1");
	return 0;
}

static const char *
file_of(const struct cli *cli)
{
	size_t i = cli->name == NULL;

	return i < cli->rest.nargs ? cli->rest.args[i] : NULL;
}

static int
locate(const struct cli *cli, struct uri *where, struct err *e)
{
	const char *base = getenv("S3_BUCKET");
	struct buf made = BUF_INIT(S3_KEY_MAX);
	int rc = -1;

	if (cli->name == NULL)
		rc = uri_resolve(where, cli->rest.args[0], base, e);
	else if (key_make(&made, cli->name, os_now(), cli->suffix, e) == 0)
		rc = uri_resolve(where, buf_text(&made), base, e);
	buf_free(&made);
	if (rc != 0)
		return -1;
	return key_check(where->key, cli->filter != NULL, e);
}

/* URI, bytes, ETag, version, SHA-256. The object is there by now. */
static int
print_receipt(const struct uri *where, const struct put_receipt *r,
	struct err *e)
{
	struct buf line = BUF_INIT(4096);
	char sha256[HASH_HEX_MAX];
	int rc;

	uri_print(&line, where->bucket, where->key);
	buf_printf(&line, "\t%llu\t%s\t%s\t%s\n",
	    (unsigned long long)r->upload.bytes, r->upload.etag,
	    r->upload.version[0] != '\0' ? r->upload.version : "-",
	    hash_hex(sha256, r->sha256, sizeof(r->sha256)));
	rc = buf_check(&line, "the receipt", e);
	if (rc == 0 && (rc = os_write(1, line.data, line.len, e)) != 0)
		err_context(e, "'s3://%s/%s' is stored, but its receipt is "
		    "lost", where->bucket, where->key);
	buf_free(&line);
	return rc;
}

/* The command and the filter have no use for them. */
static void
hide_secrets(void)
{
	os_unset_env("AWS_ACCESS_KEY_ID");
	os_unset_env("AWS_SECRET_ACCESS_KEY");
	os_unset_env("AWS_SESSION_TOKEN");
}

static int
check_access(const struct cli *cli, const struct uri *where, struct err *e)
{
	const struct s3_name name = { where->bucket, where->key };
	struct s3 *s3 = s3_open(&cli->s3, e);
	int rc = -1;

	if (s3 != NULL)
		rc = access_check(s3, &name, &cli->storage, e);
	s3_close(s3);
	return rc;
}

static int
run(struct cli *cli, struct err *e)
{
	struct source source = SOURCE_INIT;
	struct uri where = { NULL, NULL };
	struct put_receipt receipt;
	struct s3 *s3 = NULL;
	struct put p = { .source = &source, .filter = cli->filter,
		.unsealed = cli->unsealed };
	int rc = -1;

	if (locate(cli, &where, e) != 0)
		goto out;
	if (cli->check) {
		rc = check_access(cli, &where, e);
		goto out;
	}
	if (source_open(&source, file_of(cli), cli->rest.command, e) != 0)
		goto out;
	p.upload = (struct upload_options){
		.name = { where.bucket, where.key }, .parts = cli->parts,
		.jobs = cli->jobs > UPLOAD_JOBS_MAX ? UPLOAD_JOBS_MAX :
		    (unsigned)cli->jobs,
		.force = cli->force, .storage = cli->storage,
		.source_fd = source.is_named && source.is_file &&
		    cli->filter == NULL ? source.fd : -1
	};
	if (source.is_file && cli->filter == NULL &&
	    source.before.size > cli->parts.expected_bytes)
		p.upload.parts.expected_bytes = source.before.size;
	if ((s3 = s3_open(&cli->s3, e)) == NULL)
		goto out;
	p.s3 = s3;
	hide_secrets();
	if (put_run(&p, &receipt, e) == 0)
		rc = print_receipt(&where, &receipt, e);
out:
	source_close(&source);
	s3_close(s3);
	uri_free(&where);
	return rc;
}

int
main(int argc, char **argv)
{
	struct cli cli = { .jobs = UPLOAD_JOBS };
	struct err e = ERR_INIT;

	os_start();
	log_start("s3put");
	if (parse(&cli, argc, argv, &e) != 0)
		return log_error(&e);
	if (cli.rest.done)
		return 0;
	os_catch_stop();
	if (check(&cli, &e) != 0 || run(&cli, &e) != 0)
		return log_error(&e);
	return 0;
}
