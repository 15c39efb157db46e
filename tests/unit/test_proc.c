/*
 * proc: children's output, their failures, and no child left. The children
 * are this program: each argument is something to do.
 */
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "proc.h"
#include "sys.h"
#include "tap.h"
#include "tempdir.h"

#define RUN(...) (const char *const[]){ self, __VA_ARGS__, NULL }
#define LOCKED "locked"

static const char *self;

/* -- what a child does --------------------------------------------------- */

/* Copy stdin to stdout, each byte `from` as `to`. */
static int
copy(char from, char to)
{
	struct err e = ERR_INIT;
	char block[4096], *p;
	ssize_t n;

	while ((n = os_read(0, block, sizeof(block), &e)) > 0) {
		for (p = block; p < block + n; p++)
			*p = *p == from ? to : *p;
		if (os_write(1, block, (size_t)n, &e) != 0)
			return -1;
	}
	return (int)n;
}

static int
say(int fd, const char *text)
{
	struct err e = ERR_INIT;

	return os_write(fd, text, strlen(text), &e);
}

/* Lock it, or see others do so, within 10 seconds; *fd holds the lock. */
static bool
await_lock(bool ours, int *fd)
{
	struct err e = ERR_INIT;
	int i;

	for (i = 0; i < 1000; i++) {
		*fd = os_open_lock(LOCKED, &e);
		if ((os_lock(*fd, &e) == 1) == ours)
			return true;
		(void)os_close(*fd, &e);
		(void)os_sleep_ms(10, &e);
	}
	return false;
}

/* Start one that holds the lock for long; wait until it does. */
static int
start_holder(void)
{
	struct err e = ERR_INIT;
	int fd;

	return sys_start(RUN("hold")) == 0 && await_lock(false, &fd) ?
	    os_close(fd, &e) : -1;
}

static int
act(const char *what)
{
	const char *value = strchr(what, ':');
	struct err e = ERR_INIT;
	int fd;

	value = value != NULL ? value + 1 : "";
	if (strncmp(what, "out:", 4) == 0)
		return say(1, value);
	if (strncmp(what, "words:", 6) == 0)
		return say(2, value);
	if (strncmp(what, "env:", 4) == 0)
		return say(1, getenv(value) != NULL ? getenv(value) : "gone");
	if (strncmp(what, "exit:", 5) == 0)
		exit(value[0] - '0');
	if (strcmp(what, "cat") == 0)
		return copy('a', 'a');
	if (strcmp(what, "tr") == 0)
		return copy('a', 'b');
	if (strcmp(what, "die") == 0)
		sys_die();
	if (strcmp(what, "holder") == 0)
		return start_holder();
	if (strcmp(what, "hold") == 0 && !await_lock(true, &fd))
		return -1;
	if (strcmp(what, "hold") == 0 || strcmp(what, "sleep") == 0)
		return os_sleep_ms(30000, &e);
	while (strcmp(what, "yes") == 0 && say(1, "yes, and again: it has no "
	    "end, however long anybody reads it\n") == 0)
		;
	return -1;
}

/* "SELF" ACT... for the shell. */
static const char *
line(const char *acts)
{
	static char text[2000];

	(void)snprintf(text, sizeof(text), "\"%s\" %s", self, acts);
	return text;
}

/* -- the tests ----------------------------------------------------------- */

static void
check_run(void)
{
	struct buf out = BUF_INIT(1 << 20), words = BUF_INIT(16);
	struct err e = ERR_INIT;

	tap_int(proc_run(RUN("cat", "out:out\n", "words:words\n"), NULL, -1,
	    &out, &words, &e), 0, "run, input from nowhere");
	tap_text(buf_text(&out), "out\n", "stdout");
	tap_text(buf_text(&words), "words\n", "stderr");
	buf_reset(&words);
	tap_int(proc_run(RUN("words:12345678901234567890", "exit:3"), NULL, -1,
	    NULL, &words, &e), -1, "a failing child");
	tap_ok(strstr(e.text, "' failed with exit status 3") != NULL,
	    "and its status: %s", e.text);
	tap_text(buf_text(&words), "1234567890123456", "last words, cut");
	tap_int(proc_run(RUN("die"), NULL, -1, NULL, NULL, &e), -1,
	    "a killed child");
	tap_ok(strstr(e.text, "' was ended by signal 9") != NULL,
	    "and its signal: %s", e.text);
	tap_int(proc_run((const char *const[]){ "/no/such/program", NULL },
	    NULL, -1, NULL, NULL, &e), -1, "a missing program");
	tap_text(e.text, "cannot run '/no/such/program': No such file or "
	    "directory", "named");
	buf_reset(&out);
	tap_int(proc_run(RUN("yes"), NULL, -1, &out, NULL, &e), -1,
	    "output without end meets the ceiling");
	buf_free(&out);
	buf_free(&words);
}

static void
check_environment(void)
{
	struct buf out = BUF_INIT(1000);
	struct err e = ERR_INIT;

	sys_set_env("LEFT", "x");
	sys_set_env("GONE", "x");
	tap_int(proc_run(RUN("env:SET", "env:LEFT", "env:GONE"),
	    (const char *const[]){ "SET=y", "GONE", NULL }, -1, &out, NULL,
	    &e), 0, "environment");
	tap_text(buf_text(&out), "yxgone", "set, kept, unset");
	buf_free(&out);
}

static void
check_ask(void)
{
	struct buf out = BUF_INIT(1000);
	struct err e = ERR_INIT;
	int fd;

	tap_int(proc_ask(line("out:[ cat out:]"), "it", 60000, &out, &e), 0,
	    "ask, input from nowhere");
	tap_text(buf_text(&out), "[]", "its answer");
	tap_int(proc_ask("exit 3", "it", 60000, &out, &e), -1, "a failure");
	tap_text(e.text, "'it' failed with exit status 3", "and its status");
	tap_int(proc_ask("exit 255", "it", 60000, &out, &e), -1, "another");
	tap_text(e.text, "'it' failed with exit status 255", "is no signal");
	buf_reset(&out);
	tap_int(proc_ask(line("holder yes"), "it", 60000, &out, &e), -1,
	    "no end");
	tap_text(e.text, "it: its output is too long", "meets the ceiling");
	tap_ok(await_lock(true, &fd), "and what it has started is ended too");
	(void)os_close(fd, &e);
	buf_reset(&out);
	tap_int(proc_ask(line("sleep"), "it", 200, &out, &e), -1, "too slow");
	tap_text(e.text, "it: no answer in time", "is told");
	buf_free(&out);
}

static int
into_buf(void *ctx, const void *data, size_t len, struct err *e)
{
	buf_put(ctx, data, len);
	return buf_check(ctx, "filtered data", e);
}

static int
filter(const char *command, size_t size, struct buf *out, struct err *e)
{
	struct proc_filter *f = proc_filter_start(command, into_buf, out, e);
	char block[1000];
	int rc = -1;

	memset(block, 'a', sizeof(block));
	if (f == NULL)
		return -1;
	for (; size >= sizeof(block); size -= sizeof(block))
		if (proc_filter_write(f, block, sizeof(block), e) != 0)
			goto out;
	rc = proc_filter_finish(f, e);
out:
	proc_filter_free(f);
	return rc;
}

static void
check_filter(void)
{
	struct buf out = BUF_INIT(4 << 20), small = BUF_INIT(10);
	struct err e = ERR_INIT;

	tap_int(filter(line("tr"), 2000000, &out, &e), 0, "filter");
	tap_int((int64_t)out.len, 2000000, "all of it came through");
	tap_ok(out.data[0] == 'b' && out.data[1999999] == 'b', "filtered");
	tap_int(filter(line("cat exit:4"), 1000, &out, &e), -1,
	    "a filter that fails at its end");
	tap_ok(strstr(e.text, "cat exit:4' failed with exit status 4") != NULL,
	    "named: %s", e.text);
	tap_int(filter("exit 0", 2000000, &out, &e), -1,
	    "a filter that doesn't read");
	tap_int(filter("exit 5", 2000000, &out, &e), -1,
	    "a filter that fails early");
	tap_ok(strstr(e.text, "exit status 5") != NULL, "gives the cause: %s",
	    e.text);
	tap_int(filter("exit 0", 0, &out, &e), -1,
	    "a filter that writes nothing: %s", e.text);
	tap_int(filter(line("cat"), 1000, &small, &e), -1,
	    "a sink that fails");
	tap_ok(strstr(e.text, "filtered data") != NULL, "gives the cause");
	buf_free(&out);
	buf_free(&small);
}

int
main(int argc, char **argv)
{
	int i;

	os_start();
	self = sys_program(argv[0]);
	for (i = 1; i < argc; i++)
		if (act(argv[i]) != 0)
			return 1;
	if (argc > 1)
		return 0;
	if (!tempdir_enter())
		return 1;
	check_run();
	check_environment();
	check_filter();
	check_ask();
	tap_ok(!sys_has_child(), "no child is left");
	tempdir_clear();
	tap_ok(tempdir_remove(), "nor a file");
	return tap_done();
}
