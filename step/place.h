/*
 * The private directory of a run, named after it, so that every step finds it
 * by DRIVER and RUN_ID alone. Each file in it is a variable of the driver or
 * what a tool has said: bytes that no shell ever sees.
 */
#ifndef PLACE_H
#define PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "err.h"

#define PLACE_FILE_MAX (64u << 20)

struct place {
	char *temp;		/* the directory above */
	char *dir;
};

#define PLACE_INIT { NULL, NULL }

/*
 * Where it is for this driver and run; whether it is there is not looked at.
 * ERR_USAGE when driver or run is no plain word.
 */
int place_open(struct place *p, const char *driver, const char *run,
	struct err *e);
void place_close(struct place *p);

/* Make it; owner, kept in it, is a file that ends with its run. */
int place_make(const struct place *p, const char *owner, struct err *e);
/*
 * Open that of a killed run of the driver whose {token} is this: 1, or 0 when
 * there is none.
 */
int place_find_orphan(struct place *p, const char *driver, const char *token,
	struct err *e);
/* Remove all those of the driver's killed runs, as far as it goes. */
void place_remove_orphans(const struct place *p, const char *driver);
/* Remove it with all its files. */
int place_remove(const struct place *p, struct err *e);

/* Is it the name of a variable: a-z, then a-z, 0-9 and _? */
bool place_is_name(const char *name, size_t len);

/* Append the path of a variable's file. */
int place_put_path(const struct place *p, const char *name, struct buf *out,
	struct err *e);
/* Append all of it, nothing when it is missing. */
int place_read(const struct place *p, const char *name, struct buf *out,
	struct err *e);
/* The same of any file. */
int place_read_path(const char *path, struct buf *out, struct err *e);
/* Replace it; append a line to it. */
int place_write(const struct place *p, const char *name, const char *text,
	size_t len, struct err *e);
int place_add_line(const struct place *p, const char *name, const char *text,
	struct err *e);
/* Append an error to {said}, where the words of tools are. */
int place_say(const struct place *p, const struct err *why, struct err *e);
/* Open it for writing, emptied or at its end; a descriptor or -1. */
int place_open_file(const struct place *p, const char *name, bool append,
	struct err *e);

/* Does it have that line, byte for byte? 1, 0, or -1. */
int place_has_line(const struct place *p, const char *name, const char *line,
	struct err *e);

#endif
