/*
 * One member at a time, in memory: made, and read back with nothing trusted.
 */
#include <stdlib.h>
#include <string.h>

#include "gz.h"
#include "hash.h"
#include "mem.h"
#include "seal.h"

#define TRAILER_SIZE 8		/* CRC-32 and ISIZE */

struct seal_packer {
	struct gz_deflater *deflater;
};

struct seal_unpacker {
	struct gz_inflater *inflater;
	char *text;
	size_t size;
};

struct seal_packer *
seal_packer_new(int level, struct err *e)
{
	struct seal_packer *p = mem_new(1, sizeof(*p), e);

	if (p == NULL)
		return NULL;
	if ((p->deflater = gz_deflater_new(level, e)) == NULL) {
		free(p);
		return NULL;
	}
	return p;
}

void
seal_packer_free(struct seal_packer *p)
{
	if (p == NULL)
		return;
	gz_deflater_free(p->deflater);
	free(p);
}

static void
put_u32(uint8_t *p, uint32_t n)
{
	size_t i;

	for (i = 0; i < 4; i++)
		p[i] = (uint8_t)(n >> (8 * i));
}

static uint32_t
get_u32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

int
seal_pack(struct seal_packer *p, enum seal_kind kind, const void *text,
	size_t len, struct buf *out, struct err *e)
{
	size_t bound = gz_deflate_bound(p->deflater, len), n;
	struct seal_header h = { kind, 0, len };
	uint8_t *m = buf_room(out, SEAL_HEADER_SIZE + bound + TRAILER_SIZE);

	if (m == NULL)
		return buf_check(out, "a compressed member", e);
	n = gz_deflate(p->deflater, text, len, m + SEAL_HEADER_SIZE, bound);
	if (n == 0)
		return err_set(e, ERR_LOCAL, "cannot compress %zu bytes", len);
	h.member_bytes = SEAL_HEADER_SIZE + n + TRAILER_SIZE;
	seal_make_header(m, &h);
	put_u32(m + SEAL_HEADER_SIZE + n, hash_crc32(0, text, len));
	put_u32(m + SEAL_HEADER_SIZE + n + 4, (uint32_t)len);
	buf_filled(out, (size_t)h.member_bytes);
	return 0;
}

struct seal_unpacker *
seal_unpacker_new(struct err *e)
{
	struct seal_unpacker *u = mem_new(1, sizeof(*u), e);

	if (u == NULL)
		return NULL;
	if ((u->inflater = gz_inflater_new(e)) == NULL) {
		free(u);
		return NULL;
	}
	return u;
}

void
seal_unpacker_free(struct seal_unpacker *u)
{
	if (u == NULL)
		return;
	gz_inflater_free(u->inflater);
	free(u->text);
	free(u);
}

static int
reserve(struct seal_unpacker *u, uint64_t size, struct err *e)
{
	if (size < u->size)
		return 0;
	if (size >= SIZE_MAX)
		return err_set(e, ERR_LOCAL, "a member is too large");
	free(u->text);
	u->size = 0;
	u->text = mem_new((size_t)size + 1, 1, e);
	if (u->text == NULL)
		return -1;
	u->size = (size_t)size + 1;
	return 0;
}

int
seal_unpack(struct seal_unpacker *u, const struct seal_header *h,
	const void *member, const char **text, struct err *e)
{
	const uint8_t *data = (const uint8_t *)member + SEAL_HEADER_SIZE;
	size_t n = (size_t)h->member_bytes - SEAL_HEADER_SIZE - TRAILER_SIZE;
	size_t len = (size_t)h->text_bytes;

	if (reserve(u, h->text_bytes, e) != 0)
		return -1;
	if (!gz_inflate(u->inflater, data, n, u->text, len))
		return err_set(e, ERR_VERDICT,
		    "its data is damaged, or not as long as its header tells");
	if (get_u32(data + n) != hash_crc32(0, u->text, len))
		return err_set(e, ERR_VERDICT,
		    "its text does not match its CRC-32");
	if (get_u32(data + n + 4) != (uint32_t)len)
		return err_set(e, ERR_VERDICT,
		    "its text does not match its length");
	*text = u->text;
	return 0;
}
