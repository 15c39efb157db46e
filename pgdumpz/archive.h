/*
 * pg_dump's custom archive as far as its table of contents goes. pg_dump
 * itself stays alive, blocked on its pipe with its locks held, until it is
 * let go.
 */
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include <jansson.h>

#include "options.h"
#include "pg.h"
#include "programs.h"
#include "toc.h"

struct archive {
	struct child *dumper;	/* NULL when it has ended by itself */
	int fd;			/* the archive's beginning, a file */
	uint64_t size;		/* of it */
	struct toc toc;
	struct buf warnings;	/* pg_dump's, a line each */
};

struct archive_source {
	const struct programs *programs;
	const struct pg_place *place;
	const struct options *options;
	const char *snapshot;
	const char *encoding;
	const json_t *head;	/* what is known of the database; borrowed */
	unsigned lock_wait_ms;	/* pg_dump gives up a lock after it */
};

/* Start pg_dump, read until there is a whole table of contents, list it. */
int archive_open(struct archive *a, const struct archive_source *from,
	struct err *e);

/* End pg_dump, if it still runs. */
void archive_let_go(struct archive *a);

/* Pass on what pg_dump has warned of; it has been let go. */
void archive_warn(const struct archive *a);

void archive_close(struct archive *a);

#endif
