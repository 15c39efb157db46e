/*
 * The statement that reads a table's rows, for a dump and for a check of what
 * was restored: both must see the same columns of the same rows. Pure.
 */
#ifndef COPYSQL_H
#define COPYSQL_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

/* A row's place: the block, and its number there, from 1 on. */
#define COPYSQL_AT(block, row) ((uint64_t)(block) << 16 | (row))

struct copysql {
	const char *table;	/* qualified, quoted */
	const char *columns;	/* quoted: "id, mail"; may be "" */
	const char *condition;	/* "WHERE …", or NULL */
	bool has_parts;		/* a partitioned table, with its partitions */
	bool is_range;		/* by place in the file; without condition */
	uint64_t first, end;	/* COPYSQL_AT(); end 0: whatever follows */
};

/* Append "COPY … TO STDOUT; ". */
void copysql_put(struct buf *sql, const struct copysql *what);

#define COPYSQL_PAGE 131072

/*
 * Append the same for pages of the large objects with OIDs from first to last:
 * OID, offset, and up to COPYSQL_PAGE bytes in hex. It is made of functions
 * that everybody may call on objects of their own, since pg_largeobject itself
 * is for superusers only.
 */
void copysql_put_lobs(struct buf *sql, uint32_t first, uint32_t last);

#endif
