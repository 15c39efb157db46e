/*
 * Children in a pipeline of ours: a command that bytes are sent through
 * (--filter), one whose output is read, one that is run to its end.
 */
#ifndef PROC_H
#define PROC_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "buf.h"
#include "err.h"
#include "os.h"

/* 0 when status is 0; else ERR_LOCAL: "'NAME' failed with exit status 3". */
int proc_check_status(const char *name, int status, struct err *e);

/*
 * Run argv to its end, input and stderr as given, stdout into out (bounded by
 * it) or ours when NULL. stderr_out (may be NULL) collects its last words.
 */
int proc_run(const char *const *argv, const char *const *env, int in,
	struct buf *out, struct buf *stderr_out, struct err *e);

/*
 * Run a command of the shell, without input and with our stderr, to its end
 * and get its output. After limit_ms it is ended with all it has started, as
 * it is on a stop or when out overflows. name: for messages, since the
 * command itself may hold secrets. -1 unless it exited 0.
 */
int proc_ask(const char *command, const char *name, int64_t limit_ms,
	struct buf *out, struct err *e);

/*
 * A filter: what is written to it goes to the standard input of CMD (run by
 * the shell), and what CMD writes is handed to sink() on a thread of its own.
 */
struct proc_filter;

struct proc_filter *proc_filter_start(const char *command,
	int (*sink)(void *ctx, const void *data, size_t len, struct err *e),
	void *ctx, struct err *e);
/* A filter that stops reading has failed: why, once it has ended. Then free. */
int proc_filter_write(struct proc_filter *f, const void *data, size_t len,
	struct err *e);
/*
 * End its input, drain, wait. -1 unless it exited 0, wrote something, and sink
 * never failed.
 */
int proc_filter_finish(struct proc_filter *f, struct err *e);
/* Without finish: killed. NULL is fine. */
void proc_filter_free(struct proc_filter *f);

#endif
