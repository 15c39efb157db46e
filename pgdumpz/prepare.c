/*
 * The parts one after the other: they are runs of pg_restore on the same file,
 * whose position they share.
 */
#include <pthread.h>
#include <stdlib.h>

#include "mem.h"
#include "prepare.h"
#include "schema.h"

#define PART_MAX ((size_t)1 << 30)

struct prepared {
	struct schema_source source;
	struct buf parts[PREPARED_PARTS];
	json_t *sequences;
	pthread_t thread;
	bool running;
	int rc;
	struct err error;
};

static void *
make(void *arg)
{
	struct prepared *p = arg;
	const struct schema_source *s = &p->source;
	struct err *e = &p->error;

	p->rc = -1;
	if (schema_make_pre(s, &p->parts[PREPARED_PRE], e) == 0 &&
	    schema_make_serial(s, &p->parts[PREPARED_SERIAL], p->sequences,
	    e) == 0 &&
	    schema_make_post(s, &p->parts[PREPARED_POST], e) == 0 &&
	    schema_make_archive(s, &p->parts[PREPARED_ARCHIVE], e) == 0)
		p->rc = 0;
	return NULL;
}

struct prepared *
prepare_begin(const struct archive *archive,
	const struct archive_source *from, struct err *e)
{
	struct prepared *p = mem_new(1, sizeof(*p), e);
	size_t i;
	int code;

	if (p == NULL)
		return NULL;
	for (i = 0; i < PREPARED_PARTS; i++)
		buf_init(&p->parts[i], PART_MAX);
	p->source.archive = archive;
	p->source.from = from;
	p->sequences = json_array();
	code = pthread_create(&p->thread, NULL, make, p);
	p->running = code == 0;
	if (p->running)
		return p;
	(void)err_set(e, ERR_LOCAL, "cannot start a thread: error %d", code);
	prepare_free(p);
	return NULL;
}

static void
join(struct prepared *p)
{
	if (p->running)
		(void)pthread_join(p->thread, NULL);
	p->running = false;
}

int
prepare_finish(struct prepared *p, struct err *e)
{
	join(p);
	if (p->rc != 0)
		*e = p->error;
	return p->rc;
}

int
prepare_put(const struct prepared *p, enum prepared_part part,
	struct seal_writer *out, struct err *e)
{
	const struct buf *all = &p->parts[part];
	const uint8_t *at = (const uint8_t *)all->data;
	size_t left = all->len;
	struct seal_header h;

	for (; left > 0; at += h.member_bytes, left -= (size_t)h.member_bytes)
		if (seal_parse_header(at, left, &h, e) <= 0 ||
		    seal_writer_put(out, at, (size_t)h.member_bytes, e) != 0)
			return -1;
	return 0;
}

json_t *
prepare_sequences(const struct prepared *p)
{
	return p->sequences;
}

void
prepare_free(struct prepared *p)
{
	size_t i;

	if (p == NULL)
		return;
	join(p);
	for (i = 0; i < PREPARED_PARTS; i++)
		buf_free(&p->parts[i]);
	json_decref(p->sequences);
	free(p);
}
