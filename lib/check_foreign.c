/*
 * The gzip of others has no marks to hop by, so one thread walks through it
 * while this one reads, sums up and passes on.
 *
 * Whether the text is a dump, so that a START member must go out first, is
 * known after its first lines; until then the bytes wait in `held`.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check_private.h"
#include "dumptext.h"
#include "gzwalk.h"
#include "mem.h"
#include "seal.h"
#include "thr.h"

#define BLOCK_SIZE (256u << 10)
#define BLOCKS 4
#define HELD_MAX (1u << 20)		/* patience with a late text */
#define PZ_ID ('P' << 8 | 'Z')

struct foreign {
	struct check *c;
	struct input *in;
	bool announced;			/* by START: a seal must end it */
	struct seal_sum *sum;		/* NULL: comes out unsealed */
	struct thr_pipe *pipe;
	struct block *blocks;
	unsigned next_block;
	uint8_t tail[SEAL_END_SIZE];	/* held back: may be the seal */
	size_t tail_len;
	struct buf held;
	bool decided, failed;

	/* used by the walking thread, and after it by this one */
	struct gzwalk *walk;
	struct dumptext text;
	uint64_t walked;
	bool refused;			/* by the text's hook */
	struct err why;
};

struct block {
	struct foreign *f;
	uint8_t *data;
	size_t len;
	uint64_t members, text_bytes;	/* that ended within it */
	enum dumptext_kind kind;	/* as known after it */
	int rc;
	struct err e;
};

static void
take_text(void *ctx, const void *data, size_t len)
{
	struct foreign *f = ctx;
	struct check_text t = { .data = data, .len = len };

	dumptext_feed(&f->text, data, len);
	if (f->c->hooks.text != NULL && !f->refused && len > 0)
		f->refused = f->c->hooks.text(f->c->hooks.ctx, &t,
		    &f->why) != 0;
}

static int
end_member(struct block *b)
{
	b->members++;
	b->text_bytes += gzwalk_text_bytes(b->f->walk);
	if (gzwalk_extra_id(b->f->walk) != PZ_ID)
		return 0;
	err_set(&b->e, ERR_VERDICT, "a member of a sealed stream ends at byte "
	    "%" PRIu64 ", but the stream does not begin as one",
	    gzwalk_offset(b->f->walk));
	return err_hint(&b->e, "its first bytes are damaged or missing");
}

static int
walk(struct block *b)
{
	struct foreign *f = b->f;
	size_t used = 0;
	bool ended;
	ssize_t n;

	while (used < b->len) {
		n = gzwalk_feed(f->walk, b->data + used, b->len - used,
		    &ended, &b->e);
		if (n < 0 || (ended && end_member(b) != 0))
			return -1;
		if (f->refused) {
			b->e = f->why;
			return -1;
		}
		used += (size_t)n;
	}
	f->walked += b->len;
	if (f->walked >= HELD_MAX)
		dumptext_settle(&f->text);
	return 0;
}

/* On the one thread of the pipe, so blocks are walked in order. */
static void
work(void *arg, unsigned worker)
{
	struct block *b = arg;

	(void)worker;
	b->members = b->text_bytes = 0;
	b->rc = walk(b);
	b->kind = b->f->text.kind;
}

/* -- passing on --------------------------------------------------------- */

static int
pass(struct foreign *f, const void *data, size_t len, struct err *e)
{
	if (f->sum != NULL && seal_sum_add(f->sum, data, len, e) != 0)
		return -1;
	return check_pass(f->c, data, len, e);
}

static int
pass_start(struct foreign *f, struct err *e)
{
	uint8_t start[SEAL_START_SIZE];

	seal_make_start(start);
	seal_sum_count(f->sum, 1, 0);
	return pass(f, start, sizeof(start), e);
}

/* What it is, is known now: what was held can go. */
static int
decide(struct foreign *f, enum dumptext_kind kind, struct err *e)
{
	bool dump = kind == DUMPTEXT_DATABASE || kind == DUMPTEXT_CLUSTER;

	f->decided = true;
	f->c->make = dump ? CHECK_DUMP : CHECK_OTHER;
	if (f->c->hooks.bytes == NULL)
		return 0;
	if (dump && ((f->sum = seal_sum_new(e)) == NULL ||
	    pass_start(f, e) != 0))
		return -1;
	return pass(f, f->held.data, f->held.len, e);
}

static int
hold(struct foreign *f, const struct block *b, struct err *e)
{
	if (f->c->hooks.bytes != NULL)
		buf_put(&f->held, b->data, b->len);
	return buf_check(&f->held, "the beginning of the input", e);
}

static int
end_block(struct foreign *f, const struct block *b, struct err *e)
{
	if (b->rc != 0) {
		*e = b->e;
		return -1;
	}
	if (!f->decided && b->kind != DUMPTEXT_OPEN &&
	    decide(f, b->kind, e) != 0)
		return -1;
	f->c->members += b->members;
	f->c->text_bytes += b->text_bytes;
	return f->decided ? pass(f, b->data, b->len, e) : hold(f, b, e);
}

/* Take the oldest block. The first error counts, the others follow it. */
static int
take(struct foreign *f, struct err *e)
{
	struct block *b = thr_pipe_take(f->pipe);

	if (!f->failed && end_block(f, b, e) != 0)
		f->failed = true;
	return f->failed ? -1 : 0;
}

static int
drain(struct foreign *f, struct err *e)
{
	int rc = 0;

	while (!thr_pipe_empty(f->pipe))
		if (take(f, e) != 0)
			rc = -1;
	return rc;
}

/* -- reading ------------------------------------------------------------ */

/* Fill a block behind what was held back; hold back anew. 0 at the end. */
static ssize_t
fill(struct foreign *f, struct block *b, struct err *e)
{
	size_t hold_back = f->announced ? sizeof(f->tail) : 0;
	ssize_t n;

	memcpy(b->data, f->tail, f->tail_len);
	n = check_read(f->in, b->data + f->tail_len, BLOCK_SIZE, e);
	if (n <= 0)
		return n;
	b->len = f->tail_len + (size_t)n;
	f->tail_len = b->len < hold_back ? b->len : hold_back;
	b->len -= f->tail_len;
	memcpy(f->tail, b->data + b->len, f->tail_len);
	return n;
}

static int
read_all(struct foreign *f, struct err *e)
{
	struct block *b;
	ssize_t n;

	for (;;) {
		check_progress(f->in);
		if (thr_pipe_full(f->pipe) && take(f, e) != 0)
			return -1;
		b = &f->blocks[f->next_block];
		if ((n = fill(f, b, e)) <= 0)
			return (int)n;
		thr_pipe_put(f->pipe, b);
		f->next_block = (f->next_block + 1) % BLOCKS;
	}
}

/* START has one form, and is no part of what is walked. */
static int
read_start(struct foreign *f, struct err *e)
{
	uint8_t start[SEAL_START_SIZE], only[SEAL_START_SIZE];
	ssize_t n = check_read(f->in, start, sizeof(start), e);

	if (n < 0)
		return -1;
	seal_make_start(only);
	if ((size_t)n < sizeof(start) || memcmp(start, only, sizeof(only)) != 0)
		return err_set(e, ERR_VERDICT,
		    "member 1 (START) at byte 0: it is damaged or cut off");
	if ((f->sum = seal_sum_new(e)) == NULL)
		return -1;
	f->c->make = CHECK_WRAPPED;
	f->decided = true;
	f->c->members = 1;
	gzwalk_start(f->walk, 2, sizeof(start));
	return pass_start(f, e);
}

/* -- the end ------------------------------------------------------------ */

static int
check_text(const struct foreign *f, struct err *e)
{
	if (f->text.kind == DUMPTEXT_OTHER && !f->announced)
		return 0;
	if (dumptext_is_whole(&f->text))
		return 0;
	err_set(e, ERR_VERDICT, "the text lacks pg_dump's last lines, after "
	    "%" PRIu64 " bytes of it", f->c->text_bytes);
	return err_hint(e, "gzip is intact, but pg_dump did not finish: "
	    "make a new dump");
}

static int
seal(struct foreign *f, struct err *e)
{
	uint8_t only[SEAL_END_SIZE];
	struct seal_totals totals;

	if (seal_sum_final(f->sum, &totals, e) != 0)
		return -1;
	seal_make_end(only, &totals);
	f->c->sealed = true;
	memcpy(f->c->sha256, totals.sha256, sizeof(f->c->sha256));
	return check_pass(f->c, only, sizeof(only), e);
}

static int
finish(struct foreign *f, struct err *e)
{
	bool ends = f->announced && f->tail_len == sizeof(f->tail) &&
	    seal_check_tail(f->tail, f->in->bytes, NULL);

	if (f->announced && !ends) {
		err_set(e, ERR_VERDICT, "it ends without its seal, at byte "
		    "%" PRIu64, f->in->bytes);
		return err_hint(e, "what made or carried it has failed; "
		    "nothing of it should be trusted");
	}
	if (gzwalk_finish(f->walk, e) != 0)
		return -1;
	if (f->c->text_bytes == 0) {
		err_set(e, ERR_VERDICT, "it is gzip of nothing at all");
		return err_hint(e, "what should have made its text has failed "
		    "before it wrote any");
	}
	dumptext_settle(&f->text);
	if (!f->decided && decide(f, f->text.kind, e) != 0)
		return -1;
	if (check_text(f, e) != 0)
		return -1;
	if (f->sum == NULL)
		return 0;
	seal_sum_count(f->sum, f->c->members - f->announced,
	    f->c->text_bytes);
	return f->announced ? check_seal(f->c, f->sum, f->tail, e) :
	    seal(f, e);
}

static int
open_foreign(struct foreign *f, struct err *e)
{
	size_t i;

	buf_init(&f->held, HELD_MAX + 2 * BLOCK_SIZE);
	if ((f->blocks = mem_new(BLOCKS, sizeof(*f->blocks), e)) == NULL)
		return -1;
	for (i = 0; i < BLOCKS; i++) {
		f->blocks[i].f = f;
		f->blocks[i].data = mem_new(BLOCK_SIZE + SEAL_END_SIZE, 1, e);
		if (f->blocks[i].data == NULL)
			return -1;
	}
	if ((f->walk = gzwalk_new(take_text, f, e)) == NULL ||
	    (f->pipe = thr_pipe_new(1, BLOCKS, work, e)) == NULL)
		return -1;
	return 0;
}

static void
close_foreign(struct foreign *f)
{
	size_t i;

	thr_pipe_free(f->pipe);
	for (i = 0; f->blocks != NULL && i < BLOCKS; i++)
		free(f->blocks[i].data);
	free(f->blocks);
	gzwalk_free(f->walk);
	seal_sum_free(f->sum);
	buf_free(&f->held);
}

int
check_foreign(struct check *c, struct input *in, bool announced,
	struct err *e)
{
	struct foreign *f = mem_new(1, sizeof(*f), e);
	int rc = -1;

	if (f == NULL)
		return -1;
	f->c = c;
	f->in = in;
	f->announced = announced;
	c->make = CHECK_OTHER;
	if (open_foreign(f, e) != 0 || (announced && read_start(f, e) != 0))
		goto out;
	rc = read_all(f, e);
	if (drain(f, e) != 0)
		rc = -1;
	if (rc == 0)
		rc = finish(f, e);
out:
	close_foreign(f);
	free(f);
	return rc;
}
