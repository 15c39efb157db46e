/*
 * Members that tell their own sizes are checked by many threads, each member
 * in one go; this thread reads ahead, sums up and passes on, in order.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check_private.h"
#include "gzwalk.h"
#include "mem.h"
#include "seal.h"
#include "thr.h"

/* A larger member is streamed: stored blocks may exceed the text a little. */
#define MEMBER_MAX (SEAL_TEXT_MAX + (64u << 10))
#define BLOCK_SIZE (256u << 10)

struct sealed {
	struct check *c;
	struct input *in;
	struct seal_sum *sum;
	struct thr_pipe *pipe;
	struct seal_unpacker **unpackers;	/* one a thread */
	struct job *jobs;
	unsigned njobs, next_job;
	struct gzwalk *walk;			/* for large members, */
	enum seal_kind walking;			/* of this kind */
	bool refused;				/* its text, by a hook */
	struct err why;
	uint8_t *block;
	uint8_t next[SEAL_HEADER_SIZE];		/* read with its predecessor */
	size_t next_len;
	unsigned seen;				/* kinds, for their order */
	unsigned begun;				/* kinds, for the hook */
	uint64_t member, at;			/* of the one being read */
	bool failed;				/* a member; in its order */
};

struct job {
	struct sealed *s;
	struct seal_header h;
	uint64_t member, at;
	uint8_t *data;			/* the member, and the next header */
	size_t size;
	struct buf text;		/* that is wanted in order */
	int rc;
	struct err e;
};

static int
place(const struct seal_header *h, uint64_t member, uint64_t at,
	struct err *e)
{
	if (e->kind == ERR_VERDICT)
		err_context(e, "member %" PRIu64 " (%s) at byte %" PRIu64,
		    member, seal_kind_name(h->kind), at);
	return -1;
}

static int
place_here(const struct sealed *s, struct err *e)
{
	err_context(e, "member %" PRIu64 " at byte %" PRIu64, s->member,
	    s->at);
	return -1;
}

static int
cut_off(const struct sealed *s, struct err *e)
{
	err_set(e, ERR_VERDICT, "it is cut off at byte %" PRIu64,
	    s->in->bytes);
	return place_here(s, e);
}

/* -- texts that are wanted ---------------------------------------------- */

static bool
wants_manifest(const struct check *c, enum seal_kind kind)
{
	return c->want_manifest && kind == SEAL_MANIFEST;
}

static bool
is_ordered(const struct check *c, enum seal_kind kind)
{
	return (c->hooks.ordered & 1u << kind) != 0;
}

static int
load(const struct check *c, const struct check_text *t, struct err *e)
{
	if ((c->hooks.loose & 1u << t->kind) == 0)
		return 0;
	return c->hooks.load(c->hooks.ctx, t, e);
}

static int
take_ordered(struct check *c, const struct check_text *t, struct err *e)
{
	if (wants_manifest(c, t->kind)) {
		buf_put(&c->manifest, t->data, t->len);
		if (buf_check(&c->manifest, "the manifest", e) != 0)
			return -1;
	}
	return is_ordered(c, t->kind) ? c->hooks.text(c->hooks.ctx, t, e) : 0;
}

/* -- members on many threads -------------------------------------------- */

/* On a thread of the pipe. */
static void
work(void *arg, unsigned worker)
{
	struct job *j = arg;
	const struct check *c = j->s->c;
	struct check_text t = { .kind = j->h.kind,
		.len = (size_t)j->h.text_bytes, .ends = true };

	j->rc = seal_unpack(j->s->unpackers[worker], &j->h, j->data, &t.data,
	    &j->e);
	if (j->rc != 0)
		return;
	if (wants_manifest(c, t.kind) || is_ordered(c, t.kind)) {
		buf_reset(&j->text);
		buf_put(&j->text, t.data, t.len);
		j->rc = buf_check(&j->text, "the text of a member", &j->e);
	} else {
		j->rc = load(c, &t, &j->e);
	}
}

/* Sum up and pass on bytes that were found good. */
static int
pass(struct sealed *s, const void *data, size_t len, struct err *e)
{
	if (seal_sum_add(s->sum, data, len, e) != 0)
		return -1;
	return check_pass(s->c, data, len, e);
}

static void
count(struct sealed *s, const struct seal_header *h)
{
	s->c->members++;
	s->c->text_bytes += h->text_bytes;
	seal_sum_count(s->sum, 1, h->text_bytes);
}

static int
end_job(struct sealed *s, struct job *j, struct err *e)
{
	struct check_text t = { .kind = j->h.kind, .data = buf_text(&j->text),
		.len = (size_t)j->h.text_bytes, .ends = true };

	if (j->rc != 0) {
		*e = j->e;
		return place(&j->h, j->member, j->at, e);
	}
	if (take_ordered(s->c, &t, e) != 0)
		return -1;
	count(s, &j->h);
	return pass(s, j->data, (size_t)j->h.member_bytes, e);
}

/* Take the oldest job. The first error of all counts, the others follow it. */
static int
take(struct sealed *s, struct err *e)
{
	struct job *j = thr_pipe_take(s->pipe);

	if (!s->failed && end_job(s, j, e) != 0)
		s->failed = true;
	return s->failed ? -1 : 0;
}

static int
drain(struct sealed *s, struct err *e)
{
	int rc = 0;

	while (!thr_pipe_empty(s->pipe))
		if (take(s, e) != 0)
			rc = -1;
	return rc;
}

/* -- reading ------------------------------------------------------------ */

/* Parse the header that was read ahead. */
static int
read_header(struct sealed *s, struct seal_header *h, struct err *e)
{
	int known;

	s->member++;
	if (s->next_len == 0) {
		err_set(e, ERR_VERDICT, "it ends without its seal, after "
		    "member %" PRIu64 " at byte %" PRIu64, s->member - 1,
		    s->at);
		err_hint(e, "what made or carried it has failed; nothing of "
		    "it should be trusted");
		return -1;
	}
	if (s->next_len < SEAL_HEADER_SIZE)
		return cut_off(s, e);
	known = seal_parse_header(s->next, s->next_len, h, e);
	if (known == 0)
		err_set(e, ERR_VERDICT, "its header is damaged");
	if (known != 1 || seal_check_order(&s->seen, h->kind, e) != 0)
		return place_here(s, e);
	return 0;
}

/*
 * The rest of a member of size bytes into data, which holds 36 more: those of
 * the next member's header are read with it.
 */
static int
read_rest(struct sealed *s, uint8_t *data, size_t size, struct err *e)
{
	ssize_t n;

	memcpy(data, s->next, SEAL_HEADER_SIZE);
	n = check_read(s->in, data + SEAL_HEADER_SIZE, size, e);
	if (n < 0)
		return -1;
	if ((size_t)n < size - SEAL_HEADER_SIZE)
		return cut_off(s, e);
	s->next_len = (size_t)n - (size - SEAL_HEADER_SIZE);
	memcpy(s->next, data + size, s->next_len);
	s->at += size;
	return 0;
}

static int
reserve(struct job *j, size_t size, struct err *e)
{
	if (size <= j->size)
		return 0;
	free(j->data);
	j->size = 0;
	if ((j->data = mem_new(size, 1, e)) == NULL)
		return -1;
	j->size = size;
	return 0;
}

static int
put_job(struct sealed *s, const struct seal_header *h, struct err *e)
{
	struct job *j = &s->jobs[s->next_job];
	size_t size = (size_t)h->member_bytes;

	if (thr_pipe_full(s->pipe) && take(s, e) != 0)
		return -1;
	j->s = s;
	j->h = *h;
	j->member = s->member;
	j->at = s->at;
	if (reserve(j, size + SEAL_HEADER_SIZE, e) != 0 ||
	    read_rest(s, j->data, size, e) != 0)
		return -1;
	thr_pipe_put(s->pipe, j);
	s->next_job = (s->next_job + 1) % s->njobs;
	return 0;
}

static void
take_text(void *ctx, const void *data, size_t len)
{
	struct sealed *s = ctx;
	struct check_text t = { .kind = s->walking, .data = data,
		.len = len, .ends = data == NULL };

	if (!s->refused && (load(s->c, &t, &s->why) != 0 ||
	    take_ordered(s->c, &t, &s->why) != 0))
		s->refused = true;
}

static int
check_refused(const struct sealed *s, struct err *e)
{
	if (!s->refused)
		return 0;
	*e = s->why;
	return -1;
}

/* One block of a large member; *left is what is to come of the member. */
static int
stream_block(struct sealed *s, uint64_t *left, bool *ended, struct err *e)
{
	size_t want = *left < BLOCK_SIZE ? (size_t)*left : BLOCK_SIZE;
	ssize_t n = check_read(s->in, s->block, want, e), used;

	if (n < 0)
		return -1;
	if ((size_t)n < want)
		return cut_off(s, e);
	*left -= want;
	if ((used = gzwalk_feed(s->walk, s->block, want, ended, e)) < 0)
		return -1;
	if (*ended != (*left == 0) || (size_t)used != want) {
		err_set(e, ERR_VERDICT,
		    "it is not as long as its header tells");
		return place_here(s, e);
	}
	if (check_refused(s, e) != 0)
		return -1;
	return pass(s, s->block, want, e);
}

static int
stream_member(struct sealed *s, const struct seal_header *h, struct err *e)
{
	uint64_t left = h->member_bytes - SEAL_HEADER_SIZE;
	bool ended = false;
	ssize_t n;

	s->walking = h->kind;
	gzwalk_start(s->walk, s->member, s->at);
	if (gzwalk_feed(s->walk, s->next, SEAL_HEADER_SIZE, &ended, e) < 0 ||
	    pass(s, s->next, SEAL_HEADER_SIZE, e) != 0)
		return -1;
	while (left > 0)
		if (stream_block(s, &left, &ended, e) != 0)
			return -1;
	if (gzwalk_text_bytes(s->walk) != h->text_bytes) {
		err_set(e, ERR_VERDICT, "its text is not as long as its header "
		    "tells");
		return place_here(s, e);
	}
	take_text(s, NULL, 0);
	if (check_refused(s, e) != 0)
		return -1;
	count(s, h);
	s->at += h->member_bytes;
	n = check_read(s->in, s->next, sizeof(s->next), e);
	s->next_len = n > 0 ? (size_t)n : 0;
	return n < 0 ? -1 : 0;
}

static int
begin_kind(struct sealed *s, enum seal_kind kind, struct err *e)
{
	const struct check_hooks *hooks = &s->c->hooks;

	if ((s->begun & 1u << kind) != 0)
		return 0;
	s->begun |= 1u << kind;
	if (hooks->begin == NULL)
		return 0;
	return drain(s, e) == 0 ? hooks->begin(hooks->ctx, kind, e) : -1;
}

/* Read until the SEAL's header. */
static int
read_members(struct sealed *s, struct err *e)
{
	struct seal_header h;

	for (;;) {
		check_progress(s->in);
		if (read_header(s, &h, e) != 0)
			return -1;
		if (h.kind == SEAL_END)
			return 0;
		if (begin_kind(s, h.kind, e) != 0)
			return -1;
		if (h.member_bytes <= MEMBER_MAX &&
		    h.text_bytes <= SEAL_TEXT_MAX) {
			if (put_job(s, &h, e) != 0)
				return -1;
		} else if (drain(s, e) != 0 || stream_member(s, &h, e) != 0) {
			return -1;
		}
	}
}

/* Everything before it was good: does the SEAL fit, and end the stream? */
static int
check_end(struct sealed *s, struct err *e)
{
	uint8_t seal[SEAL_END_SIZE + SEAL_HEADER_SIZE];

	if (read_rest(s, seal, SEAL_END_SIZE, e) != 0)
		return -1;
	if (s->next_len != 0)
		return err_set(e, ERR_VERDICT, "bytes follow its seal, at byte "
		    "%" PRIu64, s->at);
	return check_seal(s->c, s->sum, seal, e);
}

static int
open_sealed(struct sealed *s, struct err *e)
{
	unsigned i, jobs = s->c->jobs;

	s->njobs = 2 * jobs;
	s->unpackers = mem_new(jobs, sizeof(struct seal_unpacker *), e);
	s->jobs = mem_new(s->njobs, sizeof(*s->jobs), e);
	if (s->unpackers == NULL || s->jobs == NULL)
		return -1;
	for (i = 0; i < s->njobs; i++)
		buf_init(&s->jobs[i].text, SEAL_TEXT_MAX);
	for (i = 0; i < jobs; i++)
		if ((s->unpackers[i] = seal_unpacker_new(e)) == NULL)
			return -1;
	if ((s->sum = seal_sum_new(e)) == NULL ||
	    (s->walk = gzwalk_new(take_text, s, e)) == NULL ||
	    (s->block = mem_new(BLOCK_SIZE, 1, e)) == NULL ||
	    (s->pipe = thr_pipe_new(jobs, s->njobs, work, e)) == NULL)
		return -1;
	return 0;
}

static void
close_sealed(struct sealed *s)
{
	unsigned i;

	thr_pipe_free(s->pipe);
	for (i = 0; s->unpackers != NULL && i < s->c->jobs; i++)
		seal_unpacker_free(s->unpackers[i]);
	for (i = 0; s->jobs != NULL && i < s->njobs; i++) {
		free(s->jobs[i].data);
		buf_free(&s->jobs[i].text);
	}
	seal_sum_free(s->sum);
	gzwalk_free(s->walk);
	free(s->unpackers);
	free(s->jobs);
	free(s->block);
}

int
check_sealed(struct check *c, struct input *in, struct err *e)
{
	struct sealed s = { .c = c, .in = in };
	ssize_t n;
	int rc = -1;

	c->make = CHECK_SEALED;
	if (open_sealed(&s, e) != 0)
		goto out;
	if ((n = check_read(in, s.next, sizeof(s.next), e)) < 0)
		goto out;
	s.next_len = (size_t)n;
	rc = read_members(&s, e);
	/* members that are still being checked may be bad, and come first */
	if (drain(&s, e) != 0)
		rc = -1;
	if (rc == 0)
		rc = check_end(&s, e);
out:
	close_sealed(&s);
	return rc;
}
