/*
 * Signals are passed on, and what a tool says goes where the driver looks for
 * complaints, even if it never began.
 */
#include <inttypes.h>

#include "os.h"
#include "tool.h"
#include "words.h"

struct files {
	int in, out, err;
};

static void
close_all(struct files *f)
{
	struct err ignored;

	if (f->in > 0)
		(void)os_close(f->in, &ignored);
	(void)os_close(f->out, &ignored);
	(void)os_close(f->err, &ignored);
}

static int
open_input(const struct place *p, const char *name, struct err *e)
{
	struct buf path = BUF_INIT(8192);
	int fd = -1;

	if (place_put_path(p, name, &path, e) == 0)
		fd = os_open_read(path.data, e);
	buf_free(&path);
	return fd;
}

static int
open_all(const struct place *p, const struct tool *t, struct files *f,
	struct err *e)
{
	f->in = 0;
	f->out = f->err = -1;
	if (t->in_path != NULL)
		f->in = os_open_read(t->in_path, e);
	else if (t->in != NULL)
		f->in = open_input(p, t->in, e);
	if (f->in < 0)
		return -1;
	if (t->out != NULL &&
	    (f->out = place_open_file(p, t->out, false, e)) < 0)
		return -1;
	if (t->err != NULL &&
	    (f->err = place_open_file(p, t->err, t->append_err, e)) < 0)
		return -1;
	return 0;
}

static void
say(int fd, const struct err *e)
{
	struct buf text = BUF_INIT(PLACE_FILE_MAX);

	words_put_error(&text, e);
	(void)os_write(fd, buf_text(&text), text.len, &(struct err)ERR_INIT);
	buf_free(&text);
}

int
tool_run(const struct place *p, const struct tool *t, struct err *e)
{
	const struct os_limit limit = { t->seconds * 1000, 0 };
	struct err why = ERR_INIT;
	struct files f;
	bool late = false;
	int status = -1;

	if (open_all(p, t, &f, e) != 0)
		goto out;
	if (t->args.len == 0) {
		err_set(e, ERR_USAGE, "no tool to run");
		goto out;
	}
	status = os_guard(&(struct os_spawn){
	    .argv = t->is_script ? NULL : t->args.items,
	    .shell = t->is_script ? t->args.items[0] : NULL,
	    .env = t->env.items, .in = f.in, .out = f.out, .err = f.err,
	    .own_group = t->seconds > 0 }, &limit, &late, e);
	if (status < 0 && f.err >= 0 && e->kind != ERR_SIGNAL) {
		say(f.err, e);
		status = TOOL_CANNOT;
	}
	if (late && f.err >= 0) {
		err_set(&why, ERR_LOCAL, "'%s' did not end within %" PRId64
		    " seconds", t->args.items[0], t->seconds);
		say(f.err, &why);
	}
	if (late)
		status = TOOL_LATE;
out:
	close_all(&f);
	return status;
}
