/*
 * s3put: a backup into S3, whole or not at all.
 */
#include <stdlib.h>

#include "access.h"
#include "cli.h"
#include "key.h"
#include "log.h"
#include "os.h"
#include "put.h"
#include "receipt.h"
#include "uri.h"

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

/* The object is there by now. */
static int
print_receipt(const struct uri *where, const struct put_receipt *r,
	struct err *e)
{
	const struct receipt receipt = { where, r->upload.bytes,
		r->upload.etag, r->upload.version, r->sha256 };
	struct buf line = BUF_INIT(RECEIPT_MAX);
	int rc = receipt_put(&line, &receipt, e);

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
	os_unset_env("AWS_CONTAINER_AUTHORIZATION_TOKEN");
	os_unset_env("S3_SSE_C_KEY");
}

static int
check_access(const struct cli *cli, const struct uri *where,
	const struct s3_storage *storage, struct err *e)
{
	const struct s3_name name = { where->bucket, where->key };
	struct s3 *s3 = s3_open(&cli->s3, e);
	int rc = -1;

	if (s3 != NULL)
		rc = access_check(s3, &name, storage, e);
	s3_close(s3);
	return rc;
}

static void
set_upload(struct upload_options *up, const struct cli *cli,
	const struct source *source)
{
	up->parts = cli->parts;
	up->jobs = cli->jobs > UPLOAD_JOBS_MAX ? UPLOAD_JOBS_MAX :
	    (unsigned)cli->jobs;
	up->force = cli->force;
	up->source_fd = source->is_named && source->is_file &&
	    cli->filter == NULL ? source->fd : -1;
	if (source->is_file && cli->filter == NULL &&
	    source->before.size > cli->parts.expected_bytes)
		up->parts.expected_bytes = source->before.size;
}

static int
run(const struct cli *cli, const struct s3_storage *storage, struct err *e)
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
		rc = check_access(cli, &where, storage, e);
		goto out;
	}
	if (source_open(&source, cli_file(cli), cli->rest.command, e) != 0)
		goto out;
	p.upload.name = (struct s3_name){ where.bucket, where.key };
	p.upload.storage = *storage;
	set_upload(&p.upload, cli, &source);
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
	struct storage storage = { .asked = { NULL, 0, NULL } };
	struct err e = ERR_INIT;
	struct cli cli;
	int rc;

	os_start();
	log_start("s3put");
	rc = cli_parse(&cli, argc, argv, &e);
	if (rc == 0 && !cli.rest.done) {
		os_catch_stop();
		rc = storage_make(&storage, &cli.storage, os_now(), &e);
		if (rc == 0)
			rc = run(&cli, &storage.asked, &e);
	}
	storage_free(&storage);
	cli_free(&cli);
	return rc != 0 ? log_error(&e) : 0;
}
