/*
 * A member in the making: whole rows are gathered until there is enough of
 * them, then compressed and written in one go.
 */
#ifndef MEMBER_H
#define MEMBER_H

#include "buf.h"
#include "seal.h"

#define MEMBER_TEXT ((size_t)1 << 20)

struct member {
	struct seal_writer *out;	/* NULL: members go to kept */
	struct buf *kept;		/* both borrowed */
	struct seal_packer *packer;
	struct buf text, packed;
	enum seal_kind kind;
	const char *head, *foot;	/* around the text of each; borrowed */
	uint64_t written;		/* members so far */
};

int member_init(struct member *m, struct seal_writer *out, int level,
	struct err *e);
void member_free(struct member *m);

/* What follows is of this kind. The texts must stay until member_end(). */
void member_begin(struct member *m, enum seal_kind kind, const char *head,
	const char *foot);

/* Add what must not be split. */
int member_add(struct member *m, const void *text, size_t len,
	struct err *e);

/* Write what is left, if anything. */
int member_end(struct member *m, struct err *e);

#endif
