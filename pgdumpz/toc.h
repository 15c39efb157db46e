/*
 * The table of contents of a pg_dump archive, as `pg_restore -l` lists it: it
 * is the truth about what a dump holds. Names can hold spaces, so a line is
 * known by its numbers alone. Pure.
 */
#ifndef TOC_H
#define TOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"

enum toc_kind {
	TOC_PRE,		/* SQL that comes before the data */
	TOC_TABLE,		/* the rows of the table oid */
	TOC_SEQUENCE,		/* a sequence's value */
	TOC_LOBS,		/* contents of large objects */
	TOC_POST		/* SQL that comes after it, ACLs included */
};

struct toc_entry {
	uint64_t id;		/* pg_dump's number for it */
	uint32_t class, oid;	/* the catalog, and the row there; or 0, 0 */
	enum toc_kind kind;
};

struct toc {
	struct toc_entry *entries;	/* in the archive's order */
	size_t len;
	size_t marked;			/* while parsing */
};

/*
 * Read the list of everything, and the one of --section=post-data, which
 * tells what comes after the data. -1 on a line that is not understood.
 */
int toc_parse(struct toc *toc, const char *all, const char *post,
	struct err *e);
void toc_free(struct toc *toc);

bool toc_has(const struct toc *toc, enum toc_kind kind);

/* The numbers of one kind, a line each, as `pg_restore -L` takes them. */
void toc_put_list(const struct toc *toc, enum toc_kind kind, struct buf *out);

#endif
