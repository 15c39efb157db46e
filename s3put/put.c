/*
 * The bytes flow from the source, past the watch on their seal, through the
 * filter if there is one, into the upload; which is committed only when all of
 * these are content.
 */
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "log.h"
#include "mem.h"
#include "proc.h"
#include "progress.h"
#include "put.h"
#include "seal.h"
#include "verdict.h"

#define BLOCK_SIZE ((size_t)128 * 1024)

struct run {
	const struct put *p;
	struct upload *up;
	struct seal_watch *watch;	/* on what comes from the source */
	struct proc_filter *filter;	/* NULL: none */
	struct hash *stored;		/* SHA-256 of the filter's output */
	char *block;			/* for the filter's input */
	uint64_t bytes;
	struct progress progress;
};

/* -- the flow ------------------------------------------------------------ */

/* Room for the next bytes of the source. */
static void *
next_room(struct run *r, size_t *size, struct err *e)
{
	if (r->filter == NULL)
		return upload_space(r->up, size, e);
	*size = BLOCK_SIZE;
	return r->block;
}

static int
pass(struct run *r, const void *data, size_t n, struct err *e)
{
	r->bytes += n;
	progress_show(&r->progress, r->bytes, NULL);
	if (seal_watch_update(r->watch, data, n, e) != 0)
		return -1;
	if (r->filter != NULL)
		return proc_filter_write(r->filter, data, n, e);
	return upload_advance(r->up, n, e);
}

/* What a filter puts out, on its thread. */
static int
store_filtered(void *ctx, const void *data, size_t n, struct err *e)
{
	struct run *r = ctx;

	if (hash_update(r->stored, data, n, e) != 0)
		return -1;
	return upload_write(r->up, data, n, e);
}

/* Everything the source has; the first bytes are looked at first. */
static int
pump(struct run *r, struct err *e)
{
	const struct put *p = r->p;
	size_t size;
	ssize_t n;
	void *to;

	if ((to = next_room(r, &size, e)) == NULL)
		return -1;
	n = source_read_full(p->source, to, SEAL_HEADER_SIZE, e);
	if (n >= 0 && verdict_needs_seal(p) &&
	    verdict_on_start(p, to, (size_t)n, e) != 0)
		return -1;
	while (n > 0) {
		if (pass(r, to, (size_t)n, e) != 0 ||
		    (to = next_room(r, &size, e)) == NULL)
			return -1;
		n = source_read(p->source, to, size, e);
	}
	return n < 0 ? -1 : source_finish(p->source, e);
}

static int
begin(struct run *r, struct err *e)
{
	const struct put *p = r->p;

	progress_start(&r->progress, p->source->is_file ?
	    p->source->before.size : p->upload.parts.expected_bytes);
	if (verdict_on_file(p, e) != 0 || (r->watch = seal_watch_new(e)) == NULL ||
	    (r->up = upload_begin(p->s3, &p->upload, e)) == NULL ||
	    source_start(p->source, e) != 0)
		return -1;
	if (p->filter == NULL)
		return 0;
	if ((r->block = mem_new(1, BLOCK_SIZE, e)) == NULL ||
	    (r->stored = hash_new(HASH_SHA256, e)) == NULL)
		return -1;
	r->filter = proc_filter_start(p->filter, store_filtered, r, e);
	return r->filter != NULL ? 0 : -1;
}

static int
conclude(struct run *r, struct put_receipt *receipt, struct err *e)
{
	enum seal_state state;

	if (seal_watch_final(r->watch, &state, NULL, receipt->sha256, e) != 0 ||
	    verdict_on_end(r->p, state, e) != 0)
		return -1;
	if (r->filter != NULL &&
	    (proc_filter_finish(r->filter, e) != 0 ||
	    hash_final(r->stored, receipt->sha256, e) != 0))
		return -1;
	if (upload_finish(r->up, e) != 0)
		return -1;
	return upload_commit(r->up, &receipt->upload, e);
}

int
put_run(const struct put *p, struct put_receipt *receipt, struct err *e)
{
	struct run r = { .p = p };
	struct err left = ERR_INIT;
	int rc = -1;

	memset(receipt, 0, sizeof(*receipt));
	if (begin(&r, e) == 0 && pump(&r, e) == 0)
		rc = conclude(&r, receipt, e);
	log_progress_end();
	proc_filter_free(r.filter);	/* it pushes: before the upload */
	if (r.up != NULL && upload_abort(r.up, &left) != 0) {
		log_warn("%s", left.text);
		if (left.hint[0] != '\0')
			log_warn("%s", left.hint);
	}
	upload_free(r.up);
	hash_free(r.stored);
	seal_watch_free(r.watch);
	free(r.block);
	return rc;
}
