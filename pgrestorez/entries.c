/*
 * Over each entry pg_restore writes a comment, "-- Name: …; Type: …". A string
 * may hold such a line as well, so what is between statements is looked at
 * alone.
 */
#include <stdlib.h>
#include <string.h>

#include "entries.h"
#include "mem.h"
#include "sqltext.h"

static const char head[] = "-- Name: ";

struct entries {
	struct sqltext *text;
	size_t count;
	size_t matched;		/* bytes of head at the line's beginning */
	bool is_other;		/* the line begins with something else */
};

static enum sqltext_verdict
judge(void *ctx, const char *statement, size_t len, struct err *e)
{
	struct entries *n = ctx;

	(void)statement;
	(void)len;
	(void)e;
	n->is_other = true;
	return SQLTEXT_DROP;
}

static int
look(void *ctx, const char *text, size_t len, struct err *e)
{
	struct entries *n = ctx;
	size_t i;

	(void)e;
	for (i = 0; i < len; i++) {
		if (text[i] == '\n') {
			n->matched = 0;
			n->is_other = false;
		} else if (n->is_other || text[i] != head[n->matched]) {
			n->is_other = true;
		} else if (head[++n->matched] == '\0') {
			n->count++;
			n->is_other = true;
		}
	}
	return 0;
}

struct entries *
entries_new(struct err *e)
{
	struct entries *n = mem_new(1, sizeof(*n), e);
	const struct sqltext_hooks hooks = { n, judge, look };

	if (n == NULL || (n->text = sqltext_new(&hooks, e)) != NULL)
		return n;
	entries_free(n);
	return NULL;
}

void
entries_free(struct entries *n)
{
	if (n == NULL)
		return;
	sqltext_free(n->text);
	free(n);
}

int
entries_put(struct entries *n, const char *text, size_t len, struct err *e)
{
	return sqltext_feed(n->text, text, len, e);
}

size_t
entries_count(const struct entries *n)
{
	return n->count;
}

/* -- lists -------------------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
	const unsigned long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static const char *
next_line(const char *text)
{
	text += strcspn(text, "\n");
	return text + (*text == '\n');
}

int
entries_match(const char *ids, const char *list, size_t *count,
	struct err *e)
{
	unsigned long *sorted, id;
	const char *at;
	char *end;
	size_t len = 1, n = 0;

	*count = 0;
	for (at = ids; *at != '\0'; at = next_line(at))
		len++;
	if ((sorted = mem_new(len, sizeof(*sorted), e)) == NULL)
		return -1;
	for (at = ids; *at != '\0'; at = next_line(at))
		sorted[n++] = strtoul(at, NULL, 10);
	qsort(sorted, n, sizeof(*sorted), compare);
	for (at = list; *at != '\0'; at = next_line(at)) {
		id = strtoul(at, &end, 10);
		if (end > at && *end == ';' && bsearch(&id, sorted, n,
		    sizeof(*sorted), compare) != NULL)
			++*count;
	}
	free(sorted);
	return 0;
}
