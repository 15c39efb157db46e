/*
 * Children whose failure must never be overlooked: each is waited for, and
 * its exit status is part of the result.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "mem.h"
#include "proc.h"

#define BLOCK_SIZE (128 * 1024)

int
proc_check_status(const char *name, int status, struct err *e)
{
	if (status == 0)
		return 0;
	if (OS_SIGNAL(status) != 0)
		return err_set(e, ERR_LOCAL, "'%s' was ended by signal %d",
		    name, OS_SIGNAL(status));
	return err_set(e, ERR_LOCAL, "'%s' failed with exit status %d", name,
	    status);
}

/* A pipe end being read on a thread of its own until it ends. */
struct drain {
	int fd;
	int (*sink)(void *ctx, const void *data, size_t len, struct err *e);
	void *ctx;
	pthread_t thread;
	bool started;
	bool has_read;		/* at least a byte */
	int rc;
	struct err e;
};

static void *
drain_run(void *arg)
{
	struct drain *d = arg;
	char *block = mem_new(1, BLOCK_SIZE, &d->e);
	ssize_t n;

	d->rc = block != NULL ? 0 : -1;
	while (d->rc == 0) {
		n = os_read(d->fd, block, BLOCK_SIZE, &d->e);
		if (n == 0)
			break;
		d->has_read = true;
		d->rc = n < 0 ? -1 :
		    d->sink(d->ctx, block, (size_t)n, &d->e);
	}
	free(block);
	/* closed early, the child gets EPIPE and can't hang on us */
	(void)os_close(d->fd, &(struct err)ERR_INIT);
	d->fd = -1;
	return NULL;
}

static int
drain_start(struct drain *d, struct err *e)
{
	if (pthread_create(&d->thread, NULL, drain_run, d) != 0)
		return err_set(e, ERR_LOCAL, "cannot start a thread");
	d->started = true;
	return 0;
}

static void
drain_join(struct drain *d)
{
	if (d->started)
		(void)pthread_join(d->thread, NULL);
	d->started = false;
	(void)os_close(d->fd, &(struct err)ERR_INIT);
	d->fd = -1;
}

/* -- run to the end ------------------------------------------------------ */

static int
into_buf(void *ctx, const void *data, size_t len, struct err *e)
{
	buf_put(ctx, data, len);
	return buf_check(ctx, "the output of a command", e);
}

/* Last words: what no longer fits is let go, the child is not stopped. */
static int
into_words(void *ctx, const void *data, size_t len, struct err *e)
{
	struct buf *words = ctx;

	(void)e;
	if (words->len + len > words->max)
		len = words->max - words->len;
	buf_put(words, data, len);
	return 0;
}

int
proc_run(const char *const *argv, const char *const *env, int in,
	struct buf *out, struct buf *stderr_out, struct err *e)
{
	struct drain d[2] = { { .fd = -1, .sink = into_buf, .ctx = out },
		{ .fd = -1, .sink = into_words, .ctx = stderr_out } };
	int to[2] = { -1, -1 }, rc = -1, status;
	struct os_proc *p = NULL;
	struct err ignored;

	if ((out != NULL && os_pipe(&d[0].fd, &to[0], e) != 0) ||
	    (stderr_out != NULL && os_pipe(&d[1].fd, &to[1], e) != 0))
		goto out;
	p = os_spawn(&(struct os_spawn){ .argv = argv, .env = env, .in = in,
	    .out = to[0], .err = to[1] }, e);
	if (p == NULL)
		goto out;
	(void)os_close(to[0], &ignored);
	(void)os_close(to[1], &ignored);
	to[0] = to[1] = -1;
	if ((out != NULL && drain_start(&d[0], e) != 0) ||
	    (stderr_out != NULL && drain_start(&d[1], e) != 0))
		goto out;
	drain_join(&d[0]);
	drain_join(&d[1]);
	status = os_wait(p, e);
	p = NULL;
	if (out != NULL && d[0].rc != 0)
		*e = d[0].e;
	else if (status >= 0)
		rc = proc_check_status(argv[0], status, e);
out:
	os_kill(p);
	drain_join(&d[0]);
	drain_join(&d[1]);
	(void)os_close(to[0], &ignored);
	(void)os_close(to[1], &ignored);
	return rc;
}

static int
read_within(int fd, struct buf *out, int64_t limit_ms, struct err *e)
{
	int64_t end = os_monotonic_ms() + limit_ms;
	ssize_t n;
	void *room;

	for (;;) {
		if ((room = buf_room(out, out->max - out->len)) == NULL ||
		    out->len == out->max)
			return err_set(e, ERR_LOCAL, "its output is too long");
		n = os_read_within(fd, room, out->max - out->len,
		    end - os_monotonic_ms(), e);
		if (n <= 0)
			return (int)n;
		buf_filled(out, (size_t)n);
	}
}

int
proc_ask(const char *command, const char *name, int64_t limit_ms,
	struct buf *out, struct err *e)
{
	struct err ignored = ERR_INIT;
	int from = -1, to = -1, rc = -1, status;
	struct os_proc *p = NULL;

	if (os_pipe(&from, &to, e) == 0)
		p = os_spawn(&(struct os_spawn){ .shell = command, .in = -1,
		    .out = to, .err = -1, .own_group = true }, e);
	(void)os_close(to, &ignored);
	if (p == NULL)
		goto out;
	if (read_within(from, out, limit_ms, e) != 0) {
		err_context(e, "%s", name);
		goto out;
	}
	status = os_wait(p, e);
	p = NULL;
	if (status >= 0)
		rc = proc_check_status(name, status, e);
out:
	os_kill(p);
	(void)os_close(from, &ignored);
	return rc;
}

/* -- filter --------------------------------------------------------------- */

struct proc_filter {
	char *command;
	struct os_proc *proc;
	int to;			/* its standard input */
	struct drain from;
};

struct proc_filter *
proc_filter_start(const char *command,
	int (*sink)(void *ctx, const void *data, size_t len, struct err *e),
	void *ctx, struct err *e)
{
	struct proc_filter *f = mem_new(1, sizeof(*f), e);
	int in = -1, out = -1;
	struct err ignored;

	if (f == NULL)
		return NULL;
	f->to = f->from.fd = -1;
	f->from.sink = sink;
	f->from.ctx = ctx;
	if ((f->command = mem_dup(command, e)) == NULL ||
	    os_pipe(&in, &f->to, e) != 0 ||
	    os_pipe(&f->from.fd, &out, e) != 0)
		goto fail;
	f->proc = os_spawn(&(struct os_spawn){ .shell = command, .in = in,
	    .out = out, .err = -1 }, e);
	if (f->proc == NULL)
		goto fail;
	(void)os_close(in, &ignored);
	(void)os_close(out, &ignored);
	in = out = -1;
	if (drain_start(&f->from, e) == 0)
		return f;
fail:
	(void)os_close(in, &ignored);
	(void)os_close(out, &ignored);
	proc_filter_free(f);
	return NULL;
}

int
proc_filter_write(struct proc_filter *f, const void *data, size_t len,
	struct err *e)
{
	struct err why = ERR_INIT;

	if (os_write(f->to, data, len, e) == 0)
		return 0;
	err_context(e, "filter '%s'", f->command);
	/* why it stopped reading says more than that it did */
	if (e->kind != ERR_SIGNAL && proc_filter_finish(f, &why) != 0)
		*e = why;
	return -1;
}

int
proc_filter_finish(struct proc_filter *f, struct err *e)
{
	int closed = os_close(f->to, e), status;

	f->to = -1;
	drain_join(&f->from);
	status = os_wait(f->proc, e);
	f->proc = NULL;
	if (status < 0 || closed != 0)
		return -1;
	/* what the sink met is the cause of the filter's broken pipe */
	if (f->from.rc != 0) {
		*e = f->from.e;
		return -1;
	}
	if (proc_check_status(f->command, status, e) != 0)
		return -1;
	if (f->from.has_read)
		return 0;
	/* of a pipeline the shell knows the last command's status only */
	err_set(e, ERR_LOCAL, "filter '%s' wrote nothing", f->command);
	return err_hint(e, "it must write to standard output, and fail when "
	    "a command in it does");
}

void
proc_filter_free(struct proc_filter *f)
{
	struct err ignored;

	if (f == NULL)
		return;
	(void)os_close(f->to, &ignored);
	os_kill(f->proc);
	drain_join(&f->from);
	free(f->command);
	free(f);
}
