/* proc: children's output, their failures, and no child left. */
#include <sys/prctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "proc.h"
#include "tap.h"

#define ARGV(...) (const char *const[]){ __VA_ARGS__, NULL }
#define SH(script) ARGV("sh", "-c", script)

static void
check_run(void)
{
	struct buf out = BUF_INIT(1 << 20), words = BUF_INIT(16);
	struct err e = ERR_INIT;

	tap_int(proc_run(SH("cat; echo out; echo words >&2"), NULL, -1, &out,
	    &words, &e), 0, "run, input from nowhere");
	tap_text(buf_text(&out), "out\n", "stdout");
	tap_text(buf_text(&words), "words\n", "stderr");
	buf_reset(&words);
	tap_int(proc_run(SH("echo 12345678901234567890 >&2; exit 3"), NULL, -1,
	    NULL, &words, &e), -1, "a failing child");
	tap_text(e.text, "'sh' failed with exit status 3", "and its status");
	tap_text(buf_text(&words), "1234567890123456", "last words, cut");
	tap_int(proc_run(SH("kill -9 $$"), NULL, -1, NULL, NULL, &e), -1,
	    "a killed child");
	tap_text(e.text, "'sh' was ended by signal 9", "and its signal");
	tap_int(proc_run(ARGV("/no/such/program"), NULL, -1, NULL, NULL, &e),
	    -1, "a missing program");
	tap_text(e.text, "cannot run '/no/such/program': No such file or "
	    "directory", "named");
	buf_reset(&out);
	tap_int(proc_run(SH("yes"), NULL, -1, &out, NULL, &e), -1,
	    "output without end meets the ceiling");
	buf_reset(&out);
	(void)setenv("LEFT", "x", 1);
	(void)setenv("GONE", "x", 1);
	tap_int(proc_run(SH("echo $SET${LEFT-gone}${GONE-gone}"),
	    (const char *const[]){ "SET=y", "GONE", NULL }, -1, &out, NULL,
	    &e), 0, "environment");
	tap_text(buf_text(&out), "yxgone\n", "set, kept, unset");
	buf_free(&out);
	buf_free(&words);
}

static void
check_ask(void)
{
	struct buf out = BUF_INIT(1000);
	struct err e = ERR_INIT;
	int status = 0, orphans = 0;

	tap_int(proc_ask("echo \"[$(cat)]\"", "it", 60000, &out, &e), 0,
	    "ask, input from nowhere");
	tap_text(buf_text(&out), "[]\n", "its answer");
	tap_int(proc_ask("exit 3", "it", 60000, &out, &e), -1, "a failure");
	tap_text(e.text, "'it' failed with exit status 3", "and its status");
	buf_reset(&out);
	buf_reset(&out);
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1L);
	tap_int(proc_ask("sleep 30 & yes", "it", 60000, &out, &e),
	    -1, "no end");
	tap_text(e.text, "it: its output is too long", "meets the ceiling");
	while (waitpid(-1, &status, 0) > 0)
		orphans += WIFSIGNALED(status) ? 1 : 100;
	tap_ok(orphans == 1 || orphans == 2,
	    "and what it has started is ended too");
	(void)prctl(PR_SET_CHILD_SUBREAPER, 0L);
	buf_reset(&out);
	tap_int(proc_ask("exec sleep 30", "it", 200, &out, &e), -1, "too slow");
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

	tap_int(filter("tr a b", 2000000, &out, &e), 0, "filter");
	tap_int((int64_t)out.len, 2000000, "all of it came through");
	tap_ok(out.data[0] == 'b' && out.data[1999999] == 'b', "filtered");
	tap_int(filter("cat; exit 4", 1000, &out, &e), -1,
	    "a filter that fails at its end");
	tap_text(e.text, "'cat; exit 4' failed with exit status 4", "named");
	tap_int(filter("exit 0", 2000000, &out, &e), -1,
	    "a filter that doesn't read");
	tap_int(filter("exit 5", 2000000, &out, &e), -1,
	    "a filter that fails early");
	tap_ok(strstr(e.text, "exit status 5") != NULL, "gives the cause: %s",
	    e.text);
	tap_int(filter("cat", 1000, &small, &e), -1, "a sink that fails");
	tap_ok(strstr(e.text, "filtered data") != NULL, "gives the cause");
	buf_free(&out);
	buf_free(&small);
}

int
main(void)
{
	os_start();
	check_run();
	check_filter();
	check_ask();
	tap_ok(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD,
	    "no child is left");
	return tap_done();
}
