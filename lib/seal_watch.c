/*
 * Whoever carries a stream sees its end only when there is no more; so what
 * may be the seal is always held back from the sum. The headers of members
 * are hopped along, since the SHA-256 doesn't cover what the seal counts.
 */
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "mem.h"
#include "seal.h"

struct seal_watch {
	struct hash *hash;		/* of all but the tail */
	uint64_t bytes;
	uint64_t header_at;		/* where the next member begins */
	uint8_t header[SEAL_HEADER_SIZE];
	size_t header_len;
	uint64_t members, text_bytes;	/* before header_at */
	bool begins, counts, stopped;	/* a sealed stream; without START */
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

/* A header is there: count its member, unless the hopping ends here. */
static void
hop(struct seal_watch *w)
{
	struct seal_header h;
	struct err ignored;
	int known = seal_parse_header(w->header, sizeof(w->header), &h,
	    &ignored);

	if (w->header_at == 0) {
		w->begins = known != 0;
		w->counts = known == 1 && h.kind != SEAL_START;
	}
	w->stopped = known != 1 || h.kind == SEAL_START || h.kind == SEAL_END;
	if (w->stopped)
		return;
	w->members++;
	w->text_bytes += h.text_bytes;
	w->header_at += h.member_bytes;
	w->header_len = 0;
}

static void
look_for_headers(struct seal_watch *w, const uint8_t *p, size_t len)
{
	uint64_t at;
	size_t n;

	while (!w->stopped) {
		at = w->header_at + w->header_len;
		if (at >= w->bytes + len)
			break;
		n = sizeof(w->header) - w->header_len;
		if (n > w->bytes + len - at)
			n = (size_t)(w->bytes + len - at);
		memcpy(w->header + w->header_len, p + (at - w->bytes), n);
		w->header_len += n;
		if (w->header_len == sizeof(w->header))
			hop(w);
	}
}

int
seal_watch_update(struct seal_watch *w, const void *data, size_t len,
	struct err *e)
{
	const uint8_t *p = data;
	size_t sum = w->tail_len + len, out, from_tail;

	if (len == 0)
		return 0;
	look_for_headers(w, p, len);
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
	struct seal_totals *t)
{
	struct seal_header h;
	struct err ignored;

	if (w->bytes == 0)
		return SEAL_EMPTY;
	if (!w->begins)		/* a seal without a beginning is no good */
		return seal_parse_header(w->tail, w->tail_len, &h, &ignored) ==
		    1 && h.kind == SEAL_END ? SEAL_BROKEN : SEAL_FOREIGN;
	if (w->tail_len < sizeof(w->tail) ||
	    !seal_check_tail(w->tail, w->bytes, t) ||
	    memcmp(t->sha256, sha256, sizeof(t->sha256)) != 0)
		return SEAL_BROKEN;
	if (w->counts && (t->members != w->members ||
	    t->text_bytes != w->text_bytes ||
	    t->stream_bytes != w->header_at))
		return SEAL_BROKEN;
	return SEAL_HELD;
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
