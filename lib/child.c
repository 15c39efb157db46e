/*
 * What it complains of goes to a file without a name, because a pipe that
 * nobody reads while the child works would block it.
 */
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "mem.h"
#include "os.h"

#define WORDS_MAX 700
#define WORDS_READ 65536
#define READ_SIZE 65536

struct child {
	struct os_proc *proc;
	int out, words;
	char name[32];
};

static void
release(struct child *c)
{
	struct err ignored;

	(void)os_close(c->out, &ignored);
	(void)os_close(c->words, &ignored);
	free(c);
}

/* As it calls itself in its messages. */
static void
put_name(struct child *c, const char *path)
{
	const char *name = os_base_name(path);
	size_t len = strlen(name), cut = strlen(os_program_suffix);

	if (len > cut && strcmp(name + len - cut, os_program_suffix) == 0)
		len -= cut;
	err_escape(c->name, sizeof(c->name), name, len);
}

int
child_put_path(struct buf *out, const char *option, int fd, int as,
	struct err *e)
{
	char *path = os_path_for_child(fd, as, e);

	if (path == NULL)
		return -1;
	buf_puts(out, option);
	buf_puts(out, path);
	free(path);
	return buf_check(out, "a path", e);
}

int
child_put_file(struct buf *out, const char *option, const struct buf *text,
	int as, struct err *e)
{
	struct err ignored;
	int fd = os_temp_file(e);

	if (fd >= 0 && (text->len == 0 ||
	    os_write(fd, text->data, text->len, e) == 0) &&
	    os_rewind(fd, e) == 0 &&
	    child_put_path(out, option, fd, as, e) == 0)
		return fd;
	(void)os_close(fd, &ignored);
	return -1;
}

struct child *
child_start(const struct child_spawn *how, struct err *e)
{
	struct os_spawn s = { .argv = how->argv, .env = how->env,
		.in = how->in, .out = how->out, .extra = how->extra };
	struct child *c = mem_new(1, sizeof(*c), e);
	struct err ignored;
	int pipe = -1;

	if (c == NULL)
		return NULL;
	c->out = -1;
	put_name(c, how->argv[0]);
	c->words = s.err = os_temp_file(e);
	if (c->words >= 0 && (how->out >= 0 ||
	    os_pipe(&c->out, &pipe, e) == 0)) {
		s.out = how->out >= 0 ? how->out : pipe;
		c->proc = os_spawn(&s, e);
	}
	(void)os_close(pipe, &ignored);
	if (c->proc != NULL)
		return c;
	release(c);
	return NULL;
}

int
child_fd(const struct child *c)
{
	return c->out;
}

size_t
child_undo_crlf(char *text, size_t len)
{
	const char *first = memchr(text, '\n', len);
	size_t i, n = 0;

	if (first == NULL || first == text || first[-1] != '\r')
		return len;
	for (i = 0; i < len; i++)
		if (text[i] != '\r' || i + 1 == len || text[i + 1] != '\n')
			text[n++] = text[i];
	return n;
}

/* Its words so far, as lines. */
static void
read_words(const struct child *c, char all[WORDS_READ + 1], struct err *e)
{
	ssize_t n = os_pread(c->words, all, WORDS_READ, 0, e);

	all[child_undo_crlf(all, n > 0 ? (size_t)n : 0)] = '\0';
}

/* "pg_dump: error: A\npg_dump: detail: B\n" becomes "error: A; detail: B". */
static void
join_words(const struct child *c, const char *text, struct buf *out)
{
	size_t n, own = strlen(c->name);

	for (; *text != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		if (n == 0)
			continue;
		if (out->len > 0)
			buf_puts(out, "; ");
		if (n > own + 2 && strncmp(text, c->name, own) == 0 &&
		    strncmp(text + own, ": ", 2) == 0)
			buf_put(out, text + own + 2, n - own - 2);
		else
			buf_put(out, text, n);
	}
}

void
child_put_warnings(const struct child *c, struct buf *out)
{
	static const char mark[] = ": warning: ";
	char all[WORDS_READ + 1], *line, *next, *found;
	struct err ignored;

	read_words(c, all, &ignored);
	for (line = all; (next = strchr(line, '\n')) != NULL; line = next + 1) {
		*next = '\0';
		found = strstr(line, mark);
		if (found != NULL && found == line + strlen(c->name))
			buf_printf(out, "%s: %s\n", c->name,
			    found + strlen(mark));
	}
}

/* Warnings may come before the line that tells of the error. */
static char *
skip_warnings(char *words)
{
	static const char *const marks[] = { "error:", "ERROR:", "FATAL:" };
	char *line, *end, *found;
	size_t i;

	for (line = words; *line != '\0'; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
			if ((found = strstr(line, marks[i])) != NULL &&
			    found < end)
				return line;
	}
	return words;
}

static int
fail(struct child *c, int status, struct err *e)
{
	struct buf joined = BUF_INIT(4 * WORDS_MAX);
	char all[WORDS_READ + 1], *words;

	read_words(c, all, e);
	words = skip_warnings(all);
	if (strlen(words) > WORDS_MAX)
		words[WORDS_MAX] = '\0';
	join_words(c, words, &joined);
	if (OS_SIGNAL(status) != 0)
		(void)err_set(e, ERR_LOCAL, "%s was ended by signal %d",
		    c->name, OS_SIGNAL(status));
	else if (joined.len > 0)
		(void)err_set(e, ERR_LOCAL, "%s failed: %s", c->name,
		    buf_text(&joined));
	else
		(void)err_set(e, ERR_LOCAL, "%s failed with exit status %d",
		    c->name, status);
	if (strstr(words, "permission denied") != NULL)
		err_hint(e, "use a role that may do this: a superuser, or for "
		    "a dump one with GRANT pg_read_all_data TO it");
	buf_free(&joined);
	return -1;
}

int
child_finish(struct child *c, struct err *e)
{
	int status = os_wait(c->proc, e), rc = status;

	if (status > 0)
		rc = fail(c, status, e);
	release(c);
	return rc;
}

void
child_stop(struct child *c)
{
	if (c == NULL)
		return;
	os_kill(c->proc);
	release(c);
}

int
child_run(const struct child_spawn *how, struct buf *out, struct err *e)
{
	struct child *c = child_start(how, e);
	size_t start = out->len;
	ssize_t n = 1;
	void *room;

	if (c == NULL)
		return -1;
	while (n > 0) {
		n = -1;
		if ((room = buf_room(out, READ_SIZE)) == NULL)
			(void)buf_check(out, "the output of a program", e);
		else
			n = os_read(c->out, room, READ_SIZE, e);
		if (n > 0)
			buf_filled(out, (size_t)n);
	}
	if (out->len > start) {
		out->len = start + child_undo_crlf(out->data + start,
		    out->len - start);
		out->data[out->len] = '\0';
	}
	if (n == 0)
		return child_finish(c, e);
	child_stop(c);
	return -1;
}
