/*
 * A file that appears under its name only when it is whole: written to
 * NAME.partial (0600, locked while it is written), synced, then renamed.
 */
#ifndef ATOMFILE_H
#define ATOMFILE_H

#include "err.h"

#define ATOMFILE_SUFFIX ".partial"

struct atomfile;

/*
 * Begin PATH.partial. One that a dead writer left is taken over; one that is
 * being written (locked) is an error.
 */
struct atomfile *atomfile_begin(const char *path, struct err *e);

int atomfile_fd(const struct atomfile *f);

/* Sync, close, rename over path, sync the directory. */
int atomfile_commit(struct atomfile *f, struct err *e);

/* Never committed means removed. NULL is fine. */
void atomfile_free(struct atomfile *f);

#endif
