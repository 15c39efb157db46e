/*
 * Every key that a configuration may have.
 */
#ifndef KEYS_H
#define KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"

enum key_type {
	KEY_TEXT,	/* anything in one line */
	KEY_WORD,	/* no blanks; one of choices when there are any */
	KEY_NAMES,	/* databases, separated by commas */
	KEY_BACKUP,	/* the NAME of backups */
	KEY_PATH,	/* absolute */
	KEY_URL,	/* with a scheme among choices */
	KEY_BUCKET,	/* s3://bucket/prefix */
	KEY_MAILS,	/* addresses, separated by commas or blanks */
	KEY_COUNT,	/* min to max */
	KEY_DURATION,	/* with s m h d w, or seconds */
	KEY_FLAG	/* yes or no */
};

struct key {
	const char *name;
	enum key_type type;
	const char *standard;	/* the default, as it would be written */
	const char *also;	/* variable of libpq that means the same */
	const char *choices;	/* separated by blanks, or NULL: any */
	uint64_t min, max;
	bool is_secret;		/* never in CMD's environment */
};

/* The table, which ends with a NULL name; by name, or NULL. */
extern const struct key keys_table[];
#define KEYS_MAX 64
const struct key *keys_find(const char *name);

/* The key whose name is the most like it, or NULL: for messages. */
const struct key *keys_guess(const char *name);

/*
 * Check a value that is not empty and append it in the form that CMD gets:
 * databases one a line, addresses with one blank between, durations in
 * seconds, flags as yes or no, all others as they are. ERR_USAGE, which never
 * shows a secret.
 */
int keys_check(const struct key *k, const char *value, struct buf *out,
	struct err *e);

#endif
