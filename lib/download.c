/*
 * One connection seldom fills a line to S3; several do, if their ranges are
 * put in order again. A range that breaks is fetched again by s3, alone.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "download.h"
#include "mem.h"
#include "os.h"
#include "thr.h"

struct range {
	struct download *d;
	uint64_t offset;
	size_t size;
	char *data;
	int rc;
	struct err e;
};

struct download {
	struct s3 *s3;
	struct s3_name name;
	struct s3_info info;
	struct thr_pipe *pipe;
	char *region;		/* slot_count × DOWNLOAD_RANGE */
	struct range slots[DOWNLOAD_JOBS_MAX + 1];
	unsigned slot_count;
	uint64_t asked;		/* bytes whose ranges are on their way or done */
	uint64_t begun, released;	/* ranges so far */
	bool shown;		/* the caller looks at the oldest one */
	atomic_bool failed;	/* ranges not begun need not be fetched */
};

/* On a thread of the pipe. */
static void
fetch(void *job, unsigned worker)
{
	struct range *r = job;
	struct download *d = r->d;

	(void)worker;
	r->rc = -1;
	if (atomic_load(&d->failed))
		return;
	r->rc = s3_get_range(d->s3, &d->name, &(struct s3_range){
	    d->info.etag, r->offset, r->size, r->data }, NULL, &r->e);
	if (r->rc != S3_OK)
		atomic_store(&d->failed, true);
}

static int
missing(const struct s3_name *name, struct err *e)
{
	err_set(e, ERR_REMOTE, "cannot fetch 's3://%s/%s': there is no such "
	    "object", name->bucket, name->key);
	return err_hint(e, "see what is there: s3ls s3://%s", name->bucket);
}

static int
archived(const struct download *d, struct err *e)
{
	err_set(e, ERR_REMOTE, "cannot fetch 's3://%s/%s': it is archived "
	    "(%s)", d->name.bucket, d->name.key, d->info.storage_class);
	if (d->info.restoring)
		return err_hint(e, "it is being restored, which takes hours: "
		    "try again later");
	return err_hint(e, "have it restored for a week, and fetch it some "
	    "hours later: s3get --restore 7 s3://%s/%s", d->name.bucket,
	    d->name.key);
}

static int
start(struct download *d, unsigned jobs, struct err *e)
{
	uint64_t ranges = (d->info.size + DOWNLOAD_RANGE - 1) / DOWNLOAD_RANGE;

	if (!d->info.has_size)
		return err_set(e, ERR_REMOTE, "cannot fetch 's3://%s/%s': the "
		    "server does not say how long it is", d->name.bucket,
		    d->name.key);
	/* one is looked at by the caller, the others are on their way */
	d->slot_count = (jobs < DOWNLOAD_JOBS_MAX ? jobs :
	    DOWNLOAD_JOBS_MAX) + 1;
	if (d->slot_count > ranges + 1)
		d->slot_count = (unsigned)ranges + 1;
	d->region = mem_new(d->slot_count, DOWNLOAD_RANGE, e);
	if (d->region == NULL)
		return -1;
	if (ranges == 0)
		return 0;
	d->pipe = thr_pipe_new(d->slot_count - 1, d->slot_count, fetch, e);
	return d->pipe != NULL ? 0 : -1;
}

struct download *
download_begin(struct s3 *s3, const struct s3_name *name, unsigned jobs,
	struct err *e)
{
	struct download *d = mem_new(1, sizeof(*d), e);
	int rc;

	if (d == NULL)
		return NULL;
	d->s3 = s3;
	d->name = *name;
	atomic_init(&d->failed, false);
	rc = s3_head(s3, name, &d->info, e);
	if (rc == S3_MISSING)
		rc = missing(name, e);
	if (rc == S3_OK)
		rc = start(d, jobs, e);
	if (rc == 0)
		return d;
	download_free(d);
	return NULL;
}

const struct s3_info *
download_info(const struct download *d)
{
	return &d->info;
}

/* Send for as many ranges as there are slots. */
static void
ask_ahead(struct download *d)
{
	uint64_t left;
	struct range *r;
	size_t slot;

	while ((left = d->info.size - d->asked) > 0 &&
	    d->begun - d->released < d->slot_count) {
		slot = d->begun++ % d->slot_count;
		r = &d->slots[slot];
		r->d = d;
		r->data = d->region + slot * DOWNLOAD_RANGE;
		r->offset = d->asked;
		r->size = left < DOWNLOAD_RANGE ? (size_t)left :
		    DOWNLOAD_RANGE;
		r->e.kind = ERR_NONE;
		d->asked += r->size;
		thr_pipe_put(d->pipe, r);
	}
}

int
download_next(struct download *d, const void **data, size_t *len,
	struct err *e)
{
	struct range *r;

	if (os_check_stop(e) != 0)
		return -1;
	if (d->shown)
		d->released++;
	d->shown = false;
	ask_ahead(d);
	if (d->pipe == NULL || (r = thr_pipe_take(d->pipe)) == NULL)
		return 0;
	d->shown = true;
	/* one that was given up because a later one failed has no reason */
	while (r->rc == -1 && r->e.kind == ERR_NONE)
		r = thr_pipe_take(d->pipe);
	*data = r->data;
	*len = r->size;
	if (r->rc == S3_OK)
		return 1;
	if (r->rc == S3_MISSING)
		return missing(&d->name, e);
	*e = r->e;
	return r->rc == S3_ARCHIVED ? archived(d, e) : -1;
}

void
download_free(struct download *d)
{
	if (d == NULL)
		return;
	atomic_store(&d->failed, true);
	while (d->pipe != NULL && thr_pipe_take(d->pipe) != NULL)
		;
	thr_pipe_free(d->pipe);
	free(d->region);
	free(d);
}
