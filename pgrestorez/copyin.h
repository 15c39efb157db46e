/*
 * COPY of one table after another on a connection. It is kept open over the
 * texts of a table, and large tables are loaded in the binary form, where all
 * of their types are known, and frozen, where that is allowed and they were
 * empty: other connections must not load them meanwhile.
 */
#ifndef COPYIN_H
#define COPYIN_H

#include <stdbool.h>
#include <stddef.h>

#include "pg.h"

struct copyin;

struct copyin *copyin_new(struct pg *conn /* borrowed */, bool may_freeze,
	struct err *e);
void copyin_free(struct copyin *c);	/* NULL is fine */

/*
 * The table that what is put from here on goes to, by the statement of its
 * text: "COPY … FROM stdin;" and a newline. An open COPY of another is ended.
 */
int copyin_into(struct copyin *c, const char *head, size_t len,
	struct err *e);

/* Whole rows, in COPY's text form. */
int copyin_put_rows(struct copyin *c, const char *rows, size_t len,
	struct err *e);

/* A piece of such rows, which may end within one. */
int copyin_put_piece(struct copyin *c, const char *text, size_t len,
	struct err *e);

/* Does it load a table frozen? What comes after its end could not be. */
bool copyin_freezes(const struct copyin *c);

/* End the COPY that is open. Until then nothing is sure to be loaded. */
int copyin_finish(struct copyin *c, struct err *e);

#endif
