/*
 * pgdumpz writes each name as quote_ident() does, so that what stands outside
 * of quotes is never part of a strange one.
 */
#include <stdbool.h>
#include <string.h>

#include "copyhead.h"

static const char begins[] = "COPY ", ends[] = " FROM stdin";

/* Where that character stands outside of quotes; len: nowhere. */
static size_t
find(const char *text, size_t at, size_t len, char c)
{
	bool quoted = false;

	for (; at < len && (quoted || text[at] != c); at++)
		if (text[at] == '"')
			quoted = !quoted;
	return at;
}

long
copyhead_scan(struct copyhead *h, const char *text, size_t len)
{
	size_t first = strlen(begins), end, list, from;

	if (memcmp(text, begins, len < first ? len : first) != 0)
		return -1;
	end = find(text, first, len, ';');
	if (end + 1 >= len)
		return end > COPYHEAD_MAX ? -1 : 0;
	from = end - strlen(ends);
	if (text[end + 1] != '\n' || end < first + strlen(ends) ||
	    memcmp(text + from, ends, strlen(ends)) != 0)
		return -1;
	list = find(text, first, from, ' ');
	h->table = text + first;
	h->table_len = list - first;
	h->columns = text + list;
	h->columns_len = 0;
	if (from > list + 3 && text[list + 1] == '(' && text[from - 1] == ')') {
		h->columns += 2;
		h->columns_len = from - list - 3;
	}
	return (long)end + 2;
}
