/*
 * The grammar of a configuration file, which is the same for every driver on
 * every system. Nothing in it is ever executed or expanded:
 *
 *	file	= [ BOM ] { line newline }
 *	line	= "" | "#" anything | KEY "=" [ value ]
 *	KEY	= A-Z { A-Z 0-9 _ }
 *	value	= plain | quote text quote [ blank "#" anything ]
 *
 * Blanks around each of these mean nothing, and a line may end with a CR. The
 * first "=" ends the KEY. Between two equal quotes, single or double, text
 * stands as it is: the closing one is the first behind which nothing or a
 * comment follows, so quotes may stand within. A plain value may hold "#" and
 * quotes too. What may be meant as a comment or as part of the value is
 * refused: " #" in a plain value, the same quote again in a comment.
 */
#ifndef CONF_H
#define CONF_H

#include <stddef.h>

#include "err.h"

#define CONF_FILE_MAX (1u << 18)

struct conf_entry {
	char *key;
	char *value;
	unsigned line;		/* from 1 */
};

struct conf {
	struct conf_entry *entries;	/* in the file's order */
	size_t len;
};

#define CONF_INIT { NULL, 0 }

/*
 * Fill an empty conf from a file's text; name is for messages. ERR_USAGE with
 * the line on a breach of the grammar, a key given twice, a control character
 * in a value. Which keys there are is the caller's to know.
 */
int conf_parse(struct conf *c, const char *name, const char *text, size_t len,
	struct err *e);

/* Wiped: there may be passwords in it. */
void conf_free(struct conf *c);

/* The entry of a key, or NULL. Borrowed. */
const struct conf_entry *conf_find(const struct conf *c, const char *key);

/* Is it A-Z { A-Z 0-9 _ }? */
int conf_is_key(const char *text, size_t len);

#endif
