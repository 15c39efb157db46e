/*
 * The bytes of the sealed stream's own headers, START and SEAL. Each has one
 * form only, so that a changed bit can't hide in a field nobody looks at.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "mem.h"
#include "seal.h"

/*
 * RFC 1952: magic, deflate, FEXTRA only, no time, no hints, unknown system;
 * then the extra field with a single subfield.
 */
static const uint8_t magic[] = { 0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255 };

#define FLAG_EXTRA 4
#define XLEN_AT 10
#define ID_AT 12
#define PAYLOAD_AT 16
#define PAYLOAD_SIZE 20
#define END_PAYLOAD_SIZE (PAYLOAD_SIZE + 8 + 8 + 8 + 32)
#define FIELD_HEAD 4		/* SI1, SI2, LEN */

static void
put_u64(uint8_t *p, uint64_t n)
{
	size_t i;

	for (i = 0; i < 8; i++)
		p[i] = (uint8_t)(n >> (8 * i));
}

static uint64_t
get_u64(const uint8_t *p)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < 8; i++)
		n |= (uint64_t)p[i] << (8 * i);
	return n;
}

static size_t
payload_size(unsigned kind)
{
	return kind == SEAL_END ? END_PAYLOAD_SIZE : PAYLOAD_SIZE;
}

void
seal_make_header(uint8_t out[SEAL_HEADER_SIZE], const struct seal_header *h)
{
	size_t payload = payload_size(h->kind);

	memset(out, 0, SEAL_HEADER_SIZE);
	memcpy(out, magic, sizeof(magic));
	out[XLEN_AT] = (uint8_t)(FIELD_HEAD + payload);
	out[ID_AT] = 'P';
	out[ID_AT + 1] = 'Z';
	out[ID_AT + 2] = (uint8_t)payload;
	out[PAYLOAD_AT] = SEAL_VERSION;
	out[PAYLOAD_AT + 1] = (uint8_t)h->kind;
	put_u64(out + PAYLOAD_AT + 4, h->member_bytes);
	put_u64(out + PAYLOAD_AT + 12, h->text_bytes);
}

/* Is there a PZ subfield, whatever else? */
static bool
claims_pz(const uint8_t *p, size_t n)
{
	return n >= SEAL_HEADER_SIZE && memcmp(p, magic, 3) == 0 &&
	    (p[3] & FLAG_EXTRA) != 0 && p[ID_AT] == 'P' && p[ID_AT + 1] == 'Z';
}

static int
check_sizes(const struct seal_header *h, struct err *e)
{
	uint64_t only = h->kind == SEAL_START ? SEAL_START_SIZE :
	    h->kind == SEAL_END ? SEAL_END_SIZE : 0;

	if (h->member_bytes < SEAL_MEMBER_MIN ||
	    h->member_bytes > INT64_MAX ||
	    (only != 0 && (h->member_bytes != only || h->text_bytes != 0)) ||
	    (h->text_bytes != 0 &&
	    (h->text_bytes - 1) / SEAL_RATIO_MAX >= h->member_bytes))
		return err_set(e, ERR_VERDICT,
		    "its header tells impossible sizes");
	return 0;
}

int
seal_parse_header(const uint8_t *p, size_t n, struct seal_header *h,
	struct err *e)
{
	uint8_t canonical[SEAL_HEADER_SIZE];
	unsigned kind;

	if (!claims_pz(p, n))
		return 0;
	if (p[PAYLOAD_AT] != SEAL_VERSION) {
		err_set(e, ERR_VERDICT, "it has format version %u, not %u",
		    p[PAYLOAD_AT], SEAL_VERSION);
		return err_hint(e, "if it is whole, a newer gzverify knows");
	}
	kind = p[PAYLOAD_AT + 1];
	if (kind < SEAL_START || kind > SEAL_END)
		return err_set(e, ERR_VERDICT, "it is of unknown kind %u",
		    kind);
	h->kind = (enum seal_kind)kind;
	h->member_bytes = get_u64(p + PAYLOAD_AT + 4);
	h->text_bytes = get_u64(p + PAYLOAD_AT + 12);
	seal_make_header(canonical, h);
	if (memcmp(p, canonical, SEAL_HEADER_SIZE) != 0)
		return err_set(e, ERR_VERDICT, "its header is damaged");
	return check_sizes(h, e) == 0 ? 1 : -1;
}

const char *
seal_kind_name(enum seal_kind kind)
{
	static const char *const names[] = { "?", "START", "PRE", "DATA",
		"LODATA", "SERIAL", "MANIFEST", "POST", "ARCHIVE", "SEAL" };

	return names[kind];
}

#define BIT(kind) (1u << (kind))
#define BULK (BIT(SEAL_PRE) | BIT(SEAL_DATA) | BIT(SEAL_LODATA) | \
	BIT(SEAL_SERIAL))

int
seal_check_order(unsigned *seen, enum seal_kind kind, struct err *e)
{
	/* what may stand before a member of each kind */
	static const unsigned before[] = {
		[SEAL_START] = 0,
		[SEAL_PRE] = BIT(SEAL_PRE),
		[SEAL_DATA] = BULK,
		[SEAL_LODATA] = BULK,
		[SEAL_SERIAL] = BULK | BIT(SEAL_MANIFEST),
		[SEAL_MANIFEST] = BULK | BIT(SEAL_MANIFEST),
		[SEAL_POST] = BULK | BIT(SEAL_MANIFEST) | BIT(SEAL_POST),
		[SEAL_ARCHIVE] = ~BIT(SEAL_END),
		[SEAL_END] = ~BIT(SEAL_END),
	};

	if ((*seen & ~before[kind]) != 0 || kind == SEAL_START ||
	    (*seen == 0 && kind != SEAL_PRE))
		return err_set(e, ERR_VERDICT,
		    "a member of kind %s is out of order",
		    seal_kind_name(kind));
	*seen |= BIT(kind);
	return 0;
}

/* Deflate's empty block, then CRC-32 and ISIZE of nothing. */
static void
put_empty(uint8_t *p)
{
	memset(p, 0, 10);
	p[0] = 3;
}

void
seal_make_start(uint8_t out[SEAL_START_SIZE])
{
	const struct seal_header h = { SEAL_START, SEAL_START_SIZE, 0 };

	seal_make_header(out, &h);
	put_empty(out + SEAL_HEADER_SIZE);
}

void
seal_make_end(uint8_t out[SEAL_END_SIZE], const struct seal_totals *totals)
{
	const struct seal_header h = { SEAL_END, SEAL_END_SIZE, 0 };
	uint8_t *p = out + SEAL_HEADER_SIZE;

	seal_make_header(out, &h);
	put_u64(p, totals->members);
	put_u64(p + 8, totals->stream_bytes);
	put_u64(p + 16, totals->text_bytes);
	memcpy(p + 24, totals->sha256, sizeof(totals->sha256));
	put_empty(p + 24 + sizeof(totals->sha256));
}

bool
seal_check_tail(const uint8_t tail[SEAL_END_SIZE], uint64_t size,
	struct seal_totals *totals)
{
	const uint8_t *p = tail + SEAL_HEADER_SIZE;
	uint8_t only[SEAL_END_SIZE];
	struct seal_totals t;

	t.members = get_u64(p);
	t.stream_bytes = get_u64(p + 8);
	t.text_bytes = get_u64(p + 16);
	memcpy(t.sha256, p + 24, sizeof(t.sha256));
	seal_make_end(only, &t);
	if (memcmp(only, tail, sizeof(only)) != 0 || t.members == 0 ||
	    size < SEAL_MEMBER_MIN + SEAL_END_SIZE ||
	    t.stream_bytes != size - SEAL_END_SIZE)
		return false;
	if (totals != NULL)
		*totals = t;
	return true;
}

/* -- the sum of a stream ------------------------------------------------ */

struct seal_sum {
	struct hash *hash;
	struct seal_totals totals;
};

struct seal_sum *
seal_sum_new(struct err *e)
{
	struct seal_sum *s = mem_new(1, sizeof(*s), e);

	if (s != NULL && (s->hash = hash_new(HASH_SHA256, e)) == NULL) {
		free(s);
		return NULL;
	}
	return s;
}

void
seal_sum_free(struct seal_sum *s)
{
	if (s == NULL)
		return;
	hash_free(s->hash);
	free(s);
}

int
seal_sum_add(struct seal_sum *s, const void *data, size_t len,
	struct err *e)
{
	s->totals.stream_bytes += len;
	return hash_update(s->hash, data, len, e);
}

void
seal_sum_count(struct seal_sum *s, uint64_t members, uint64_t text_bytes)
{
	s->totals.members += members;
	s->totals.text_bytes += text_bytes;
}

uint64_t
seal_sum_bytes(const struct seal_sum *s)
{
	return s->totals.stream_bytes;
}

int
seal_sum_final(struct seal_sum *s, struct seal_totals *totals, struct err *e)
{
	*totals = s->totals;
	return hash_final(s->hash, totals->sha256, e);
}
