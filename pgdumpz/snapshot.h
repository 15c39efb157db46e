/*
 * One consistent view of the database: an exported snapshot, pg_dump's table
 * of contents as of it, and its tables locked, with nothing lost between.
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include "archive.h"
#include "prepare.h"
#include "tables.h"

struct snapshot {
	struct pg *leader;	/* holds the snapshot and the locks; borrowed */
	char id[80];
	char time[40];		/* UTC, ISO 8601 */
	struct archive archive;
	struct prepared *prepared;	/* all but the data */
	struct tables tables;	/* locked and measured */
};

/*
 * Take it, starting over when somebody changes tables meanwhile. from->snapshot
 * is filled in here.
 */
int snapshot_open(struct snapshot *s, struct pg *leader,
	struct archive_source *from, struct err *e);

/* The leader's transaction ends with its connection. */
void snapshot_close(struct snapshot *s);

#endif
