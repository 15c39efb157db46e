/*
 * Does a text, seen passing by, begin as pg_dump's or pg_dumpall's plain
 * format does, and has it that format's end? LF or CRLF, with or without a
 * byte order mark.
 */
#ifndef DUMPTEXT_H
#define DUMPTEXT_H

#include <stdbool.h>
#include <stddef.h>

#define DUMPTEXT_HEAD 4096	/* bytes within which the header must stand */
#define DUMPTEXT_TAIL 8192	/* bytes within which the trailer must stand */

enum dumptext_kind {
	DUMPTEXT_OPEN,		/* not enough text to tell */
	DUMPTEXT_OTHER,
	DUMPTEXT_DATABASE,	/* pg_dump, pg_restore -f */
	DUMPTEXT_CLUSTER	/* pg_dumpall */
};

struct dumptext {		/* all zero is a beginning */
	enum dumptext_kind kind;
	char head[DUMPTEXT_HEAD];
	size_t head_len;
	char tail[DUMPTEXT_TAIL];
	size_t tail_len;
	char key[128];		/* of \restrict, which \unrestrict repeats */
};

void dumptext_feed(struct dumptext *d, const void *text, size_t len);

/* No more text, or no more patience: decide what it is. */
void dumptext_settle(struct dumptext *d);

/*
 * At the end, when settled: does it have the trailer of its kind, with only
 * blank lines, comments and \unrestrict after it? A pg_dump text that began
 * with \restrict must end with its \unrestrict.
 */
bool dumptext_is_whole(const struct dumptext *d);

#endif
