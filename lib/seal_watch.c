/*
 * Whoever carries a stream sees its end only when there is no more; so what
 * may be the seal is always held back from the sum.
 */
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "mem.h"
#include "seal.h"

struct seal_watch {
	struct hash *hash;		/* of all but the tail */
	uint64_t bytes;
	uint8_t head[SEAL_HEADER_SIZE];
	uint8_t tail[SEAL_END_SIZE];
	size_t tail_len;
};

struct seal_watch *
seal_watch_new(struct err *e)
{
	struct seal_watch *w = mem_new(1, sizeof(*w), e);

	if (w != NULL && (w->hash = hash_new(HASH_SHA256, e)) == NULL) {
		free(w);
		return NULL;
	}
	return w;
}

void
seal_watch_free(struct seal_watch *w)
{
	if (w == NULL)
		return;
	hash_free(w->hash);
	free(w);
}

static void
keep_head(struct seal_watch *w, const uint8_t *p, size_t len)
{
	size_t n;

	if (w->bytes >= sizeof(w->head))
		return;
	n = sizeof(w->head) - (size_t)w->bytes;
	memcpy(w->head + w->bytes, p, n < len ? n : len);
}

int
seal_watch_update(struct seal_watch *w, const void *data, size_t len,
	struct err *e)
{
	const uint8_t *p = data;
	size_t sum = w->tail_len + len, out, from_tail;

	if (len == 0)
		return 0;
	keep_head(w, p, len);
	w->bytes += len;
	/* bytes that can no longer be of the seal, old ones first */
	out = sum > sizeof(w->tail) ? sum - sizeof(w->tail) : 0;
	from_tail = out < w->tail_len ? out : w->tail_len;
	if (hash_update(w->hash, w->tail, from_tail, e) != 0 ||
	    hash_update(w->hash, p, out - from_tail, e) != 0)
		return -1;
	w->tail_len -= from_tail;
	memmove(w->tail, w->tail + from_tail, w->tail_len);
	p += out - from_tail;
	len -= out - from_tail;
	memcpy(w->tail + w->tail_len, p, len);
	w->tail_len += len;
	return 0;
}

/* sha256: of all before the tail. */
static enum seal_state
judge(const struct seal_watch *w, const uint8_t *sha256,
	struct seal_totals *totals)
{
	size_t head = w->bytes < sizeof(w->head) ? (size_t)w->bytes :
	    sizeof(w->head);
	struct seal_header h;
	struct err ignored;
	int known = seal_parse_header(w->head, head, &h, &ignored);
	bool ends = w->tail_len == sizeof(w->tail) &&
	    seal_check_tail(w->tail, w->bytes, totals);

	if (w->bytes == 0)
		return SEAL_EMPTY;
	if (known == 0)		/* a seal without a beginning is no good */
		return ends ? SEAL_BROKEN : SEAL_FOREIGN;
	return known == 1 && ends && memcmp(totals->sha256, sha256,
	    sizeof(totals->sha256)) == 0 ? SEAL_HELD : SEAL_BROKEN;
}

int
seal_watch_final(struct seal_watch *w, enum seal_state *state,
	struct seal_totals *totals, uint8_t sha256[32], struct err *e)
{
	uint8_t before[HASH_SHA256_SIZE], all[HASH_SHA256_SIZE];
	struct hash *whole = hash_copy(w->hash, e);
	struct seal_totals t = { 0 };
	int rc = -1;

	if (whole == NULL)
		return -1;
	if (hash_update(whole, w->tail, w->tail_len, e) != 0 ||
	    hash_final(whole, all, e) != 0 ||
	    hash_final(w->hash, before, e) != 0)
		goto out;
	*state = judge(w, before, &t);
	if (totals != NULL && *state == SEAL_HELD)
		*totals = t;
	if (sha256 != NULL)
		memcpy(sha256, all, sizeof(all));
	rc = 0;
out:
	hash_free(whole);
	return rc;
}
