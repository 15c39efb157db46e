/*
 * gzverify's checks on arbitrary bytes (libFuzzer). The first byte says how
 * the rest is used: as a stream, or as a recipe for a good stream and one
 * damage to it, since chance alone doesn't make good checksums.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "os.h"
#include "seal.h"

#define STREAM_MAX (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is promised must hold; the fuzzer reports what doesn't. */
static void
must(bool held)
{
	if (!held)
		__builtin_trap();
}

/* 0 when it was found whole; c as check_stream() has filled it. */
static int
check(const void *data, size_t size, struct check *c)
{
	struct err e = ERR_INIT;
	int fd = os_temp_file(&e), rc;

	memset(c, 0, sizeof(*c));
	c->name = "fuzz";
	c->jobs = 1;
	c->want_manifest = true;
	must(fd >= 0 && os_pwrite(fd, data, size, 0, &e) == 0);
	rc = check_stream(c, fd, &e);
	must(rc == 0 || (e.kind == ERR_VERDICT && e.text[0] != '\0'));
	check_free(c);
	(void)os_close(fd, &e);
	return rc;
}

static enum seal_state
watch(const void *data, size_t size)
{
	enum seal_state state = SEAL_EMPTY;
	struct err e = ERR_INIT;
	struct seal_watch *w = seal_watch_new(&e);

	must(w != NULL && seal_watch_update(w, data, size, &e) == 0 &&
	    seal_watch_final(w, &state, NULL, NULL, &e) == 0);
	seal_watch_free(w);
	return state;
}

static void
try_stream(const uint8_t *data, size_t size)
{
	struct check c;
	int rc = check(data, size, &c);

	/* the two must agree: one decompresses, the other does not */
	must(rc != 0 || !c.sealed || watch(data, size) == SEAL_HELD);
	must(rc != 0 || c.bytes == size);
}

static void
add_member(struct buf *b, struct seal_packer *p, enum seal_kind kind,
	const uint8_t *text, size_t len, struct seal_totals *t)
{
	struct err e = ERR_INIT;

	must(seal_pack(p, kind, text, len, b, &e) == 0);
	t->members++;
	t->text_bytes += len;
}

static void
seal(struct buf *b, const struct seal_totals *t)
{
	struct err e = ERR_INIT;
	struct seal_sum *sum = seal_sum_new(&e);
	struct seal_totals all;
	uint8_t end[SEAL_END_SIZE];

	must(sum != NULL && seal_sum_add(sum, b->data, b->len, &e) == 0);
	seal_sum_count(sum, t->members, t->text_bytes);
	must(seal_sum_final(sum, &all, &e) == 0);
	seal_make_end(end, &all);
	buf_put(b, end, sizeof(end));
	seal_sum_free(sum);
}

/*
 * A recipe: two bytes say where to flip which bit, then a kind and a length
 * stand before each text. Kinds that are out of order are left out.
 */
static void
try_recipe(const uint8_t *data, size_t size)
{
	struct seal_totals t = { 0 };
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT(STREAM_MAX);
	struct seal_packer *p = seal_packer_new(1, &e);
	size_t at = 2, len, bit;
	unsigned kind, seen = 0;
	struct check c;

	add_member(&b, p, SEAL_PRE, data, 2, &t);
	(void)seal_check_order(&seen, SEAL_PRE, &e);
	for (; at + 2 < size; at += 2 + len) {
		kind = SEAL_PRE + data[at] % 7;
		len = data[at + 1] < size - at - 2 ? data[at + 1] :
		    size - at - 2;
		if (seal_check_order(&seen, (enum seal_kind)kind, &e) == 0)
			add_member(&b, p, (enum seal_kind)kind, data + at + 2,
			    len, &t);
	}
	seal(&b, &t);
	must(check(b.data, b.len, &c) == 0 && c.sealed);
	bit = (data[0] | (size_t)data[1] << 8) % (8 * b.len);
	b.data[bit / 8] ^= (char)(1u << (bit % 8));
	must(check(b.data, b.len, &c) != 0);
	b.data[bit / 8] ^= (char)(1u << (bit % 8));
	must(check(b.data, bit / 8, &c) != 0);
	buf_free(&b);
	seal_packer_free(p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 4 || size > STREAM_MAX / 4)
		return 0;
	if (data[0] == 'r')
		try_recipe(data + 1, size - 1);
	else
		try_stream(data + 1, size - 1);
	return 0;
}
