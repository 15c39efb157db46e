/*
 * The options of s3put, in the order of its man page.
 */
#include <string.h>

#include "cli.h"
#include "s3opt.h"
#include "throttle.h"
#include "upload.h"

#define OPTIONS 13

static void
fill_options(struct opt *opts, struct cli *cli)
{
	const struct opt own[OPTIONS] = {
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
		{ 0, "if-none-match", NULL, OPT_FLAG, &cli->if_none_match,
		    "never replace one: the default" },
		{ 0, "check", NULL, OPT_FLAG, &cli->check,
		    "store nothing; exit 0 if KEY could be stored" },
		{ 'j', "jobs", "N", OPT_COUNT, &cli->jobs,
		    "parts on their way at a time (4)" },
		{ 0, "limit-rate", "SIZE", OPT_SIZE,
		    &cli->s3.bytes_per_second,
		    "send at most so many bytes a second" },
		{ 0, "part-size", "SIZE", OPT_SIZE, &cli->parts.part_bytes,
		    "size of every part (8M, growing)" },
		{ 0, "max-parts", "N", OPT_COUNT, &cli->parts.max_parts,
		    "parts that the store allows (10000)" },
		{ 0, "expected-size", "SIZE", OPT_SIZE,
		    &cli->parts.expected_bytes,
		    "about how much will come, above 250G" },
		{ 0, "checksum", "NAME", OPT_TEXT, &cli->s3.checksum,
		    "crc64nvme (the default on AWS), crc32c, crc32,\n"
		    "or md5 (elsewhere)" },
	};

	memcpy(opts, own, sizeof(own));
	storage_append_options(opts, &cli->storage);
	s3opt_append(opts, &cli->s3);
}

/* What options and arguments say together. */
static int
check(const struct cli *cli, struct err *e)
{
	size_t nargs = cli->rest.nargs + (cli->name != NULL);
	uint64_t rate = cli->s3.bytes_per_second;

	if (nargs == 0) {
		(void)err_set(e, ERR_USAGE, "no KEY and no --name");
		return err_hint(e, "give one of them; see 's3put --help'");
	}
	if (nargs > 2)
		return err_set(e, ERR_USAGE, "KEY and --name are both given");
	if (nargs == 2 && cli->rest.command != NULL)
		return err_set(e, ERR_USAGE,
		    "FILE and a command are both given");
	if (cli->suffix != NULL && cli->name == NULL)
		return err_set(e, ERR_USAGE, "--suffix needs --name");
	if (cli->check && (nargs == 2 || cli->rest.command != NULL))
		return err_set(e, ERR_USAGE, "--check stores nothing");
	if (cli->force && cli->if_none_match)
		return err_set(e, ERR_USAGE,
		    "--force and --if-none-match are both given");
	if (cli->jobs == 0)
		return err_set(e, ERR_USAGE, "--jobs: at least 1");
	if (rate != 0 && rate < THROTTLE_MIN)
		return err_set(e, ERR_USAGE, "--limit-rate: at least %dK",
		    THROTTLE_MIN / 1024);
	if (cli->storage.sse != NULL && cli->s3.customer_key_file != NULL)
		return err_set(e, ERR_USAGE,
		    "--sse and --sse-c-key-file are both given");
	return 0;
}

int
cli_parse(struct cli *cli, int argc, char **argv, struct err *e)
{
	struct opt opts[OPTIONS + STORAGE_OPT_COUNT + S3OPT_COUNT + 1] =
	    { 0 };
	const struct opt_tool tool = {
		"s3put", "s3put [OPTION...] KEY [FILE]\n"
		"       s3put [OPTION...] --name NAME [FILE]\n"
		"       s3put [OPTION...] KEY|--name NAME -- COMMAND [ARG...]",
		"Store a stream in S3 if it is whole. KEY is s3://BUCKET/KEY, "
		"or below S3_BUCKET.",
		opts, 0, 2, true
	};

	memset(cli, 0, sizeof(*cli));
	cli->jobs = UPLOAD_JOBS;
	fill_options(opts, cli);
	if (opt_parse(&tool, argc, argv, &cli->rest, e) != 0)
		return -1;
	return cli->rest.done ? 0 : check(cli, e);
}

void
cli_free(struct cli *cli)
{
	storage_free_options(&cli->storage);
}

const char *
cli_file(const struct cli *cli)
{
	size_t i = cli->name == NULL;

	return i < cli->rest.nargs ? cli->rest.args[i] : NULL;
}
