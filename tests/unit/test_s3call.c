/*
 * Calls of lib/s3 from the command line, for scenarios; as a unit test it has
 * nothing to do.
 *
 *   head BUCKET KEY                 size, ETag, upload id, or "missing"
 *   put BUCKET KEY FILE [ID [new]]  "ok ETAG" or "exists"; new: If-None-Match
 *   get BUCKET KEY OFFSET SIZE [ETAG]   the bytes, or "missing"
 *   multipart BUCKET KEY FILE ID [new]  in parts of 5 MiB; aborted on failure
 *   list BUCKET PREFIX [DELIMITER]  "SIZE KEY" or "- PREFIX" lines, escaped
 *   uploads BUCKET PREFIX           "ID KEY" lines
 *   abort BUCKET KEY ID
 *   delete BUCKET KEY...            "KEY: WHY" of those that failed
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "mem.h"
#include "num.h"
#include "os.h"
#include "s3.h"

#define PART_BYTES (5u << 20)

static void
print_line(const char *first, const char *text)
{
	char escaped[8192];

	err_escape(escaped, sizeof(escaped), text, strlen(text));
	(void)printf("%s %s\n", first, escaped);
}

static int
open_body(const char *path, struct s3_body *body, struct err *e)
{
	struct os_stat st;

	memset(body, 0, sizeof(*body));
	if ((body->fd = os_open_read(path, e)) < 0 ||
	    os_fstat(body->fd, &st, e) != 0)
		return -1;
	body->size = st.size;
	return 0;
}

static int
do_head(struct s3 *s3, char **a, int n, struct err *e)
{
	struct s3_name name = { a[0], a[1] };
	struct s3_info info;
	int rc = s3_head(s3, &name, &info, e);

	(void)n;
	if (rc == S3_OK)
		(void)printf("%" PRIu64 " %s %s\n", info.size, info.etag,
		    info.upload_id);
	else if (rc == S3_MISSING)
		(void)puts("missing");
	return rc < 0 ? -1 : 0;
}

static int
show(int rc, const struct s3_info *info)
{
	if (rc == S3_OK)
		(void)printf("ok %s\n", info->etag);
	else if (rc == S3_EXISTS)
		(void)puts("exists");
	return rc < 0 ? -1 : 0;
}

static int
do_put(struct s3 *s3, char **a, int n, struct err *e)
{
	struct s3_name name = { a[0], a[1] };
	struct s3_meta meta = { .upload_id = n > 3 ? a[3] : NULL,
		.if_none_match = n > 4 };
	struct s3_info info;
	struct s3_body body;

	if (open_body(a[2], &body, e) != 0)
		return -1;
	return show(s3_put(s3, &name, &body, &meta, &info, e), &info);
}

static int
do_get(struct s3 *s3, char **a, int n, struct err *e)
{
	struct s3_name name = { a[0], a[1] };
	uint64_t offset = 0, size = 0;
	struct s3_info info;
	char *out;
	int rc;

	if (num_parse_u64(a[2], &offset) != 0 ||
	    num_parse_u64(a[3], &size) != 0 ||
	    (out = mem_new((size_t)size, 1, e)) == NULL)
		return err_set(e, ERR_USAGE, "bad numbers");
	rc = s3_get_range(s3, &name, &(struct s3_range){ n > 4 ? a[4] : NULL,
	    offset, (size_t)size, out }, &info, e);
	if (rc == S3_OK)
		(void)fwrite(out, 1, (size_t)size, stdout);
	else if (rc == S3_MISSING)
		(void)puts("missing");
	free(out);
	return rc < 0 ? -1 : 0;
}

static int
put_parts(struct s3 *s3, const struct s3_multipart *mp,
	const struct s3_body *file, char (*etags)[128], unsigned count,
	struct err *e)
{
	struct s3_body part = *file;
	unsigned i;

	for (i = 0; i < count; i++) {
		part.offset = (uint64_t)i * PART_BYTES;
		part.size = file->size - part.offset < PART_BYTES ?
		    file->size - part.offset : PART_BYTES;
		if (s3_put_part(s3, mp, i + 1, &part, etags[i], e) != 0)
			return -1;
	}
	return 0;
}

static int
do_multipart(struct s3 *s3, char **a, int n, struct err *e)
{
	struct s3_name name = { a[0], a[1] };
	struct s3_meta meta = { .upload_id = a[3], .if_none_match = n > 4 };
	struct err dropped = ERR_INIT;
	struct s3_multipart *mp;
	struct s3_info info;
	struct s3_body file;
	char etags[100][128];
	unsigned count;
	int rc;

	if (open_body(a[2], &file, e) != 0)
		return -1;
	count = (unsigned)((file.size + PART_BYTES - 1) / PART_BYTES);
	if (count > 100 ||
	    (mp = s3_create_multipart(s3, &name, &meta, e)) == NULL)
		return -1;
	rc = put_parts(s3, mp, &file, etags, count, e);
	if (rc == 0)
		rc = s3_complete_multipart(s3, mp, &(struct s3_parts){ &meta,
		    (const char (*)[128])etags, count, NULL }, &info, e);
	if (rc != S3_OK && s3_abort_multipart(s3, mp, &dropped) != 0)
		(void)log_error(&dropped);
	s3_multipart_free(mp);
	return show(rc, &info);
}

static int
print_object(const struct s3_listed *item, void *ctx, struct err *e)
{
	char size[32];

	(void)ctx;
	(void)e;
	(void)snprintf(size, sizeof(size), "%" PRIu64, item->size);
	print_line(item->is_prefix ? "-" : size, item->key);
	return 0;
}

static int
do_list(struct s3 *s3, char **a, int n, struct err *e)
{
	struct s3_list list = { a[0], a[1], n > 2 ? a[2] : NULL };
	int64_t date = 0;
	int rc = s3_list_objects(s3, &list, print_object, NULL, &date, e);

	if (rc == 0 && llabs((long long)(date - os_now())) > 5)
		(void)printf("# date is off by %lld s\n",
		    (long long)(date - os_now()));
	return rc;
}

static int
print_upload(const struct s3_listed_upload *item, void *ctx, struct err *e)
{
	(void)ctx;
	(void)e;
	print_line(item->upload_id, item->key);
	return 0;
}

static int
do_uploads(struct s3 *s3, char **a, int n, struct err *e)
{
	struct s3_list list = { a[0], a[1], NULL };

	(void)n;
	return s3_list_uploads(s3, &list, print_upload, NULL, e);
}

static int
do_abort(struct s3 *s3, char **a, int n, struct err *e)
{
	struct s3_name name = { a[0], a[1] };

	(void)n;
	return s3_abort_listed(s3, &name, a[2], e);
}

static void
print_failed(size_t i, const char *why, void *ctx)
{
	char **keys = ctx;

	print_line(keys[i], why);
}

static int
do_delete(struct s3 *s3, char **a, int n, struct err *e)
{
	return s3_delete(s3, &(struct s3_doomed){ .bucket = a[0],
	    .keys = (const char *const *)(a + 1), .count = (size_t)n - 1,
	    .failed = print_failed, .ctx = a + 1 }, e);
}

static const struct {
	const char *name;
	int min;
	int (*run)(struct s3 *s3, char **a, int n, struct err *e);
} commands[] = {
	{ "head", 2, do_head },
	{ "put", 3, do_put },
	{ "get", 4, do_get },
	{ "multipart", 4, do_multipart },
	{ "list", 2, do_list },
	{ "uploads", 2, do_uploads },
	{ "abort", 3, do_abort },
	{ "delete", 2, do_delete },
};

int
main(int argc, char **argv)
{
	struct s3_options options = { 0 };
	struct err e = ERR_INIT;
	struct s3 *s3;
	uint64_t stall;
	size_t i;
	int rc = -1;

	if (argc < 2) {
		(void)puts("1..0 # SKIP scenarios use it");
		return 0;
	}
	os_start();
	log_start("s3call");
	os_catch_stop();
	if (getenv("STALL_SECONDS") != NULL &&
	    num_parse_u64(getenv("STALL_SECONDS"), &stall) == 0)
		options.stall_seconds = (unsigned)stall;
	if ((s3 = s3_open(&options, &e)) == NULL)
		return log_error(&e);
	err_set(&e, ERR_USAGE, "no such command");
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(argv[1], commands[i].name) == 0 &&
		    argc - 2 >= commands[i].min)
			rc = commands[i].run(s3, argv + 2, argc - 2, &e);
	s3_close(s3);
	return rc != 0 ? log_error(&e) : 0;
}
