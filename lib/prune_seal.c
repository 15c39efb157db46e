/*
 * Is a backup whole? Its head and its tail tell, as far as that can be told
 * without reading it all. On S3 that is two small requests each, so several
 * are on their way at a time.
 */
#include <string.h>

#include "log.h"
#include "os.h"
#include "prune_private.h"
#include "seal.h"
#include "thr.h"

#define THREADS 16
#define DEPTH (2 * THREADS)
#define PATH_BYTES_MAX (64 * 1024)

struct look {
	const struct prune *p;
	size_t i;		/* of the entry */
	uint8_t state;		/* out */
	int rc;
	struct err err;
};

static bool
is_sealed(const uint8_t *head, const uint8_t *tail, uint64_t size)
{
	struct seal_header h;
	struct err ignored;

	return seal_check_tail(tail, size, NULL) &&
	    seal_parse_header(head, SEAL_HEADER_SIZE, &h, &ignored) == 1 &&
	    (h.kind == SEAL_START || h.kind == SEAL_PRE);
}

static int
look_at_object(const struct prune *p, const struct catalog_entry *entry,
	const char *path, uint8_t *state, struct err *e)
{
	struct s3_name name = {
		catalog_folder(p->catalog, entry->folder)->bucket, path };
	uint8_t head[SEAL_HEADER_SIZE], tail[SEAL_END_SIZE];
	const struct s3_range first = { NULL, 0, sizeof(head), head };
	const struct s3_range last = { NULL, entry->size - sizeof(tail),
		sizeof(tail), tail };
	int rc = s3_get_range(p->s3, &name, &last, NULL, e);

	if (rc == S3_OK && !seal_check_tail(tail, entry->size, NULL))
		return 0;
	if (rc == S3_OK)
		rc = s3_get_range(p->s3, &name, &first, NULL, e);
	if (rc == S3_MISSING)
		*state = PRUNE_GONE;
	else if (rc == S3_ARCHIVED)	/* by a tier, not by its class */
		*state = RETAIN_UNVERIFIED;
	else if (rc != S3_OK)
		return -1;
	else if (is_sealed(head, tail, entry->size))
		*state = RETAIN_WHOLE;
	return 0;
}

static int
look_at_file(const struct catalog_entry *entry, const char *path,
	uint8_t *state, struct err *e)
{
	uint8_t head[SEAL_HEADER_SIZE], tail[SEAL_END_SIZE];
	struct os_stat st;
	struct err ignored;
	ssize_t n, m = 0;
	int fd, rc;

	if (os_lstat(path, &st, e) != 0)
		return -1;
	if (st.kind != OS_FILE) {
		*state = PRUNE_GONE;
		return 0;
	}
	if ((fd = os_open_read(path, e)) < 0)
		return -1;
	n = os_pread(fd, head, sizeof(head), 0, e);
	if (n >= 0)
		m = os_pread(fd, tail, sizeof(tail),
		    entry->size - sizeof(tail), e);
	rc = n < 0 || m < 0 ? err_context(e, "'%s'", path) : 0;
	if (n == (ssize_t)sizeof(head) && m == (ssize_t)sizeof(tail) &&
	    is_sealed(head, tail, entry->size))
		*state = RETAIN_WHOLE;
	(void)os_close(fd, &ignored);
	return rc;
}

static void
look(void *job, unsigned worker)
{
	struct look *l = job;
	const struct prune *p = l->p;
	const struct catalog_entry *entry = &p->entries[l->i];
	struct buf path = BUF_INIT(PATH_BYTES_MAX);

	(void)worker;
	prune_put_path(p, &path, entry->folder, entry->text);
	l->state = RETAIN_UNSEALED;
	l->rc = buf_check(&path, "a path", &l->err);
	if (l->rc == 0)
		l->rc = p->s3 != NULL ?
		    look_at_object(p, entry, buf_text(&path), &l->state,
		    &l->err) :
		    look_at_file(entry, buf_text(&path), &l->state, &l->err);
	buf_free(&path);
}

/* Can it be told without looking? */
static bool
is_plain(const struct prune *p, size_t i)
{
	const struct catalog_entry *entry = &p->entries[i];
	uint8_t *state = &p->items[i].state;

	*state = RETAIN_UNVERIFIED;
	if (entry->encrypted || entry->archived)
		return true;
	*state = RETAIN_UNSEALED;
	/* one ahead of the clock is kept and not counted, whatever it holds */
	return entry->size < SEAL_HEADER_SIZE + SEAL_END_SIZE ||
	    retain_is_ahead(entry->time, p->options->now);
}

/* Take the results of all jobs, or of one; the first failure is told. */
static int
take(struct prune *p, struct thr_pipe *pipe, bool all, int rc, struct err *e)
{
	struct look *l;

	do {
		if ((l = thr_pipe_take(pipe)) == NULL)
			break;
		p->items[l->i].state = l->state;
		if (l->rc != 0 && rc == 0) {
			*e = l->err;
			rc = -1;
		}
	} while (all);
	return rc;
}

int
prune_look_at_seals(struct prune *p, struct err *e)
{
	static const struct look none;
	struct look jobs[DEPTH];
	struct thr_pipe *pipe;
	size_t i, put = 0;
	int rc = 0;

	/* files are looked at one by one: a disk has one head */
	pipe = thr_pipe_new(p->s3 != NULL ? THREADS : 1, DEPTH, look, e);
	if (pipe == NULL)
		return -1;
	for (i = 0; i < p->len && rc == 0; i++) {
		if (is_plain(p, i))
			continue;
		if (thr_pipe_full(pipe))
			rc = take(p, pipe, false, rc, e);
		jobs[put % DEPTH] = none;
		jobs[put % DEPTH].p = p;
		jobs[put % DEPTH].i = i;
		thr_pipe_put(pipe, &jobs[put++ % DEPTH]);
		if (rc == 0)
			rc = os_check_stop(e);
		if (log_due())
			log_progress("looked at %zu of %zu backups", i,
			    p->len);
	}
	rc = take(p, pipe, true, rc, e);
	thr_pipe_free(pipe);
	log_progress_end();
	return rc;
}
