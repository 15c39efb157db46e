/*
 * The backups in a folder of a bucket or in a directory, in little memory:
 * 100,000 of them take some 8 MiB. A prefix means a folder, without the
 * folders in it: "backups" is neither "backups-old/" nor "backups/eu/".
 */
#ifndef CATALOG_H
#define CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "s3.h"

struct catalog_folder {
	char *bucket;		/* NULL: a directory */
	char *path;		/* "", or ends with a slash */
};

struct catalog_entry {
	int64_t time;		/* from the name, UTC seconds */
	uint64_t size;
	const char *text;	/* file name; NAME is its first name_len bytes */
	uint32_t folder;
	uint16_t name_len;
	bool encrypted;
	bool archived;		/* GLACIER or DEEP_ARCHIVE: can't be read */
};

/* What a backup that was never finished left behind. */
struct catalog_leftover {
	int64_t time;		/* initiated, last written; UTC seconds */
	const char *text;	/* file name; of a file, with .partial */
	const char *upload_id;	/* NULL: a file */
	uint32_t folder;
};

struct catalog;

/* s3 is borrowed; NULL: files. */
struct catalog *catalog_new(struct s3 *s3, struct err *e);
void catalog_free(struct catalog *c);

/*
 * Add what is in a folder of a bucket (its last slash may be missing) or in a
 * directory, and what was left there: backups of every NAME, or of the one
 * that bkname_encode() makes of name unless that is NULL. What is no backup
 * by its name is passed over, and so is whatever is not a regular file;
 * symbolic links are not followed.
 */
int catalog_add_prefix(struct catalog *c, const char *bucket,
	const char *folder, const char *name, struct err *e);
int catalog_add_dir(struct catalog *c, const char *dir, const char *name,
	struct err *e);

/*
 * In an empty catalog: add the backups that are named on fd, one s3:// URI or
 * path a line, and that are there; no leftovers. A line that can't be one is
 * ERR_USAGE, and nothing more is read. Repeated ones count once.
 */
int catalog_add_lines(struct catalog *c, int fd, const char *name,
	struct err *e);

/*
 * All entries, sorted: those of one NAME in one folder side by side, newest
 * first. Borrowed until the next addition.
 */
const struct catalog_entry *catalog_entries(struct catalog *c, size_t *len);
bool catalog_same_set(const struct catalog_entry *a,
	const struct catalog_entry *b);

/* Borrowed until the next addition. */
const struct catalog_leftover *catalog_leftovers(const struct catalog *c,
	size_t *len);
const struct catalog_folder *catalog_folder(const struct catalog *c,
	uint32_t folder);

/* The server's clock, UTC seconds; 0: it said nothing. */
int64_t catalog_date(const struct catalog *c);

#endif
