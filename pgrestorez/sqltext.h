/*
 * Goes through the SQL text of pg_dump as it comes, statement by statement, so
 * that some can be left out, and none can hide a command of psql's. It knows
 * what psql knows of quotes, comments, nested statements and COPY data. Refused
 * (ERR_USAGE) is what psql's versions read in different ways and pg_dump doesn't
 * write: a command within a statement, a byte 0, another COPY than FROM stdin,
 * other ways to change standard_conforming_strings than its own statement. (One
 * that a statement makes up as it runs is not seen.) It must be on at first.
 */
#ifndef SQLTEXT_H
#define SQLTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct sqltext;

enum sqltext_verdict { SQLTEXT_REFUSE = -1, SQLTEXT_DROP = 0, SQLTEXT_KEEP };

struct sqltext_hooks {
	void *ctx;
	/*
	 * What to do with a statement: from its first word to its ";", or a
	 * meta-command from its "\" to the end of the line. Not asked about
	 * one of more than 1 MiB, which is kept. REFUSE ends it all, and
	 * fills e. Also asked about a meta-command within a statement, from
	 * its "\" as far as the text is there, for its reason: all is refused.
	 */
	enum sqltext_verdict (*judge)(void *ctx, const char *statement,
	    size_t len, struct err *e);
	/* The text that is kept, whatever is between statements included. */
	int (*put)(void *ctx, const char *text, size_t len, struct err *e);
};

struct sqltext *sqltext_new(const struct sqltext_hooks *hooks, struct err *e);
void sqltext_free(struct sqltext *s);	/* NULL is fine */
int sqltext_feed(struct sqltext *s, const char *text, size_t len,
	struct err *e);
/* No more text: an open statement goes on as it is. */
int sqltext_end(struct sqltext *s, struct err *e);

/* Does it give an object to an owner? Does it grant or revoke? Pure. */
bool sqltext_is_owner(const char *statement, size_t len);
bool sqltext_is_acl(const char *statement, size_t len);
/* Does it begin with that text? Pure. */
bool sqltext_begins(const char *statement, size_t len, const char *with);

#endif
