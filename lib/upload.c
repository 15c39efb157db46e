/*
 * From the first byte to the one request that makes them an object, and the
 * way back whenever that request is not to be made.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "os.h"
#include "upload_private.h"

/* -- beginning ----------------------------------------------------------- */

static int
exists_already(const struct upload *up, struct err *e)
{
	err_set(e, ERR_VERDICT, "cannot store 's3://%s/%s': it exists already",
	    up->options.name.bucket, up->options.name.key);
	return err_hint(e, "choose another key, or replace it by --force");
}

static int
check_absent(struct upload *up, struct err *e)
{
	struct s3_info info;
	int rc;

	if (up->options.force)
		return 0;
	rc = s3_head(up->s3, &up->options.name, &info, e);
	/* who may only write depends on If-None-Match alone */
	if (rc == S3_MISSING || rc == S3_DENIED)
		return 0;
	return rc == S3_OK ? exists_already(up, e) : -1;
}

static int
make_id(struct upload *up, struct err *e)
{
	uint8_t random[UPLOAD_ID_BYTES];

	if (os_random(random, sizeof(random), e) != 0)
		return -1;
	hash_hex(up->id, random, sizeof(random));
	up->meta.upload_id = up->id;
	up->meta.storage = up->options.storage;
	up->meta.if_none_match = !up->options.force;
	return 0;
}

/* calloc() of this size takes fresh pages, which cost nothing until used. */
static int
get_memory(struct upload *up, struct err *e)
{
	up->region = mem_new(UPLOAD_MEMORY, 1, e);
	up->etags = mem_new(PARTSIZE_COUNT_MAX, sizeof(*up->etags), e);
	return up->region != NULL && up->etags != NULL ? 0 : -1;
}

struct upload *
upload_begin(struct s3 *s3, const struct upload_options *options,
	struct err *e)
{
	struct upload *up = mem_new(1, sizeof(*up), e);
	size_t i;

	if (up == NULL)
		return NULL;
	up->s3 = s3;
	up->options = *options;
	up->checksum = s3_checksum(s3);
	if (up->options.jobs < 1)
		up->options.jobs = 1;
	if (up->options.jobs > UPLOAD_JOBS_MAX)
		up->options.jobs = UPLOAD_JOBS_MAX;
	atomic_init(&up->failed, false);
	for (i = 0; i < UPLOAD_SLOTS_MAX; i++)
		up->slots[i].temp_fd = -1;
	if (partsize_plan(&up->plan, &options->parts, e) == 0 &&
	    make_id(up, e) == 0 && get_memory(up, e) == 0 &&
	    check_absent(up, e) == 0)
		return up;
	upload_free(up);
	return NULL;
}

/* -- pushing ------------------------------------------------------------- */

/* 0, or -1 and the error of the first part that failed. */
static int
check_parts(struct upload *up, struct err *e)
{
	if (!atomic_load(&up->failed))
		return 0;
	upload_collect_all(up);
	*e = up->error;
	return -1;
}

void *
upload_space(struct upload *up, size_t *size, struct err *e)
{
	struct part *p = up->filling;
	uint64_t left;

	if (os_check_stop(e) != 0 || check_parts(up, e) != 0)
		return NULL;
	if (p != NULL && p->filled == p->size &&
	    upload_submit_part(up, e) != 0)
		return NULL;
	/* what fills all parts is no error until more comes */
	if (up->filling == NULL && upload_is_full(up)) {
		*size = sizeof(up->beyond);
		return up->beyond;
	}
	if (up->filling == NULL && (upload_begin_part(up, e) != 0 ||
	    check_parts(up, e) != 0))
		return NULL;
	p = up->filling;
	left = p->size - p->filled;
	if (!p->in_memory) {
		*size = left < UPLOAD_WINDOW ? (size_t)left : UPLOAD_WINDOW;
		return p->data;
	}
	*size = (size_t)left;
	return p->data + p->filled;
}

int
upload_advance(struct upload *up, size_t n, struct err *e)
{
	return upload_fill_part(up, n, e);
}

int
upload_write(struct upload *up, const void *data, size_t len, struct err *e)
{
	const char *from = data;
	size_t size;
	void *to;

	while (len > 0) {
		if ((to = upload_space(up, &size, e)) == NULL)
			return -1;
		if (size > len)
			size = len;
		memcpy(to, from, size);
		if (upload_advance(up, size, e) != 0)
			return -1;
		from += size;
		len -= size;
	}
	return 0;
}

/* -- ending -------------------------------------------------------------- */

int
upload_finish(struct upload *up, struct err *e)
{
	if (up->mp != NULL && up->filling != NULL && up->filling->filled > 0 &&
	    upload_submit_part(up, e) != 0)
		return -1;
	upload_collect_all(up);
	if (check_parts(up, e) != 0)
		return -1;
	up->finished = true;
	return 0;
}

/* Everything is in the one part, or there is nothing. */
static int
put_small(struct upload *up, struct s3_info *info, struct err *e)
{
	static const struct s3_body empty = { .data = "", .fd = -1 };

	if (up->filling == NULL)
		return s3_put(up->s3, &up->options.name, &empty, &up->meta,
		    info, e);
	if (upload_set_body(up->filling, e) != 0)
		return -1;
	return s3_put(up->s3, &up->options.name, &up->filling->body, &up->meta,
	    info, e);
}

int
upload_commit(struct upload *up, struct upload_receipt *receipt,
	struct err *e)
{
	const struct s3_parts parts = { &up->meta,
		(const char (*)[128])up->etags, up->collected,
		up->checksum != HASH_MD5 ? up->digest : NULL };
	struct s3_info info;
	int rc;

	memset(&info, 0, sizeof(info));
	if (!up->finished || up->ended)
		return err_set(e, ERR_LOCAL, "commit of an unfinished upload");
	if (os_check_stop(e) != 0)
		return -1;
	rc = up->mp == NULL ? put_small(up, &info, e) :
	    s3_complete_multipart(up->s3, up->mp, &parts, &info, e);
	if (rc == S3_EXISTS)
		return exists_already(up, e);
	if (rc != S3_OK)
		return -1;
	up->ended = true;
	receipt->bytes = up->bytes;
	memcpy(receipt->etag, info.etag, sizeof(info.etag));
	memcpy(receipt->version, info.version, sizeof(info.version));
	return s3_check_lock(up->s3, &up->options.name,
	    &up->options.storage, e);
}

int
upload_abort(struct upload *up, struct err *e)
{
	if (up->ended)
		return 0;
	up->ended = true;
	atomic_store(&up->failed, true);
	upload_collect_all(up);
	if (up->mp == NULL || s3_abort_multipart(up->s3, up->mp, e) == 0)
		return 0;
	err_context(e, "upload '%s' is left on the server",
	    s3_multipart_id(up->mp));
	return err_hint(e, "s3prune clears it in a week");
}

void
upload_free(struct upload *up)
{
	struct err ignored = ERR_INIT;
	size_t i;

	if (up == NULL)
		return;
	(void)upload_abort(up, &ignored);
	thr_pipe_free(up->pipe);
	for (i = 0; i < UPLOAD_SLOTS_MAX; i++) {
		hash_free(up->slots[i].hash);
		(void)os_close(up->slots[i].temp_fd, &ignored);
	}
	s3_multipart_free(up->mp);
	free(up->region);
	free(up->etags);
	free(up);
}
