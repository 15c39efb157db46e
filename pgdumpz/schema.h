/*
 * The SQL around the data, written by pg_restore out of the archive's table
 * of contents, and that table itself.
 */
#ifndef SCHEMA_H
#define SCHEMA_H

#include <jansson.h>

#include "archive.h"

struct schema_source {
	const struct archive *archive;
	const struct archive_source *from;
};

/* Each of the following appends its part to out, as members. */

/*
 * PRE: what comes before the data, without ACLs. Its second line tells what
 * must be known to make the database.
 */
int schema_make_pre(const struct schema_source *s, struct buf *out,
	struct err *e);

/*
 * SERIAL: the values of sequences. An object for each is appended to the JSON
 * array: sequence, last, called.
 */
int schema_make_serial(const struct schema_source *s, struct buf *out,
	json_t *sequences, struct err *e);

/* POST: what comes after the data, and all ACLs. */
int schema_make_post(const struct schema_source *s, struct buf *out,
	struct err *e);

/* ARCHIVE: the archive's beginning as comments, and which of it is POST. */
int schema_make_archive(const struct schema_source *s, struct buf *out,
	struct err *e);

/*
 * Text of pg_dump's without its header and trailer, which say "PostgreSQL
 * database dump" and "… complete": nothing may take a part for the whole.
 * Cuts the header off the front of *text, and the trailer's lines out of it.
 * Pure.
 */
void schema_strip(struct buf *text);

/*
 * Find the next setval() in pg_restore's text from *at on: its quoted name is
 * appended to name, unquoted; *at moves behind it; the whole statement is
 * sql[0..len). 1: found; 0: no more; -1: not understood. Pure.
 */
struct schema_setval {
	const char *sql;
	size_t len;
	int64_t last;
	bool called;
};
int schema_next_setval(const char **at, struct schema_setval *v,
	struct buf *name);

#endif
