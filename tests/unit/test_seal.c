/*
 * The sealed stream's bytes are pinned; whoever watches one can't be fooled.
 */
#include <stdlib.h>
#include <string.h>

#include "gz.h"
#include "hash.h"
#include "os.h"
#include "seal.h"
#include "tests/unit/tap.h"

/* -- bytes -------------------------------------------------------------- */

static void
test_bytes(void)
{
	static const uint8_t start[SEAL_START_SIZE] = {
		0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 24, 0, 'P', 'Z', 20, 0,
		1, 1, 0, 0, 46, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	};
	static const uint8_t end_head[SEAL_HEADER_SIZE + 24] = {
		0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 80, 0, 'P', 'Z', 76, 0,
		1, 9, 0, 0, 102, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		3, 0, 0, 0, 0, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1,
		0xff, 0, 0, 0, 0, 0, 0, 0,
	};
	static const uint8_t end_tail[] = { 3, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
	struct seal_totals t = { 3, 0x0102030405060708, 255, { 0 } }, back;
	uint8_t out[SEAL_END_SIZE];

	seal_make_start(out);
	tap_bytes(out, start, sizeof(start), "START is these 46 bytes");
	memset(t.sha256, 0xa5, sizeof(t.sha256));
	seal_make_end(out, &t);
	tap_bytes(out, end_head, sizeof(end_head), "SEAL: header and totals");
	tap_bytes(out + sizeof(end_head), t.sha256, 32, "SEAL: SHA-256");
	tap_bytes(out + 92, end_tail, sizeof(end_tail), "SEAL: its end");
	tap_ok(seal_check_tail(out, t.stream_bytes + 102, &back) &&
	    memcmp(&back, &t, sizeof(t)) == 0, "and is read back");
	tap_ok(!seal_check_tail(out, t.stream_bytes + 101, NULL),
	    "not for another size");
	t.members = 0;
	t.stream_bytes = 0;
	seal_make_end(out, &t);
	tap_ok(!seal_check_tail(out, 102, NULL), "not the seal of nothing");
}

static int
parse(const struct seal_header *h, struct err *e)
{
	uint8_t bytes[SEAL_HEADER_SIZE];
	struct seal_header back;
	int rc;

	seal_make_header(bytes, h);
	rc = seal_parse_header(bytes, sizeof(bytes), &back, e);
	if (rc == 1 && (back.kind != h->kind ||
	    back.member_bytes != h->member_bytes ||
	    back.text_bytes != h->text_bytes))
		return -2;
	return rc;
}

static void
test_sizes(void)
{
	static const struct {
		struct seal_header h;
		int expected;
		const char *what;
	} cases[] = {
		{ { SEAL_DATA, 46, 0 }, 1, "the smallest member" },
		{ { SEAL_DATA, 45, 0 }, -1, "a smaller one" },
		{ { SEAL_DATA, 100, 103200 }, 1, "the best ratio" },
		{ { SEAL_DATA, 100, 103201 }, -1, "a better one" },
		{ { SEAL_DATA, 46, UINT64_MAX }, -1, "a bomb" },
		{ { SEAL_DATA, UINT64_MAX, 1 }, -1, "an absurd size" },
		{ { SEAL_START, 46, 0 }, 1, "START" },
		{ { SEAL_START, 47, 0 }, -1, "a longer START" },
		{ { SEAL_START, 46, 1 }, -1, "START with text" },
		{ { SEAL_END, 102, 0 }, 1, "SEAL" },
		{ { SEAL_END, 103, 0 }, -1, "a longer SEAL" },
	};
	struct err e = ERR_INIT;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		tap_int(parse(&cases[i].h, &e), cases[i].expected, "%s",
		    cases[i].what);
}

/* A flipped bit makes a header foreign or bad, or changes a plain number. */
static void
test_header_flips(void)
{
	const struct seal_header h = { SEAL_DATA, 1000, 5000 };
	uint8_t bytes[SEAL_HEADER_SIZE];
	struct seal_header back;
	struct err e = ERR_INIT;
	size_t bit, missed = 0;

	for (bit = 0; bit < 8 * SEAL_HEADER_SIZE; bit++) {
		seal_make_header(bytes, &h);
		bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		if (seal_parse_header(bytes, sizeof(bytes), &back, &e) == 1 &&
		    back.kind == h.kind && back.member_bytes == 1000 &&
		    back.text_bytes == 5000)
			missed++;
	}
	tap_int((int64_t)missed, 0, "no bit of a header is without meaning");
	seal_make_header(bytes, &h);
	tap_int(seal_parse_header(bytes, 35, &back, &e), 0, "35 bytes: no");
	bytes[16] = 2;
	tap_int(seal_parse_header(bytes, 36, &back, &e), -1, "version 2: %s",
	    e.text);
	bytes[16] = 1;
	bytes[17] = 10;
	tap_int(seal_parse_header(bytes, 36, &back, &e), -1, "kind 10: %s",
	    e.text);
}

/* -- members ------------------------------------------------------------ */

static void
test_members(void)
{
	static const char text[] = "COPY t (a) FROM stdin;\n1\n1\n1\n1\n"
	    "1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n\\.\n";
	const size_t len = sizeof(text) - 1;
	struct err e = ERR_INIT;
	struct seal_packer *p = seal_packer_new(GZ_LEVEL_DEFAULT, &e);
	struct seal_unpacker *u = seal_unpacker_new(&e);
	struct buf b = BUF_INIT(1000), small = BUF_INIT(40);
	struct seal_header h;
	const char *back = NULL;
	size_t bit, missed = 0;

	tap_int(seal_pack(p, SEAL_DATA, text, len, &b, &e), 0, "pack");
	tap_int(seal_parse_header((uint8_t *)b.data, b.len, &h, &e), 1,
	    "its header");
	tap_int((int64_t)h.member_bytes, (int64_t)b.len, "tells its size");
	tap_ok(seal_unpack(u, &h, b.data, &back, &e) == 0 &&
	    memcmp(back, text, len) == 0, "unpack");
	for (bit = 8 * SEAL_HEADER_SIZE; bit < 8 * b.len; bit++) {
		b.data[bit / 8] ^= (char)(1u << (bit % 8));
		if (seal_unpack(u, &h, b.data, &back, &e) == 0 &&
		    bit / 8 != b.len - 9)	/* may be padding */
			missed++;
		b.data[bit / 8] ^= (char)(1u << (bit % 8));
	}
	tap_int((int64_t)missed, 0, "each flipped bit behind it is seen");
	tap_ok(seal_pack(p, SEAL_DATA, text, len, &small, &e) != 0 &&
	    e.kind == ERR_LOCAL, "a full buffer: %s", e.text);
	buf_free(&b);
	buf_free(&small);
	seal_packer_free(p);
	seal_unpacker_free(u);
}

/* -- writer and watch --------------------------------------------------- */

/* A stream of two members, written to a file and read back. */
static size_t
make_stream(uint8_t *out, size_t size, bool finish)
{
	struct err e = ERR_INIT;
	struct seal_packer *p = seal_packer_new(1, &e);
	int fd = os_temp_file(&e);
	struct seal_writer *w = seal_writer_new(fd, &e);
	struct buf b = BUF_INIT(1000);
	ssize_t n;

	tap_int(seal_pack(p, SEAL_PRE, "-- hello\n", 9, &b, &e), 0, "pack");
	tap_int(seal_writer_put(w, b.data, b.len, &e), 0, "put");
	buf_reset(&b);
	tap_int(seal_pack(p, SEAL_POST, "-- end\n", 7, &b, &e), 0, "pack");
	tap_int(seal_writer_put(w, b.data, b.len, &e), 0, "put");
	tap_ok(!finish || seal_writer_finish(w, &e) == 0, "finish");
	n = os_pread(fd, out, size, 0, &e);
	buf_free(&b);
	seal_writer_free(w);
	seal_packer_free(p);
	(void)os_close(fd, &e);
	return n < 0 ? 0 : (size_t)n;
}

static enum seal_state
watch(const uint8_t *data, size_t len, size_t step, struct seal_totals *t,
	uint8_t sha256[32])
{
	struct err e = ERR_INIT;
	struct seal_watch *w = seal_watch_new(&e);
	enum seal_state state = SEAL_BROKEN;
	size_t at, n;
	int rc = 0;

	for (at = 0; at < len; at += n) {
		n = len - at < step ? len - at : step;
		rc |= seal_watch_update(w, data + at, n, &e);
	}
	rc |= seal_watch_final(w, &state, t, sha256, &e);
	seal_watch_free(w);
	return rc == 0 ? state : SEAL_EMPTY;
}

static void
test_watch(void)
{
	uint8_t s[1000], sha256[32], expected[32];
	size_t len = make_stream(s, sizeof(s), true), i, bad = 0;
	struct seal_totals t = { 0 };
	struct err e = ERR_INIT;

	(void)hash_sha256(s, len, expected, &e);
	for (i = 1; i <= len; i++) {
		memset(sha256, 0, sizeof(sha256));
		if (watch(s, len, i, &t, sha256) != SEAL_HELD ||
		    memcmp(sha256, expected, 32) != 0)
			bad++;
	}
	tap_int((int64_t)bad, 0, "a seal holds, in pieces of any size");
	tap_ok(t.members == 2 && t.text_bytes == 16 &&
	    t.stream_bytes == len - 102, "and tells what it is of");
	for (i = bad = 0; i < 8 * len; i++) {
		s[i / 8] ^= (uint8_t)(1u << (i % 8));
		bad += watch(s, len, 50, &t, NULL) == SEAL_HELD;
		s[i / 8] ^= (uint8_t)(1u << (i % 8));
	}
	tap_int((int64_t)bad, 0, "each flipped bit breaks it");
	for (i = bad = 0; i < len; i++)
		bad += watch(s, i, 50, &t, NULL) == SEAL_HELD ||
		    (i > 36 && watch(s, i, 50, &t, NULL) != SEAL_BROKEN);
	tap_int((int64_t)bad, 0, "and each truncation");
	s[len] = 0;
	tap_int(watch(s, len + 1, 50, &t, NULL), SEAL_BROKEN, "and more bytes");
	tap_int(watch(s, 0, 50, &t, NULL), SEAL_EMPTY, "nothing is empty");
	tap_int(watch(s + 40, 60, 50, &t, NULL), SEAL_FOREIGN, "foreign bytes");
	tap_int(watch(s + 40, len - 40, 50, &t, NULL), SEAL_BROKEN,
	    "a seal whose stream lacks its beginning");
	len = make_stream(s, sizeof(s), false);
	tap_int(watch(s, len, 50, &t, NULL), SEAL_BROKEN, "never finished");
}

static void
test_writer_fails(void)
{
	struct err e = ERR_INIT, again = ERR_INIT;
	int fd = os_open_read(os_null_device, &e);
	struct seal_writer *w = seal_writer_new(fd, &e);
	uint8_t start[SEAL_START_SIZE];

	seal_make_start(start);
	tap_int(seal_writer_put(w, "nonsense", 8, &e), -1, "no member: %s",
	    e.text);
	tap_int(seal_writer_put(w, start, sizeof(start), &again), -1,
	    "an error stays");
	tap_text(again.text, e.text, "and is told again");
	tap_int(seal_writer_finish(w, &again), -1, "no seal after a gap");
	seal_writer_free(w);
	w = seal_writer_new(fd, &e);
	tap_int(seal_writer_finish(w, &e), -1, "no seal of nothing");
	seal_writer_free(w);
	w = seal_writer_new(fd, &e);
	tap_int(seal_writer_put(w, start, sizeof(start), &e), -1,
	    "a failed write: %s", e.text);
	tap_int(seal_writer_finish(w, &again), -1, "and no seal after it");
	seal_writer_free(w);
	(void)os_close(fd, &e);
}

int
main(void)
{
	test_bytes();
	test_sizes();
	test_header_flips();
	test_members();
	test_watch();
	test_writer_fails();
	return tap_done();
}
