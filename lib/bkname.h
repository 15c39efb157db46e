/*
 * Names of backups: NAME_YYYYMMDD_HHMMSS.sql.gz and at most one suffix of an
 * encryption. Pure.
 */
#ifndef BKNAME_H
#define BKNAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

struct bkname {
	const char *name;	/* borrowed from the text parsed, not terminated */
	size_t name_len;
	int64_t time;		/* UTC seconds, a date that exists */
	bool encrypted;		/* .age, .gpg or .enc follows .sql.gz */
};

/*
 * Parse the last path segment of a key or path, from the right. false: not
 * the name of a backup.
 */
bool bkname_parse(const char *text, struct bkname *out);

/* Is it a backup of NAME, byte for byte ("app" is not "app_x")? */
bool bkname_is_of(const struct bkname *b, const char *name);

/*
 * Append a name; suffix is "" or ".age", ".gpg", ".enc". name is taken as it
 * is: see bkname_encode().
 */
void bkname_format(struct buf *out, const char *name, int64_t time,
	const char *suffix);

/* Append a database's name as NAME: %HH outside [A-Za-z0-9._-]. */
void bkname_encode(struct buf *out, const char *database);

/* Is it a backup of what bkname_encode() makes of this name? */
bool bkname_is_of_database(const struct bkname *b, const char *database);

#endif
