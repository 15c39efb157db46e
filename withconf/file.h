/*
 * The configuration file: found, trusted or not, read, locked.
 */
#ifndef FILE_H
#define FILE_H

#include "conf.h"
#include "err.h"

#define FILE_LOCK ".pgdumpz.lock"

/*
 * Which one: what was asked for, else PGDUMPZ_CONF, else the standard one if
 * it is there; *path is NULL otherwise, and borrowed.
 */
int file_find(const char *asked, const char **path, struct err *e);

/*
 * Open and parse it; *fd is to be closed. ERR_USAGE when it can't be read, is
 * somebody else's, can be written by others, or is too long.
 */
int file_read(const char *path, struct conf *c, int *fd, struct err *e);

/* After parsing: a file with secrets must be 0600. */
int file_check_private(const char *path, int fd, struct err *e);

/*
 * Lock it as long as this process lives, through its descriptor; without a
 * file (fd -1), through a file in dir, whose descriptor *fd becomes. Where
 * there is neither, no lock is. 1 locked (or none), 0 another run has it, -1.
 */
int file_lock(const char *path, int *fd, const char *dir, struct err *e);

#endif
