/*
 * A line is "ID; CLASS OID DESCRIPTION SCHEMA NAME OWNER". The description is
 * not delimited ("TABLE DATA x" may be a table in the schema "DATA"), so the
 * class decides too: what is not an object of its own has class 0.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "num.h"
#include "toc.h"

#define CLASS_DEFAULT_ACL 826	/* pg_default_acl */

struct line {
	uint64_t id, class, oid;
	const char *rest;
};

/* Digits up to one of the bytes of end, which is stepped over. */
static const char *
scan_number(const char *p, char end, uint64_t *out)
{
	size_t n = strspn(p, "0123456789");

	if (n == 0 || p[n] != end || num_parse_u64_len(p, n, out) != 0)
		return NULL;
	return p + n + 1;
}

static int
scan_line(const char *p, struct line *l)
{
	if ((p = scan_number(p, ';', &l->id)) == NULL || *p++ != ' ' ||
	    (p = scan_number(p, ' ', &l->class)) == NULL ||
	    (p = scan_number(p, ' ', &l->oid)) == NULL || l->oid > UINT32_MAX ||
	    l->class > UINT32_MAX)
		return -1;
	l->rest = p;
	return 0;
}

static bool
is_a(const struct line *l, uint64_t class, const char *description)
{
	return l->class == class && strncmp(l->rest, description,
	    strlen(description)) == 0;
}

static enum toc_kind
kind_of(const struct line *l)
{
	if (is_a(l, 0, "TABLE DATA "))
		return TOC_TABLE;
	if (is_a(l, 0, "SEQUENCE SET "))
		return TOC_SEQUENCE;
	if (is_a(l, 0, "BLOBS "))
		return TOC_LOBS;
	/* listed with --create only, and only written with CREATE DATABASE */
	if (is_a(l, 0, "ACL - DATABASE "))
		return TOC_PRE;
	if (is_a(l, 0, "ACL ") || is_a(l, CLASS_DEFAULT_ACL, "DEFAULT ACL ") ||
	    is_a(l, 0, "STATISTICS DATA "))
		return TOC_POST;
	return TOC_PRE;
}

static size_t
count_lines(const char *text)
{
	size_t n = 1;

	while ((text = strchr(text, '\n')) != NULL) {
		text++;
		n++;
	}
	return n;
}

/* Call each() for every line that is not a comment. */
static int
for_lines(const char *text, int (*each)(struct toc *toc, const struct line *l),
	struct toc *toc, struct err *e)
{
	struct line l;
	const char *end;

	for (; *text != '\0'; text = *end != '\0' ? end + 1 : end) {
		end = text + strcspn(text, "\n");
		if (*text == ';' || *text == '\r' || end == text)
			continue;
		if (scan_line(text, &l) != 0)
			return err_set(e, ERR_LOCAL, "cannot understand "
			    "'%.*s' in pg_restore's list", (int)(end - text),
			    text);
		if (each(toc, &l) != 0)
			return err_set(e, ERR_LOCAL, "pg_restore lists %llu "
			    "twice or not at all", (unsigned long long)l.id);
	}
	return 0;
}

static int
add(struct toc *toc, const struct line *l)
{
	struct toc_entry *t = &toc->entries[toc->len++];

	t->id = l->id;
	t->class = (uint32_t)l->class;
	t->oid = (uint32_t)l->oid;
	t->kind = kind_of(l);
	return 0;
}

/* The post-data list has the order of the whole one. */
static int
mark(struct toc *toc, const struct line *l)
{
	struct toc_entry *t;

	while (toc->marked < toc->len) {
		t = &toc->entries[toc->marked++];
		if (t->id != l->id)
			continue;
		if (t->kind == TOC_PRE)
			t->kind = TOC_POST;
		return 0;
	}
	return -1;
}

int
toc_parse(struct toc *toc, const char *all, const char *post, struct err *e)
{
	memset(toc, 0, sizeof(*toc));
	toc->entries = mem_new(count_lines(all), sizeof(*toc->entries), e);
	if (toc->entries == NULL || for_lines(all, add, toc, e) != 0 ||
	    for_lines(post, mark, toc, e) != 0) {
		toc_free(toc);
		return -1;
	}
	return 0;
}

void
toc_free(struct toc *toc)
{
	free(toc->entries);
	memset(toc, 0, sizeof(*toc));
}

bool
toc_has(const struct toc *toc, enum toc_kind kind)
{
	size_t i;

	for (i = 0; i < toc->len; i++)
		if (toc->entries[i].kind == kind)
			return true;
	return false;
}

void
toc_put_list(const struct toc *toc, enum toc_kind kind, struct buf *out)
{
	size_t i;

	for (i = 0; i < toc->len; i++)
		if (toc->entries[i].kind == kind)
			buf_printf(out, "%llu\n",
			    (unsigned long long)toc->entries[i].id);
}
