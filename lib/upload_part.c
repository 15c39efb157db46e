/*
 * Retrying a part needs all of it at hand, memory has to be bounded, and the
 * stream should flow while parts are sent. So one region of memory is cut
 * into a ring of buffers, one being filled, the others on their way.
 */
#include <string.h>

#include "os.h"
#include "upload_private.h"

#define FROM_SOURCE ((uint64_t)16 << 20)	/* larger: out of source_fd */

/* -- sending ------------------------------------------------------------- */

/* On a thread of the pipe. */
static void
send_part(void *job, unsigned worker)
{
	struct part *p = job;
	struct upload *up = p->up;

	(void)worker;
	p->rc = -1;
	if (atomic_load(&up->failed))
		return;
	if (p->in_memory)
		p->rc = hash_data(up->checksum, p->data, (size_t)p->filled,
		    p->digest, &p->e);
	p->body.digest = p->digest;
	if (!p->in_memory || p->rc == 0)
		p->rc = s3_put_part(up->s3, up->mp, p->number, &p->body,
		    p->etag, &p->e);
	if (p->rc != 0)
		atomic_store(&up->failed, true);
}

/* Parts come back in their order. */
static void
add_digest(struct upload *up, const struct part *p)
{
	if (up->checksum == HASH_MD5)
		return;
	if (p->number == 1)
		memcpy(up->digest, p->digest, sizeof(up->digest));
	else
		hash_append(up->checksum, up->digest, p->digest, p->filled);
}

/* Take back the oldest part on its way. */
static void
collect(struct upload *up)
{
	struct part *p = thr_pipe_take(up->pipe);

	up->collected++;
	if (p->rc == 0) {
		memcpy(up->etags[p->number - 1], p->etag, sizeof(p->etag));
		add_digest(up, p);
	} else if (up->error.kind == ERR_NONE)
		up->error = p->e;	/* still NONE if it was not tried */
}

void
upload_collect_all(struct upload *up)
{
	while (up->pipe != NULL && !thr_pipe_empty(up->pipe))
		collect(up);
}

int
upload_set_body(struct part *p, struct err *e)
{
	struct upload *up = p->up;
	struct s3_body *body = &p->body;

	memset(body, 0, sizeof(*body));
	body->size = p->filled;
	if (p->in_memory) {
		body->data = p->data;
		return 0;
	}
	body->fd = p->temp_fd;
	if (p->temp_fd < 0) {
		body->fd = up->options.source_fd;
		body->offset = up->bytes - p->filled;
	}
	body->digest = p->digest;
	return hash_final(p->hash, p->digest, e);
}

static int
begin_multipart(struct upload *up, struct err *e)
{
	up->pipe = thr_pipe_new(up->options.jobs, UPLOAD_SLOTS_MAX, send_part,
	    e);
	if (up->pipe == NULL)
		return -1;
	up->mp = s3_create_multipart(up->s3, &up->options.name, &up->meta, e);
	return up->mp != NULL ? 0 : -1;
}

int
upload_submit_part(struct upload *up, struct err *e)
{
	struct part *p = up->filling;

	if ((up->mp == NULL && begin_multipart(up, e) != 0) ||
	    upload_set_body(p, e) != 0)
		return -1;
	up->filling = NULL;
	thr_pipe_put(up->pipe, p);
	return 0;
}

/* -- filling ------------------------------------------------------------- */

/* Cut the region for parts of that size, while none is on its way. */
static void
cut_region(struct upload *up, uint64_t size)
{
	bool has_source = up->options.source_fd >= 0;
	bool in_memory = size <= (has_source ? FROM_SOURCE :
	    PARTSIZE_BUFFER_MAX);
	size_t step = in_memory ? (size_t)size : UPLOAD_WINDOW;
	unsigned count = in_memory ?
	    (unsigned)(UPLOAD_MEMORY / (size + UPLOAD_OVERHEAD)) :
	    has_source ? UPLOAD_SLOTS_MAX : 2;
	unsigned i;

	if (count - 1 > up->options.jobs)
		count = up->options.jobs + 1;
	for (i = 0; i < count; i++) {
		up->slots[i].up = up;
		up->slots[i].data = up->region + i * step;
		up->slots[i].in_memory = in_memory;
	}
	up->slot_count = count;
	up->slot_size = size;
}

bool
upload_is_full(const struct upload *up)
{
	return partsize_of(&up->plan, up->begun + 1) == 0;
}

static int
no_more_parts(struct upload *up, struct err *e)
{
	err_set(e, ERR_USAGE, "cannot store 's3://%s/%s': more than fits into "
	    "%u parts", up->options.name.bucket, up->options.name.key,
	    up->begun);
	return err_hint(e,
	    "say its --expected-size, or give a larger --part-size");
}

int
upload_begin_part(struct upload *up, struct err *e)
{
	uint64_t size = partsize_of(&up->plan, up->begun + 1);
	struct part *p;

	if (size != up->slot_size) {
		upload_collect_all(up);
		cut_region(up, size);
	}
	/* the one that has the next slot of the ring is the oldest */
	if (up->begun - up->collected == up->slot_count)
		collect(up);
	p = &up->slots[up->begun % up->slot_count];
	hash_free(p->hash);
	p->hash = NULL;
	p->number = ++up->begun;
	p->size = size;
	p->filled = 0;
	p->e.kind = ERR_NONE;
	up->filling = p;
	if (p->in_memory)
		return 0;
	if (up->options.source_fd < 0 && p->temp_fd < 0 &&
	    (p->temp_fd = os_temp_file(e)) < 0)
		return -1;
	return (p->hash = hash_new(up->checksum, e)) != NULL ? 0 : -1;
}

int
upload_fill_part(struct upload *up, size_t n, struct err *e)
{
	struct part *p = up->filling;

	if (p == NULL)
		return no_more_parts(up, e);
	if (!p->in_memory && (hash_update(p->hash, p->data, n, e) != 0 ||
	    (p->temp_fd >= 0 &&
	    os_pwrite(p->temp_fd, p->data, n, p->filled, e) != 0)))
		return err_context(e, "part %u", p->number);
	p->filled += n;
	up->bytes += n;
	return 0;
}
