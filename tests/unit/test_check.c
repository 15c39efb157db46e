/*
 * gzverify's checks in the small: every bit, every truncation, every order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gz.h"
#include "check.h"
#include "dumptext.h"
#include "manifest.h"
#include "hash.h"
#include "os.h"
#include "seal.h"
#include "tests/unit/tap.h"

#define HEAD "--\n-- PostgreSQL database dump\n--\n\n"
#define TAIL "--\n-- PostgreSQL database dump complete\n--\n\n"
#define DUMP HEAD "SELECT 1;\n" TAIL

static struct check result;

/* 0, or the kind of the failure. */
static int
check(const void *data, size_t len, struct err *e)
{
	static int fd = -1;	/* one for all: a new one is slow on Windows */
	int rc;

	if (fd < 0)
		fd = os_temp_file(e);
	memset(&result, 0, sizeof(result));
	memset(e, 0, sizeof(*e));
	result.name = "test";
	result.jobs = 2;
	result.want_manifest = true;
	if (os_truncate(fd, 0, e) != 0 || os_rewind(fd, e) != 0 ||
	    os_pwrite(fd, data, len, 0, e) != 0)
		return ERR_LOCAL;
	rc = check_stream(&result, fd, e);
	check_free(&result);
	return rc == 0 ? 0 : (int)e->kind;
}

/* Append a member; kind 0: a foreign one. */
static void
add(struct buf *b, unsigned kind, const char *text)
{
	static const uint8_t plain[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };
	struct buf member = BUF_INIT(100000);
	struct err e = ERR_INIT;
	struct seal_packer *p = seal_packer_new(1, &e);

	if (kind == SEAL_START) {
		seal_make_start(buf_room(b, SEAL_START_SIZE));
		buf_filled(b, SEAL_START_SIZE);
	} else if (seal_pack(p, kind != 0 ? (enum seal_kind)kind : SEAL_DATA,
	    text, strlen(text), &member, &e) == 0 && kind != 0) {
		buf_put(b, member.data, member.len);
	} else {
		buf_put(b, plain, sizeof(plain));
		buf_put(b, member.data + SEAL_HEADER_SIZE,
		    member.len - SEAL_HEADER_SIZE);
	}
	buf_free(&member);
	seal_packer_free(p);
}

static void
add_seal(struct buf *b, uint64_t members, uint64_t text_bytes)
{
	struct seal_totals t = { members, b->len, text_bytes, { 0 } };
	struct err e = ERR_INIT;

	(void)hash_sha256(b->data, b->len, t.sha256, &e);
	seal_make_end(buf_room(b, SEAL_END_SIZE), &t);
	buf_filled(b, SEAL_END_SIZE);
}

/* -- every bit, every length -------------------------------------------- */

static void
test_damage(const struct buf *b, const char *what)
{
	struct err e;
	size_t i, missed = 0;
	char *data = malloc(b->len + 1);

	memcpy(data, b->data, b->len);
	tap_int(check(data, b->len, &e), 0, "%s is whole", what);
	tap_ok(result.sealed && result.bytes == b->len, "and sealed");
	for (i = 0; i < 8 * b->len; i++) {
		data[i / 8] ^= (char)(1u << (i % 8));
		if (check(data, b->len, &e) != ERR_VERDICT) {
			missed++;
			tap_note("bit %zu of byte %zu", i % 8, i / 8);
		}
		data[i / 8] ^= (char)(1u << (i % 8));
	}
	tap_int((int64_t)missed, 0, "%s: each of %zu flipped bits is seen",
	    what, i);
	for (i = missed = 0; i < b->len; i++)
		missed += check(data, i, &e) != ERR_VERDICT;
	tap_int((int64_t)missed, 0, "%s: each truncation is seen", what);
	data[b->len] = 0;
	tap_int(check(data, b->len + 1, &e), ERR_VERDICT, "%s: a byte more: %s",
	    what, e.text);
	free(data);
}

static void
test_native(void)
{
	struct buf b = BUF_INIT(10000);

	add(&b, SEAL_PRE, "-- pre\n");
	add(&b, SEAL_DATA, "COPY t (a) FROM stdin;\n1\n\\.\n");
	add(&b, SEAL_MANIFEST, "-- pgdumpz: {\"manifest\":1}\n");
	add(&b, SEAL_POST, "-- post\n");
	add_seal(&b, 4, 7 + 28 + 27 + 8);
	test_damage(&b, "a stream");
	tap_int(result.make, CHECK_SEALED, "of ours");
	buf_free(&b);
}

static void
test_wrapped(void)
{
	struct buf b = BUF_INIT(10000);

	add(&b, SEAL_START, "");
	add(&b, 0, HEAD "SELECT 1;\n");
	add(&b, 0, TAIL);
	add_seal(&b, 3, strlen(DUMP));
	test_damage(&b, "a wrapped stream");
	buf_free(&b);
}

/* -- what a seal must not vouch for -------------------------------------- */

static void
test_lies(void)
{
	struct buf b = BUF_INIT(10000);
	struct err e;

	add(&b, SEAL_PRE, "-- pre\n");
	add_seal(&b, 2, 7);
	tap_int(check(b.data, b.len, &e), ERR_VERDICT, "wrong members: %s",
	    e.text);
	buf_reset(&b);
	add(&b, SEAL_PRE, "-- pre\n");
	add_seal(&b, 1, 8);
	tap_int(check(b.data, b.len, &e), ERR_VERDICT, "wrong text_bytes");
	buf_reset(&b);
	add_seal(&b, 0, 0);
	tap_int(check(b.data, b.len, &e), ERR_VERDICT, "a seal of nothing: %s",
	    e.text);
	buf_reset(&b);
	add(&b, SEAL_START, "");
	add_seal(&b, 1, 0);
	tap_int(check(b.data, b.len, &e), ERR_VERDICT, "START of nothing: %s",
	    e.text);
	buf_reset(&b);
	add(&b, SEAL_START, "");
	add(&b, 0, HEAD "SELECT 1;\n");
	add_seal(&b, 2, strlen(HEAD) + 10);
	tap_int(check(b.data, b.len, &e), ERR_VERDICT,
	    "a seal of half a dump: %s", e.text);
	buf_reset(&b);
	add(&b, SEAL_START, "");
	add(&b, 0, "hello\n");
	add_seal(&b, 2, 6);
	tap_int(check(b.data, b.len, &e), ERR_VERDICT,
	    "a seal of no dump: %s", e.text);
	buf_reset(&b);
	add(&b, SEAL_START, "");
	add(&b, SEAL_PRE, DUMP);
	add_seal(&b, 2, strlen(DUMP));
	tap_int(check(b.data, b.len, &e), ERR_VERDICT,
	    "members of ours after START: %s", e.text);
	buf_reset(&b);
	add(&b, SEAL_PRE, "-- pre\n");
	add(&b, 0, "hello\n");
	add_seal(&b, 2, 13);
	tap_int(check(b.data, b.len, &e), ERR_VERDICT,
	    "a foreign member without START: %s", e.text);
	buf_free(&b);
}

/* Kinds as letters: S P D L Q(serial) M O(post) A(archive). */
static void
test_order(void)
{
	static const char letters[] = "?SPDLQMOA";
	static const struct {
		const char *kinds;
		bool good;
	} cases[] = {
		{ "P", true }, { "PP", true }, { "PPDLDQMMOOAA", true },
		{ "PQDMOA", true }, { "PMQO", true }, { "PO", true },
		{ "PA", true }, { "PDA", true },
		{ "D", false }, { "M", false }, { "O", false }, { "A", false },
		{ "PS", false }, { "PDP", false }, { "PMD", false },
		{ "POD", false }, { "POL", false }, { "POQ", false },
		{ "POM", false }, { "PAO", false }, { "PAP", false },
		{ "PAD", false }, { "PDMP", false },
	};
	struct buf b = BUF_INIT(10000);
	struct err e;
	const char *k;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&b);
		for (k = cases[i].kinds; *k != '\0'; k++)
			add(&b, (unsigned)(strchr(letters, *k) - letters),
			    "--\n");
		add_seal(&b, strlen(cases[i].kinds),
		    3 * strlen(cases[i].kinds));
		tap_ok((check(b.data, b.len, &e) == 0) == cases[i].good,
		    "order %s is %s", cases[i].kinds,
		    cases[i].good ? "good" : "bad");
	}
	buf_free(&b);
}

/* -- texts --------------------------------------------------------------- */

static bool
is_whole(const char *text, size_t step)
{
	static struct dumptext d;
	size_t len = strlen(text), at, n;

	memset(&d, 0, sizeof(d));
	for (at = 0; at < len; at += n) {
		n = len - at < step ? len - at : step;
		dumptext_feed(&d, text + at, n);
	}
	dumptext_settle(&d);
	return dumptext_is_whole(&d);
}

static void
test_texts(void)
{
	static const struct {
		const char *what, *text;
		bool whole;
	} cases[] = {
		{ "plain", DUMP, true },
		{ "byte order mark", "\xef\xbb\xbf" DUMP, true },
		{ "CRLF", "--\r\n-- PostgreSQL database dump\r\n--\r\n"
		    "SELECT 1;\r\n--\r\n-- PostgreSQL database dump complete"
		    "\r\n--\r\n\r\n", true },
		{ "comments after it", DUMP "-- Completed on 2026\n", true },
		{ "restricted", HEAD "\\restrict k1\nSELECT 1;\n" TAIL
		    "\\unrestrict k1\n\n", true },
		{ "not unrestricted", HEAD "\\restrict k1\nSELECT 1;\n" TAIL,
		    false },
		{ "cut within unrestrict", HEAD "\\restrict k1\nSELECT 1;\n"
		    TAIL "\\unrestrict k", false },
		{ "another's unrestrict", HEAD "\\restrict k1\nSELECT 1;\n"
		    TAIL "\\unrestrict k2\n", false },
		{ "restrict first", "\\restrict k1\n" HEAD "SELECT 1;\n" TAIL
		    "\\unrestrict k1\n", true },
		{ "no trailer", HEAD "SELECT 1;\n", false },
		{ "text after it", DUMP "SELECT 2;\n", false },
		{ "text after it, cut", DUMP "SEL", false },
		{ "half a trailer", HEAD "SELECT 1;\n--\n-- PostgreSQL "
		    "database dump comp", false },
		{ "an empty dump", HEAD TAIL, true },
		{ "only a header", HEAD, false },
		{ "cluster", "--\n-- PostgreSQL database cluster dump\n--\n\n"
		    "\\restrict k\nSET x;\n\\unrestrict k\n" DUMP
		    "--\n-- PostgreSQL database cluster dump complete\n--\n\n",
		    true },
		{ "cluster, cut after a database",
		    "--\n-- PostgreSQL database cluster dump\n--\n\n"
		    "SET x;\n" DUMP, false },
		{ "data that looks like it", HEAD "COPY t FROM stdin;\n"
		    "-- PostgreSQL database dump complete\nx", false },
	};
	static const size_t steps[] = { 1, 3, 7, 1000 };
	size_t i, j, bad;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (j = bad = 0; j < sizeof(steps) / sizeof(steps[0]); j++)
			bad += is_whole(cases[i].text, steps[j]) !=
			    cases[i].whole;
		tap_ok(bad == 0, "%s: %s", cases[i].what,
		    cases[i].whole ? "whole" : "not whole");
	}
}

/* Any truncation of a dump's text by more than its last blank lines. */
static void
test_text_cuts(void)
{
	static const char dump[] = HEAD "\\restrict abc\n\nSELECT 1;\n" TAIL
	    "\\unrestrict abc\n\n";
	char text[sizeof(dump)];
	size_t len, missed = 0;

	for (len = strlen(HEAD); len < sizeof(dump) - 2; len++) {
		memcpy(text, dump, len);
		text[len] = '\0';
		missed += is_whole(text, 1000);
	}
	tap_int((int64_t)missed, 0, "each truncation of a text is seen");
}

/* Long texts, so that head and tail are windows. */
static void
test_long_text(void)
{
	struct buf b = BUF_INIT(1 << 20);
	int i;

	buf_puts(&b, HEAD);
	for (i = 0; i < 3000; i++)
		buf_puts(&b, "INSERT INTO t VALUES (1);\n");
	tap_ok(!is_whole(b.data, 500), "a long text without its end");
	buf_puts(&b, TAIL);
	tap_ok(is_whole(b.data, 500) && is_whole(b.data, 100000),
	    "a long text with it");
	buf_free(&b);
}

static void
test_foreign(void)
{
	struct buf b = BUF_INIT(10000);
	struct err e;

	add(&b, 0, DUMP);
	tap_int(check(b.data, b.len, &e), 0, "the gzip of a dump");
	tap_ok(result.make == CHECK_DUMP && !result.sealed, "is not sealed");
	buf_reset(&b);
	add(&b, 0, HEAD "SELECT 1;\n");
	tap_int(check(b.data, b.len, &e), ERR_VERDICT, "half of it: %s",
	    e.text);
	buf_reset(&b);
	add(&b, 0, "hello");
	tap_int(check(b.data, b.len, &e), 0, "the gzip of something else");
	tap_int(result.make, CHECK_OTHER, "is known as that");
	tap_int(check("", 0, &e), ERR_VERDICT, "nothing: %s", e.text);
	tap_int(check("a", 1, &e), ERR_VERDICT, "a byte: %s", e.text);
	tap_int(check(DUMP, strlen(DUMP), &e), ERR_VERDICT, "plain text: %s",
	    e.text);
	buf_free(&b);
}

static void
test_not_gzip(void)
{
	static const char *const inputs[] = { "PGDMP\1", "Salted__x", "P",
		"age-encryption.org/v1\n", "-----BEGIN PGP MESSAGE-----\n",
		"\x28\xb5\x2f\xfd", "-- SELECT", "\x1f", "\x1f\x8b\x07" };
	struct err e;
	size_t i;

	for (i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++)
		tap_ok(check(inputs[i], strlen(inputs[i]), &e) == ERR_VERDICT,
		    "no gzip: %s (%s)", e.text, e.hint);
}

/* -- manifests ----------------------------------------------------------- */

static void
test_manifest(void)
{
	static const char good[] =
	    "-- pgdumpz: {\"manifest\":1,\"database\":\"d\"}\n"
	    "-- something else\n"
	    "-- pgdumpz: {\"unknown\":1}\n"
	    "-- pgdumpz: {\"table\":\"a.b\",\"rows\":3,\"bytes\":40}\n"
	    "-- pgdumpz: {\"table\":\"a.\\u001b\"}\n"
	    "-- pgdumpz: {\"sequence\":\"a.s\",\"last\":1}\n"
	    "-- pgdumpz: {\"large_objects\":{\"count\":2,\"bytes\":9}}";
	static const char bad[] = "-- pgdumpz: {\"table\":\n";
	struct buf in = BUF_INIT(10000), out = BUF_INIT(10000);
	struct err e = ERR_INIT;
	json_t *m;

	buf_puts(&in, good);
	m = manifest_read(&in, &e);
	manifest_list(m, &out);
	tap_text(buf_text(&out),
	    "           3              40  a.b\n"
	    "           0               0  a.\\x1b\n"
	    "           2               9  (large objects)\n",
	    "a manifest, listed harmlessly");
	tap_int((int64_t)json_array_size(json_object_get(m, "sequences")), 1,
	    "with its sequences");
	tap_text(json_string_value(json_object_get(m, "database")), "d",
	    "and head");
	json_decref(m);
	buf_reset(&in);
	buf_puts(&in, bad);
	tap_ok(manifest_read(&in, &e) == NULL && e.kind == ERR_VERDICT,
	    "no JSON: %s", e.text);
	buf_free(&in);
	buf_free(&out);
}

int
main(void)
{
	test_native();
	test_wrapped();
	test_lies();
	test_order();
	test_texts();
	test_text_cuts();
	test_long_text();
	test_foreign();
	test_not_gzip();
	test_manifest();
	return tap_done();
}
