/*
 * A program of PostgreSQL's that runs for us: its output is read from a pipe,
 * its words on stderr are kept, for the one message in case it fails.
 */
#ifndef CHILD_H
#define CHILD_H

#include "buf.h"
#include "err.h"

struct child;

struct child_spawn {
	const char *const *argv;
	const char *const *env;	/* as in struct os_spawn */
	int in;			/* its stdin, or -1 */
	int out;		/* its stdout, or -1: child_fd() */
	int extra;		/* its descriptor 3, or 0 */
};

/*
 * Append option and the path by which a child can open the file of fd anew, if
 * it gets that as its descriptor number as: see os_path_for_child().
 */
int child_put_path(struct buf *out, const char *option, int fd, int as,
	struct err *e);
/* The same for a new temporary file that holds text: its descriptor, or -1. */
int child_put_file(struct buf *out, const char *option, const struct buf *text,
	int as, struct err *e);

/* A child dies with the thread that made it, which therefore waits for it. */
struct child *child_start(const struct child_spawn *how, struct err *e);

/* Where its output is read, or -1; borrowed. */
int child_fd(const struct child *c);

/* Append what it has warned of so far: "pg_dump: …\n" for each. */
void child_put_warnings(const struct child *c, struct buf *out);

/* Wait for its end. 0 when it succeeded, else -1 and its own words. Frees. */
int child_finish(struct child *c, struct err *e);

/* End it, unless it has ended. NULL is fine. */
void child_stop(struct child *c);

/*
 * Undo what the C library of Windows does to all text that a program writes: a
 * carriage return before each line feed. They are there if the first line has
 * one; the text's own stay. Returns the new length. Pure.
 */
size_t child_undo_crlf(char *text, size_t len);

/* Run to the end, all output, which is text, into out. */
int child_run(const struct child_spawn *how, struct buf *out, struct err *e);

#endif
