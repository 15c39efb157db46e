/*
 * One way out for the bytes, so that the checks need not know which it is.
 */
#include <stdlib.h>
#include <string.h>

#include "atomfile.h"
#include "mem.h"
#include "os.h"
#include "output.h"
#include "proc.h"

#define STDOUT 1

struct output {
	const char *name;
	struct atomfile *file;		/* NULL: stdout */
	struct proc_filter *filter;
};

static int
put_raw(void *ctx, const void *data, size_t len, struct err *e)
{
	struct output *o = ctx;
	int fd = o->file != NULL ? atomfile_fd(o->file) : STDOUT;

	if (os_write(fd, data, len, e) == 0)
		return 0;
	return e->kind == ERR_SIGNAL ? -1 : err_context(e, "'%s'", o->name);
}

struct output *
output_begin(const char *path, const char *filter, struct err *e)
{
	struct output *o = mem_new(1, sizeof(*o), e);

	if (o == NULL)
		return NULL;
	o->name = "standard output";
	if (path != NULL && strcmp(path, "-") != 0) {
		o->name = path;
		if ((o->file = atomfile_begin(path, e)) == NULL)
			goto fail;
	}
	if (filter != NULL) {
		o->filter = proc_filter_start(filter, put_raw, o, e);
		if (o->filter == NULL)
			goto fail;
	}
	return o;
fail:
	output_free(o);
	return NULL;
}

int
output_put(void *to, const void *data, size_t len, struct err *e)
{
	struct output *o = to;

	if (o->filter != NULL)
		return proc_filter_write(o->filter, data, len, e);
	return put_raw(o, data, len, e);
}

int
output_commit(struct output *o, struct err *e)
{
	if (o == NULL)
		return 0;
	if (o->filter != NULL && proc_filter_finish(o->filter, e) != 0)
		return -1;
	if (o->file != NULL)
		return atomfile_commit(o->file, e);
	if (os_close(STDOUT, e) == 0)
		return 0;
	return err_context(e, "'%s'", o->name);
}

void
output_free(struct output *o)
{
	if (o == NULL)
		return;
	proc_filter_free(o->filter);
	atomfile_free(o->file);
	free(o);
}
