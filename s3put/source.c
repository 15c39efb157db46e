/*
 * A pipe tells nothing about its writer's fate. What can be asked after the
 * end is asked here: a command for its exit status, a file whether it is
 * still the same.
 */
#include <stdint.h>
#include <string.h>

#include "proc.h"
#include "source.h"

int
source_start(struct source *s, struct err *e)
{
	struct err ignored;
	int out = -1;

	if (s->command == NULL)
		return 0;
	if (os_pipe(&s->fd, &out, e) != 0)
		return -1;
	s->proc = os_spawn(&(struct os_spawn){
	    .argv = (const char *const *)(uintptr_t)s->command,
	    .in = -1, .out = out, .err = -1 }, e);
	(void)os_close(out, &ignored);
	return s->proc != NULL ? 0 : -1;
}

static int
check_input(struct source *s, struct err *e)
{
	if (os_is_terminal(s->fd)) {
		err_set(e, ERR_USAGE, "standard input is a terminal");
		return err_hint(e, "pipe a backup into s3put, or name a file");
	}
	if (os_fstat(s->fd, &s->before, e) != 0)
		return err_context(e, "%s", s->name);
	s->is_file = s->before.kind == OS_FILE;
	if (s->before.kind == OS_DIR)
		return err_set(e, ERR_USAGE, "'%s' is a directory", s->name);
	return 0;
}

int
source_open(struct source *s, const char *path, char **command, struct err *e)
{
	if (command != NULL) {
		s->command = command;
		s->name = command[0];
		return 0;
	}
	if (path == NULL || strcmp(path, "-") == 0) {
		s->name = "standard input";
		s->fd = 0;
		return check_input(s, e);
	}
	s->name = path;
	s->is_named = true;
	if ((s->fd = os_open_read(path, e)) < 0)
		return -1;
	return check_input(s, e);
}

ssize_t
source_read(struct source *s, void *out, size_t size, struct err *e)
{
	ssize_t n = os_read(s->fd, out, size, e);

	return n >= 0 ? n : err_context(e, "%s", s->name);
}

ssize_t
source_read_full(struct source *s, void *out, size_t size, struct err *e)
{
	ssize_t n = os_read_full(s->fd, out, size, e);

	return n >= 0 ? n : err_context(e, "%s", s->name);
}

int
source_finish(struct source *s, struct err *e)
{
	struct os_stat now;
	int status;

	if (s->proc != NULL) {
		status = os_wait(s->proc, e);
		s->proc = NULL;
		return status < 0 ? -1 : proc_check_status(s->name, status, e);
	}
	if (!s->is_file)
		return 0;
	if (os_fstat(s->fd, &now, e) != 0)
		return err_context(e, "%s", s->name);
	if (now.size == s->before.size && now.mtime == s->before.mtime &&
	    now.mtime_ns == s->before.mtime_ns)
		return 0;
	err_set(e, ERR_LOCAL, "'%s' changed while it was read", s->name);
	return err_hint(e, "try again when its writer is done");
}

void
source_close(struct source *s)
{
	struct err ignored;

	/* first the pipe: a command that writes to it can end by itself */
	(void)os_close(s->fd, &ignored);
	s->fd = -1;
	os_kill(s->proc);
	s->proc = NULL;
}
