/*
 * A pg_dump text says in its first lines that it is one, and its encoding. The
 * database must be made with that before the text can be run.
 */
#include <stdint.h>
#include <string.h>

#include "buf.h"
#include "foreign.h"
#include "gzwalk.h"
#include "seal.h"

#define PREVIEW ((size_t)64 << 10)


/* Encodings that clients can have and databases can't. */
static const char *const client_only[] = { "BIG5", "GB18030", "GBK", "JOHAB",
	"SJIS", "SHIFT_JIS_2004", "UHC" };

static void
find_encoding(struct foreign *f, const char *text)
{
	static const char set[] = "\nSET client_encoding = '";
	const char *at = strstr(text, set);
	size_t n, i;

	if (at == NULL)
		return;
	at += strlen(set);
	n = strcspn(at, "'");
	if (n >= sizeof(f->encoding))
		return;
	memcpy(f->encoding, at, n);
	f->encoding[n] = '\0';
	for (i = 0; i < sizeof(client_only) / sizeof(client_only[0]); i++)
		if (strcmp(f->encoding, client_only[i]) == 0)
			f->encoding[0] = '\0';
}

static void
take_text(void *ctx, const void *data, size_t len)
{
	struct buf *text = ctx;

	if (text->len + len > PREVIEW)
		len = PREVIEW - text->len;
	buf_put(text, data, len);
}

/* The text at the beginning of gzip that may be cut anywhere. */
static int
unzip(const uint8_t *head, size_t len, struct buf *text, struct err *e)
{
	struct gzwalk *walk = gzwalk_new(take_text, text, e);
	struct seal_header h;
	size_t used = 0;
	bool ended;
	ssize_t n = 0;

	if (walk == NULL)
		return -1;
	if (seal_parse_header(head, len, &h, e) == 1 &&
	    h.kind == SEAL_START && len > SEAL_START_SIZE)
		used = SEAL_START_SIZE;
	while (n >= 0 && used < len && text->len < PREVIEW) {
		n = gzwalk_feed(walk, head + used, len - used, &ended, e);
		used += n > 0 ? (size_t)n : 0;
	}
	gzwalk_free(walk);
	/* what comes after the text is looked at when it is run */
	if (n >= 0 || text->len > 0)
		return buf_check(text, "the beginning of the backup", e);
	return -1;
}

static int
judge(const struct foreign *f, const uint8_t *head, size_t len, struct err *e)
{
	if (f->text.kind == DUMPTEXT_DATABASE)
		return 0;
	if (f->text.kind == DUMPTEXT_CLUSTER) {
		(void)err_set(e, ERR_VERDICT, "the backup is of a whole "
		    "cluster, or of its roles, not of a database");
		return err_hint(e, "restore it by psql -X -d postgres");
	}
	(void)err_set(e, ERR_VERDICT, "the input is no backup: neither a "
	    "sealed stream nor the text of pg_dump");
	return len >= 5 && memcmp(head, "PGDMP", 5) == 0 ?
	    err_hint(e, "it is pg_dump's custom format, which pg_restore "
	    "reads") : err_hint(e, "decrypt it first if it is encrypted");
}

int
foreign_look(struct foreign *f, const void *head, size_t len, struct err *e)
{
	struct buf text = BUF_INIT(PREVIEW);
	struct seal_header h;
	const uint8_t *p = head;
	int known, rc = 0;

	memset(f, 0, sizeof(*f));
	if (len == 0)
		return err_set(e, ERR_VERDICT, "the input is empty");
	known = seal_parse_header(p, len, &h, e);
	if (known < 0)
		return err_context(e, "member 1");
	if (known == 1 && h.kind != SEAL_START)
		return 0;
	f->make = *p == 0x1f ? FOREIGN_GZIP : FOREIGN_PLAIN;
	if (f->make == FOREIGN_GZIP)
		rc = unzip(p, len, &text, e);
	else
		take_text(&text, head, len);
	if (rc == 0) {
		dumptext_feed(&f->text, buf_text(&text), text.len);
		dumptext_settle(&f->text);
		find_encoding(f, buf_text(&text));
		rc = judge(f, p, len, e);
	}
	buf_free(&text);
	memset(f->text.tail, 0, sizeof(f->text.tail));
	f->text.tail_len = 0;
	return rc;
}
