/*
 * libpq waits by itself and knows nothing of our signals; so a thread looks
 * whether one came.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "conns.h"
#include "mem.h"
#include "os.h"

#define LOOK_MS 50

struct conns {
	struct pg **items;
	size_t len;
	pthread_t watch;
	bool watched;
	atomic_bool end;
};

static void *
watch(void *arg)
{
	struct conns *c = arg;
	struct err e = ERR_INIT;
	size_t i;

	while (!c->end)
		if (os_sleep_ms(LOOK_MS, &e) != 0)
			break;
	for (i = 0; !c->end && i < c->len; i++)
		pg_break(c->items[i]);
	return NULL;
}

struct conns *
conns_open(const struct pg_place *place, size_t n,
	const struct session *session, struct err *e)
{
	struct conns *c = mem_new(1, sizeof(*c), e);
	struct pg *one;

	if (c == NULL)
		return NULL;
	if ((c->items = mem_new(n, sizeof(struct pg *), e)) == NULL)
		goto fail;
	for (; c->len < n; c->len++) {
		if ((one = pg_place_open(place, e)) == NULL)
			goto fail;
		c->items[c->len] = one;
		if (session_prepare(one, session, e) != 0) {
			c->len++;
			goto fail;
		}
	}
	if (pthread_create(&c->watch, NULL, watch, c) != 0) {
		err_set(e, ERR_LOCAL, "cannot start a thread");
		goto fail;
	}
	c->watched = true;
	return c;
fail:
	conns_close(c);
	return NULL;
}

void
conns_close(struct conns *c)
{
	size_t i;

	if (c == NULL)
		return;
	c->end = true;
	if (c->watched)
		(void)pthread_join(c->watch, NULL);
	for (i = 0; c->items != NULL && i < c->len; i++)
		pg_close(c->items[i]);
	free(c->items);
	free(c);
}

struct pg *
conns_get(const struct conns *c, size_t i)
{
	return c->items[i];
}
