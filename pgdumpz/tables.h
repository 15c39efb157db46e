/*
 * The tables of a dump: what their rows are copied from and into.
 */
#ifndef TABLES_H
#define TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pg.h"
#include "rowsum.h"
#include "toc.h"

struct table {
	uint32_t oid;
	char kind;		/* pg_class.relkind */
	bool is_heap;
	char *sql;		/* quoted and qualified name */
	char *schema, *name;	/* as they are */
	char *root;		/* quoted name of what it loads through */
	char *condition;	/* "WHERE …" of an extension's table */
	char *list;		/* quoted columns: "id, mail"; may be "" */
	char **columns;		/* their names as they are */
	size_t ncolumns;
	uint64_t size;		/* bytes with TOAST */
	uint64_t blocks;	/* of the table itself */
	uint64_t *cuts;		/* where ranges after the first begin, if */
	size_t ncuts;		/* that was asked for */
	struct rowsum sum;	/* what has been copied */
	size_t tasks_left;	/* that copy it */
};

struct tables {
	struct table *items;	/* by OID */
	size_t len;
};

/*
 * Describe the tables that a table of contents lists, as the snapshot of the
 * connection sees them. via_root: all partitions load through their root.
 */
int tables_load(struct tables *t, struct pg *c, const struct toc *toc,
	bool via_root, struct err *e);
void tables_free(struct tables *t);

/* Ask for their sizes; they must be locked, or this could wait for a lock. */
int tables_measure(struct tables *t, struct pg *c, struct err *e);

/* The one with that OID, or NULL. */
struct table *tables_find(const struct tables *t, uint32_t oid);

/* Append "'{1,2}'::pg_catalog.oid[]" of all. */
void tables_put_oids(const struct tables *t, struct buf *out);

#endif
