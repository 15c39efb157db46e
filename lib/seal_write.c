/*
 * Many threads write one stream: whole members, one at a time, with the sum
 * in the same order as the bytes.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "mem.h"
#include "os.h"
#include "seal.h"

struct seal_writer {
	pthread_mutex_t lock;
	int fd;
	struct seal_sum *sum;
	bool ended;
	struct err error;	/* the first one */
	_Atomic uint64_t written;	/* readable without the lock */
};

struct seal_writer *
seal_writer_new(int fd, struct err *e)
{
	struct seal_writer *w = mem_new(1, sizeof(*w), e);

	if (w == NULL)
		return NULL;
	if ((w->sum = seal_sum_new(e)) == NULL) {
		free(w);
		return NULL;
	}
	w->fd = fd;
	(void)pthread_mutex_init(&w->lock, NULL);
	return w;
}

void
seal_writer_free(struct seal_writer *w)
{
	if (w == NULL)
		return;
	(void)pthread_mutex_destroy(&w->lock);
	seal_sum_free(w->sum);
	free(w);
}

static int
put_member(struct seal_writer *w, const void *member, size_t len,
	struct err *e)
{
	struct seal_header h;
	int known = seal_parse_header(member, len, &h, e);

	if (known < 0)
		return -1;
	if (known == 0 || h.member_bytes != len || h.kind == SEAL_END ||
	    w->ended)
		return err_set(e, ERR_LOCAL, "cannot write: not a member");
	if (seal_sum_add(w->sum, member, len, e) != 0)
		return -1;
	seal_sum_count(w->sum, 1, h.text_bytes);
	atomic_store(&w->written, seal_sum_bytes(w->sum));
	return os_write(w->fd, member, len, e);
}

static int
put_end(struct seal_writer *w, struct err *e)
{
	uint8_t end[SEAL_END_SIZE];
	struct seal_totals totals;

	if (w->ended || seal_sum_bytes(w->sum) == 0)
		return err_set(e, ERR_LOCAL, "cannot seal: nothing written");
	w->ended = true;
	if (seal_sum_final(w->sum, &totals, e) != 0)
		return -1;
	seal_make_end(end, &totals);
	return os_write(w->fd, end, sizeof(end), e);
}

/* After the first error nothing more is written, and all get to know it. */
static int
locked(struct seal_writer *w, const void *member, size_t len, struct err *e)
{
	int rc;

	(void)pthread_mutex_lock(&w->lock);
	if (w->error.kind == ERR_NONE)
		(void)(member != NULL ? put_member(w, member, len, &w->error) :
		    put_end(w, &w->error));
	rc = w->error.kind == ERR_NONE ? 0 : -1;
	if (rc != 0)
		*e = w->error;
	(void)pthread_mutex_unlock(&w->lock);
	return rc;
}

int
seal_writer_put(struct seal_writer *w, const void *member, size_t len,
	struct err *e)
{
	return locked(w, member, len, e);
}

int
seal_writer_finish(struct seal_writer *w, struct err *e)
{
	return locked(w, NULL, 0, e);
}

uint64_t
seal_writer_bytes(const struct seal_writer *w)
{
	return atomic_load(&w->written);
}
