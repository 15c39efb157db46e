/*
 * Members of a table come one after the other, so many threads want the same
 * connection at once; they take turns, and what each has is in memory anyway.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "conns.h"
#include "copyhead.h"
#include "lanes.h"
#include "loader.h"
#include "mem.h"

#define KEPT 500	/* so many texts of others before a table's next one */

struct lane {
	struct loader *loader;
	struct buf head;	/* of the table that it loads */
	bool busy;
	bool freezes;		/* as it was last put back */
	uint64_t used;		/* when, as it were */
};

struct lanes {
	struct conns *conns;
	struct lane *items;
	size_t len;
	bool freezes;		/* a table is on one of them at a time */
	bool in_pieces;		/* a text is, and not at its end */
	pthread_mutex_t lock;	/* of what the items have beside loaders */
	pthread_cond_t free;	/* one is not busy any more */
	uint64_t clock;
};

static int
open_all(struct lanes *l, const struct pg_place *place, size_t n,
	const struct session *session, struct err *e)
{
	struct lane *lane;

	l->conns = conns_open(place, n, session, e);
	l->items = mem_new(n, sizeof(*l->items), e);
	if (l->conns == NULL || l->items == NULL)
		return -1;
	for (; l->len < n; l->len++) {
		lane = &l->items[l->len];
		buf_init(&lane->head, COPYHEAD_MAX);
		lane->loader = loader_new(conns_get(l->conns, l->len),
		    l->freezes, e);
		if (lane->loader == NULL)
			return -1;
	}
	return 0;
}

struct lanes *
lanes_open(const struct pg_place *place, size_t n,
	const struct session *session, bool is_new, struct err *e)
{
	struct lanes *l = mem_new(1, sizeof(*l), e);

	if (l == NULL)
		return NULL;
	l->freezes = is_new && n <= LANES_FREEZE_MAX;
	(void)pthread_mutex_init(&l->lock, NULL);
	(void)pthread_cond_init(&l->free, NULL);
	if (open_all(l, place, n, session, e) == 0)
		return l;
	lanes_close(l);
	return NULL;
}

void
lanes_close(struct lanes *l)
{
	size_t i;

	if (l == NULL)
		return;
	for (i = 0; i < l->len; i++) {
		loader_free(l->items[i].loader);
		buf_free(&l->items[i].head);
	}
	conns_close(l->conns);
	(void)pthread_mutex_destroy(&l->lock);
	(void)pthread_cond_destroy(&l->free);
	free(l->items);
	free(l);
}

/* -- which -------------------------------------------------------------- */

/* Rows are frozen only as long as their COPY goes on, and it may. */
static bool
is_kept(const struct lanes *l, const struct lane *lane)
{
	return lane->freezes && l->clock - lane->used < KEPT;
}

static bool
all_kept(const struct lanes *l)
{
	size_t i = 0;

	while (i < l->len && is_kept(l, &l->items[i]))
		i++;
	return i == l->len;
}

/*
 * The table's own, or what was used least lately. NULL: it must be waited for
 * one that is busy now.
 */
static struct lane *
choose(struct lanes *l, const char *head, size_t len)
{
	bool spares = !all_kept(l), own;
	struct lane *best = NULL, *lane;
	size_t i;

	for (i = 0; i < l->len; i++) {
		lane = &l->items[i];
		own = len > 0 && lane->head.len == len &&
		    memcmp(lane->head.data, head, len) == 0;
		if (own && (l->freezes || !lane->busy))
			return lane->busy ? NULL : lane;
		if (!lane->busy && !(spares && is_kept(l, lane)) &&
		    (best == NULL || lane->used < best->used))
			best = lane;
	}
	return best;
}

static int
give(struct lanes *l, struct lane *lane, const char *head, size_t len,
	struct err *e)
{
	lane->used = ++l->clock;
	buf_reset(&lane->head);
	buf_put(&lane->head, head, len);
	lane->busy = !lane->head.failed;
	return buf_check(&lane->head, "a list of columns", e);
}

static struct lane *
take(struct lanes *l, const struct check_text *t, struct err *e)
{
	struct copyhead parts;
	struct lane *lane;
	long head = 0;

	if (t->kind == SEAL_DATA)
		head = copyhead_scan(&parts, t->data, t->len);
	if (head < 0)	/* no text of rows; its loader says so */
		head = 0;
	(void)pthread_mutex_lock(&l->lock);
	while ((lane = choose(l, t->data, (size_t)head)) == NULL)
		(void)pthread_cond_wait(&l->free, &l->lock);
	if (give(l, lane, t->data, (size_t)head, e) != 0)
		lane = NULL;
	(void)pthread_mutex_unlock(&l->lock);
	return lane;
}

static void
put_back(struct lanes *l, struct lane *lane)
{
	(void)pthread_mutex_lock(&l->lock);
	lane->busy = false;
	lane->freezes = loader_freezes(lane->loader);
	(void)pthread_cond_broadcast(&l->free);
	(void)pthread_mutex_unlock(&l->lock);
}

/* -- texts -------------------------------------------------------------- */

/* End each table, and know of none. */
static int
end_tables(struct lanes *l, struct err *e)
{
	size_t i;

	for (i = 0; i < l->len; i++) {
		buf_reset(&l->items[i].head);
		l->items[i].freezes = false;
	}
	return lanes_finish(l, e);
}

/* Its head may not be whole at first, so any table is ended before. */
static int
put_piece(struct lanes *l, const struct check_text *t, struct err *e)
{
	if (!l->in_pieces && end_tables(l, e) != 0)
		return -1;
	l->in_pieces = !t->ends;
	return loader_put(l->items[0].loader, t, e);
}

int
lanes_put(struct lanes *l, const struct check_text *t, struct err *e)
{
	struct lane *lane;
	int rc;

	if (l->in_pieces || !t->ends)
		return put_piece(l, t, e);
	if ((lane = take(l, t, e)) == NULL)
		return -1;
	rc = loader_put(lane->loader, t, e);
	put_back(l, lane);
	return rc;
}

int
lanes_finish(struct lanes *l, struct err *e)
{
	size_t i;

	for (i = 0; i < l->len; i++)
		if (loader_finish(l->items[i].loader, e) != 0)
			return -1;
	return 0;
}
