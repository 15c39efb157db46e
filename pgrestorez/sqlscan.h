/*
 * Where a statement ends and a command of psql's begins, byte by byte: the
 * rules of psql's own lexer (fe_utils/psqlscan.l), since what it takes for a
 * command is run here. Where its versions differ, the text is refused.
 */
#ifndef SQLSCAN_H
#define SQLSCAN_H

#include <stdbool.h>
#include <stddef.h>

#define SQLSCAN_TAG_MAX 66	/* NAMEDATALEN, with its dollar signs */

enum sqlscan_state {
	SQLSCAN_PLAIN,
	SQLSCAN_LINE,		/* a comment to the end of the line */
	SQLSCAN_BLOCK,		/* one that may hold others */
	SQLSCAN_QUOTED,		/* in '…' or "…" */
	SQLSCAN_TAG,		/* what may begin $tag$…$tag$ */
	SQLSCAN_DOLLAR		/* in that */
};

enum sqlscan_event {
	SQLSCAN_REFUSE = -1,	/* no dump has that */
	SQLSCAN_NONE = 0,
	SQLSCAN_END,		/* this ";" ends the statement */
	SQLSCAN_COMMAND		/* this "\" begins a command */
};

/* Begins as zeros. */
struct sqlscan {
	enum sqlscan_state state;
	bool old_strings;	/* standard_conforming_strings = off */
	char previous;		/* byte, when it may begin a comment */
	unsigned comments;	/* BLOCK: open ones */
	char quote;		/* that ends QUOTED */
	bool escapes, escaped;	/* a backslash does; it has */
	bool closed;		/* the byte before was that quote */
	bool after;		/* nothing but space since a '…' */
	char word[12];		/* that is being read, lower case */
	size_t word_len;	/* 0: none */
	bool in_number;		/* one is being read */
	bool number_mixed;	/* with letters in it */
	bool unicode;		/* the bytes before were U& */
	char tag[SQLSCAN_TAG_MAX];
	size_t tag_len, matched;
	unsigned parens, begins;	/* open ones, BEGIN … END likewise */
	size_t words;		/* of the statement so far */
	char heads[4];		/* what the first ones begin with */
};

enum sqlscan_event sqlscan_step(struct sqlscan *s, char c);

char sqlscan_lower(char c);	/* of an ASCII letter */
bool sqlscan_in_comment(const struct sqlscan *s);

#endif
