/*
 * The statement that a text of rows begins with: "COPY table (columns) FROM
 * stdin;" and a newline, names with anything in them included. Pure.
 */
#ifndef COPYHEAD_H
#define COPYHEAD_H

#include <stddef.h>

#define COPYHEAD_MAX ((size_t)4 << 20)	/* 1600 columns with long names */

/* Pieces of the text, quotes included. */
struct copyhead {
	const char *table, *columns;
	size_t table_len, columns_len;	/* 0: a table without columns */
};

/*
 * Returns the length of the statement; 0: it isn't all there; -1: the text
 * begins with no such thing.
 */
long copyhead_scan(struct copyhead *h, const char *text, size_t len);

#endif
