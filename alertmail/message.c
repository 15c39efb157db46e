/*
 * Encoded words (RFC 2047) for the subject, quoted-printable (RFC 2045, 6.7)
 * for the body: the latter leaves log lines readable as they are.
 */
#include <stdio.h>
#include <string.h>

#include "hash.h"
#include "message.h"
#include "utc.h"
#include "utf8.h"

#define LINE_MAX_BYTES 75	/* of quoted-printable, without the soft "=" */
#define WORD_BYTES 42		/* 56 in base64, 68 with "=?utf-8?B?…?=" */
#define SUBJECT_MAX 600

static void
put_date(struct buf *out, int64_t now)
{
	static const char days[] = "MonTueWedThuFriSatSun";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct utc t = utc_split(now);

	buf_printf(out, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d +0000",
	    days + 3 * utc_weekday(now), t.day, months + 3 * (t.month - 1),
	    t.year, t.hour, t.minute, t.second);
}

/* -- subject ------------------------------------------------------------- */

/* The subject with blanks for what must not be in it, cut to a ceiling. */
static void
clean_subject(struct buf *out, const char *subject)
{
	size_t len = strlen(subject), i, n;
	uint32_t code;

	for (i = 0; i < len; i += n > 0 ? n : 1) {
		n = utf8_decode(subject + i, len - i, &code);
		if (out->len + n > SUBJECT_MAX)
			break;
		if (n == 0 || !utf8_is_printable(code))
			buf_putc(out, ' ');
		else
			buf_put(out, subject + i, n);
	}
}

static bool
is_plain(const struct buf *subject)
{
	size_t i;

	for (i = 0; i < subject->len; i++)
		if ((unsigned char)subject->data[i] >= 0x80)
			return false;
	return subject->len <= 66 && strstr(buf_text(subject), "=?") == NULL;
}

/* How many bytes of whole characters fit into one encoded word. */
static size_t
word_len(const char *text, size_t len)
{
	size_t used = 0, n;
	uint32_t code;

	while (used < len) {
		n = utf8_decode(text + used, len - used, &code);
		if (n == 0 || used + n > WORD_BYTES)
			break;
		used += n;
	}
	return used;
}

static void
put_subject(struct buf *out, const struct message *m)
{
	char word[HASH_BASE64_MAX + 16];
	struct buf clean = BUF_INIT(SUBJECT_MAX);
	size_t i = 0, n;

	clean_subject(&clean, m->subject);
	buf_puts(out, "Subject:");
	if (is_plain(&clean))
		buf_printf(out, " %s", buf_text(&clean));
	else
		for (; i < clean.len; i += n) {
			n = word_len(clean.data + i, clean.len - i);
			hash_base64(word, (const uint8_t *)clean.data + i, n);
			buf_printf(out, "%s =?utf-8?B?%s?=",
			    i > 0 ? m->newline : "", word);
		}
	buf_puts(out, m->newline);
	buf_free(&clean);
}

/* -- body ---------------------------------------------------------------- */

struct body {
	struct buf *out;
	const char *newline;
	size_t column;
};

/* One unit that must stay together, with a soft line break where needed. */
static void
put_unit(struct body *b, const char *unit, size_t len)
{
	if (b->column + len > LINE_MAX_BYTES) {
		buf_printf(b->out, "=%s", b->newline);
		b->column = 0;
	}
	buf_put(b->out, unit, len);
	b->column += len;
}

static void
put_byte(struct body *b, char c, bool literal)
{
	char hex[4];

	if (literal) {
		put_unit(b, &c, 1);
	} else {
		(void)snprintf(hex, sizeof(hex), "=%02X", (unsigned char)c);
		put_unit(b, hex, 3);
	}
}

/* A "." or an "F" (of "From ") at the beginning means something to somebody. */
static bool
is_literal(const struct body *b, char c, bool last)
{
	bool first = b->column == 0 || b->column >= LINE_MAX_BYTES;

	if (c == ' ' || c == '\t')
		return !last;
	return c > ' ' && c < 127 && c != '=' &&
	    !(first && (c == '.' || c == 'F'));
}

static void
put_char(struct body *b, const char *p, size_t n, uint32_t code, bool last)
{
	char visible[8];
	size_t i, len;

	if (code == '\t' || (n > 0 && utf8_is_printable(code))) {
		for (i = 0; i < n; i++)
			put_byte(b, p[i], is_literal(b, p[i], last));
		return;
	}
	for (i = 0; i < (n > 0 ? n : 1); i++) {
		len = (size_t)snprintf(visible, sizeof(visible), "\\x%02x",
		    (unsigned char)p[i]);
		put_unit(b, visible, len);
	}
}

static void
put_body_line(struct body *b, const char *line, size_t len)
{
	size_t i, n;
	uint32_t code;

	b->column = 0;
	for (i = 0; i < len; i += n > 0 ? n : 1) {
		code = 0;
		n = utf8_decode(line + i, len - i, &code);
		put_char(b, line + i, n, n > 0 ? code : 0, i + 1 == len);
	}
	buf_puts(b->out, b->newline);
}

static void
put_body(struct buf *out, const struct message *m)
{
	struct body b = { out, m->newline, 0 };
	const char *line = m->body, *end = m->body + m->body_len, *newline;
	size_t len;

	while (line < end) {
		newline = memchr(line, '\n', (size_t)(end - line));
		len = (size_t)((newline != NULL ? newline : end) - line);
		put_body_line(&b, line, len > 0 && newline != NULL &&
		    line[len - 1] == '\r' ? len - 1 : len);
		line += len + (newline != NULL ? 1 : 0);
	}
}

void
message_put(struct buf *out, const struct message *m)
{
	const char *nl = m->newline;
	size_t i;

	buf_printf(out, "From: %s%sTo: %s", m->from, nl, m->to[0]);
	for (i = 1; i < m->to_count; i++)
		buf_printf(out, ",%s %s", nl, m->to[i]);
	buf_puts(out, nl);
	put_subject(out, m);
	put_date(out, m->now);
	buf_printf(out, "%sMessage-ID: <%s>%sMIME-Version: 1.0%s"
	    "Content-Type: text/plain; charset=utf-8%s"
	    "Content-Transfer-Encoding: quoted-printable%s"
	    "Auto-Submitted: auto-generated%s%s", nl, m->id, nl, nl, nl, nl,
	    nl, nl);
	put_body(out, m);
}
