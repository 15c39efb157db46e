/*
 * The backups of one NAME, in BACKUP_DIR and in S3_BUCKET, and which of them
 * is meant when none is named.
 */
#ifndef LISTING_H
#define LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"

/* Dated further ahead of the clock, a backup's date is wrong. */
#define LISTING_AHEAD_SECONDS 93600

struct listing_item {
	char *name;		/* of its file or object */
	int64_t time;		/* from the name, UTC seconds */
	uint64_t size;
	bool is_remote;
};

struct listing {
	struct listing_item *items;
	size_t len;
};

#define LISTING_INIT { NULL, 0 }

/*
 * Add the files of a directory, or what s3ls has printed, that are backups of
 * the database or BACKUP_NAME label. Empty ones are none. A directory that is
 * not there has none.
 */
int listing_add_dir(struct listing *l, const char *dir, const char *label,
	struct err *e);
int listing_add_text(struct listing *l, const char *text, const char *label,
	struct err *e);

/* Does what s3ls has printed tell of an object of that name? Pure. */
bool listing_has_name(const char *text, const char *name);

/* The newest first, and of two copies the local one. */
void listing_sort(struct listing *l);

/*
 * The newest of a sorted one that was begun before limit, a date as in a name,
 * or "". The first *ahead items are passed over, being dated ahead of now.
 * NULL: there is none. Pure.
 */
const struct listing_item *listing_choose(const struct listing *l,
	const char *limit, int64_t now, size_t *ahead);

/* A line for each, as a user reads it: age, size, place, name. Pure. */
void listing_print(const struct listing *l, int64_t now, struct buf *out);

void listing_free(struct listing *l);

#endif
