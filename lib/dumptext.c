/*
 * pg_dump writes a trailer as the last thing it does; a text that lacks it is
 * the part that was written before something broke. Only the first and last
 * few kilobytes are looked at, so this costs nothing.
 */
#include <string.h>

#include "dumptext.h"

static const char *const header[] = {
	[DUMPTEXT_DATABASE] = "-- PostgreSQL database dump",
	[DUMPTEXT_CLUSTER] = "-- PostgreSQL database cluster dump",
};
static const char complete[] = " complete";

struct line {
	const char *text;
	size_t len;
};

static bool
begins(const struct line *l, const char *with)
{
	size_t n = strlen(with);

	return l->len >= n && memcmp(l->text, with, n) == 0;
}

static bool
is(const struct line *l, const char *text)
{
	return l->len == strlen(text) && begins(l, text);
}

static void
trim_cr(struct line *l)
{
	if (l->len > 0 && l->text[l->len - 1] == '\r')
		l->len--;
}

/* A blank line or a comment. */
static bool
is_idle(const struct line *l)
{
	return l->len == 0 || begins(l, "--");
}

/* The whole line that begins at *at, which is moved behind it. */
static bool
next_line(const char *text, size_t len, size_t *at, struct line *l)
{
	const char *end = memchr(text + *at, '\n', len - *at);

	if (end == NULL)
		return false;
	l->text = text + *at;
	l->len = (size_t)(end - l->text);
	*at += l->len + 1;
	trim_cr(l);
	return true;
}

static void
keep_key(struct dumptext *d, const struct line *l)
{
	static const char word[] = "\\restrict ";
	size_t n = l->len - strlen(word);

	if (n >= sizeof(d->key))
		n = sizeof(d->key) - 1;
	memcpy(d->key, l->text + strlen(word), n);
	d->key[n] = '\0';
}

/*
 * Read the lines before the first statement. final: what is not there now
 * will not come.
 */
static void
read_head(struct dumptext *d, bool final)
{
	enum dumptext_kind kind = DUMPTEXT_OTHER;
	struct line l;
	size_t at = 0;

	if (d->head_len >= 3 && memcmp(d->head, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	while (next_line(d->head, d->head_len, &at, &l)) {
		if (is(&l, header[DUMPTEXT_DATABASE]))
			kind = DUMPTEXT_DATABASE;
		else if (is(&l, header[DUMPTEXT_CLUSTER]))
			kind = DUMPTEXT_CLUSTER;
		else if (begins(&l, "\\restrict "))
			keep_key(d, &l);
		else if (!is_idle(&l)) {
			final = true;
			break;
		}
	}
	if (final)
		d->kind = kind;
}

static void
keep_tail(struct dumptext *d, const char *text, size_t len)
{
	size_t keep = sizeof(d->tail) - len;

	if (len >= sizeof(d->tail)) {
		memcpy(d->tail, text + len - sizeof(d->tail),
		    sizeof(d->tail));
		d->tail_len = sizeof(d->tail);
		return;
	}
	if (keep < d->tail_len) {
		memmove(d->tail, d->tail + d->tail_len - keep, keep);
		d->tail_len = keep;
	}
	memcpy(d->tail + d->tail_len, text, len);
	d->tail_len += len;
}

void
dumptext_feed(struct dumptext *d, const void *text, size_t len)
{
	size_t n = sizeof(d->head) - d->head_len;

	keep_tail(d, text, len);
	if (d->kind != DUMPTEXT_OPEN)
		return;
	if (n > len)
		n = len;
	memcpy(d->head + d->head_len, text, n);
	d->head_len += n;
	read_head(d, d->head_len == sizeof(d->head));
}

void
dumptext_settle(struct dumptext *d)
{
	if (d->kind == DUMPTEXT_OPEN)
		read_head(d, true);
}

static bool
is_trailer(const struct dumptext *d, const struct line *l)
{
	size_t n = strlen(header[d->kind]);

	return begins(l, header[d->kind]) && l->len == n + strlen(complete) &&
	    memcmp(l->text + n, complete, strlen(complete)) == 0;
}

static bool
is_unrestrict(const struct dumptext *d, const struct line *l)
{
	static const char word[] = "\\unrestrict ";
	size_t n = strlen(word);

	return begins(l, word) && l->len == n + strlen(d->key) &&
	    memcmp(l->text + n, d->key, strlen(d->key)) == 0;
}

bool
dumptext_is_whole(const struct dumptext *d)
{
	bool trailer = false, unrestricted = false;
	struct line l;
	size_t at = 0;

	if (d->kind != DUMPTEXT_DATABASE && d->kind != DUMPTEXT_CLUSTER)
		return false;
	/* the first line may be a fragment: it is only a trailer by chance
	 * when another follows, so nothing is lost */
	while (next_line(d->tail, d->tail_len, &at, &l)) {
		if (is_trailer(d, &l)) {
			trailer = true;
			unrestricted = false;
		} else if (is_unrestrict(d, &l)) {
			unrestricted = true;
		} else if (!is_idle(&l) && !begins(&l, "\\unrestrict ")) {
			trailer = false;
		}
	}
	l.text = d->tail + at;
	l.len = d->tail_len - at;
	trim_cr(&l);
	if (!is_idle(&l))
		return false;
	return trailer && (unrestricted || d->key[0] == '\0' ||
	    d->kind == DUMPTEXT_CLUSTER);
}
