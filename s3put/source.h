/*
 * Where the bytes come from: standard input, a file, or a command that s3put
 * runs itself.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"
#include "os.h"

struct source {
	const char *name;	/* for messages; borrowed */
	int fd;
	bool is_named;		/* fd is of a FILE that was given by name */
	bool is_file;		/* it is a regular file, however it came here */
	struct os_stat before;	/* what it looked like in the beginning */
	char **command;		/* NULL: none; borrowed */
	struct os_proc *proc;	/* the command while it runs */
};

#define SOURCE_INIT { .name = "", .fd = -1 }

/* Open path ("-" or NULL: standard input), unless there is a command. */
int source_open(struct source *s, const char *path, char **command,
	struct err *e);

/* Start the command, if any; its standard input is empty. */
int source_start(struct source *s, struct err *e);

/* Up to size bytes; 0 at the end. */
ssize_t source_read(struct source *s, void *out, size_t size, struct err *e);

/* As many as there are, up to size. */
ssize_t source_read_full(struct source *s, void *out, size_t size,
	struct err *e);

/*
 * After the end: a command must have exited 0, a file must not have changed
 * while it was read. ERR_LOCAL else.
 */
int source_finish(struct source *s, struct err *e);

/* Close; a command that still runs is ended. */
void source_close(struct source *s);

#endif
