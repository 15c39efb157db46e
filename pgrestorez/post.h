/*
 * What comes after the data: indexes, constraints, privileges, and the
 * properties of the database itself.
 */
#ifndef POST_H
#define POST_H

#include "buf.h"
#include "entries.h"
#include "options.h"
#include "programs.h"
#include "target.h"

struct post {
	int text;		/* POST's SQL, a file without a name; -1 */
	struct entries *entries;	/* that the text holds */
	int archive;		/* pg_dump's table of contents, likewise */
	struct buf line;	/* of ARCHIVE, until it is whole */
	struct buf ids;		/* for pg_restore -L: what POST holds */
	bool is_readable;	/* by pg_restore, once post_run() has tried */
	bool options[4];	/* the dump was made with, see post.c */
	uint64_t archive_bytes, archive_expected;
};

void post_init(struct post *p);
void post_free(struct post *p);

/* Keep texts of POST and ARCHIVE until the seal was seen. */
int post_put_text(struct post *p, const char *text, size_t len,
	struct err *e);
int post_put_archive(struct post *p, const char *text, size_t len,
	struct err *e);

/*
 * Run it all: by pg_restore, in parallel, or, where that can't read the
 * archive, by psql. ERR_VERDICT when the archive lists less than POST holds.
 */
int post_run(struct post *p, const struct options *o,
	const struct programs *programs, const struct target *t,
	struct err *e);

/*
 * Append the SQL that gives the database its own properties: settings, owner,
 * comment, privileges. It is about a database of the name that was dumped.
 * Nothing when pg_restore can't read the archive.
 */
int post_properties(const struct post *p, const struct options *o,
	const struct programs *programs, struct buf *out, struct err *e);

#endif
