/* child: what programs say, by whichever C library they say it. */
#include <stdio.h>
#include <string.h>

#include "child.h"
#include "os.h"
#include "sys.h"
#include "tap.h"

static const struct {
	const char *text, *expected;
} cases[] = {
	{ "", "" },
	{ "a", "a" },
	{ "a\r", "a\r" },
	{ "\n", "\n" },
	{ "\r\n", "\n" },
	{ "a\nb\r\nc\n", "a\nb\r\nc\n" },	/* the text's own */
	{ "a\r\nb\r\n", "a\nb\n" },
	{ "a\r\nb\r\r\nc\rd\r\n", "a\nb\r\nc\rd\n" },
	{ "a\r\nb", "a\nb" },
	{ "a\r\nb\r", "a\nb\r" },
};

static void
check_lines(void)
{
	char text[64];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memcpy(text, cases[i].text, strlen(cases[i].text) + 1);
		text[child_undo_crlf(text, strlen(text))] = '\0';
		tap_text(text, cases[i].expected, "text %zu", i);
	}
}

/* Without os_start(): as the C library of any program does it by itself. */
static int
echo(void)
{
	int c;

	while ((c = getchar()) != EOF)
		(void)putchar(c);
	return 0;
}

static int
be_child(const char *how)
{
	static const char lines[] = "test_child: error: it\r\n"
		"test_child: detail: all of it\r\n";
	struct err e = ERR_INIT;

	if (strcmp(how, "talk") == 0)
		return os_write(1, "a\r\nb\r\n", 6, &e);
	(void)os_write(2, lines, sizeof(lines) - 1, &e);
	return 3;
}

static void
check_run(const char *self)
{
	const char *argv[] = { self, "talk", NULL };
	struct child_spawn how = { argv, NULL, -1, -1, 0 };
	struct buf out = BUF_INIT(1 << 20);
	struct err e = ERR_INIT;

	buf_puts(&out, "was there\r\n");
	tap_int(child_run(&how, &out, &e), 0, "a child whose lines end in CRLF");
	tap_text(buf_text(&out), "was there\r\na\nb\n", "its text");
	argv[1] = "fail";
	tap_int(child_run(&how, &out, &e), -1, "one that fails");
	tap_text(e.text, "test_child failed: error: it; detail: all of it",
	    "its words, without its name");
	buf_free(&out);
}

/* What the child read, or the error. */
static const char *
echo_of(const char *self, const char *text, size_t len, struct err *e)
{
	const char *argv[] = { self, "echo", NULL };
	struct child_spawn how = { argv, NULL, -1, -1, 0 };
	static char got[100];
	struct child *c = NULL;
	ssize_t n = -1;
	int to = -1;

	if (os_pipe(&how.in, &to, e) == 0)
		c = child_start(&how, e);
	(void)os_close(how.in, e);
	if (c != NULL && os_write(to, text, len, e) == 0 &&
	    os_close(to, e) == 0)
		n = os_read_full(child_fd(c), got, sizeof(got) - 1, e);
	got[n > 0 ? n : 0] = '\0';
	child_stop(c);
	return n < 0 ? e->text : got;
}

static void
check_binary(const char *self)
{
	static const char odd[] = "a\nb\r\nc\r\r\nd\re\n\n\x1a" "f\n";
	struct err e = ERR_INIT;

	tap_text(echo_of(self, odd, sizeof(odd) - 1, &e), odd,
	    "any child reads and writes just what it is given");
}

/* A file that a child opens by its path: it is read from its beginning. */
static void
check_file(void)
{
	struct buf text = BUF_INIT(100), path = BUF_INIT(4096);
	struct err e = ERR_INIT;
	char got[10] = "";
	int fd, again;

	buf_puts(&text, "list");
	fd = child_put_file(&path, "", &text, 3, &e);
	tap_ok(fd >= 0, "a file for a child: %s", e.text);
	tap_ok(os_is_absolute(buf_text(&path)), "its path is whole: %s",
	    buf_text(&path));
	if (strncmp(buf_text(&path), "/dev/fd/", 8) != 0) {
		again = os_open_read(buf_text(&path), &e);
		tap_int(os_read_full(again, got, sizeof(got), &e), 4,
		    "and leads to it");
		(void)os_close(again, &e);
	}
	(void)os_close(fd, &e);
	buf_free(&text);
	buf_free(&path);
}

int
main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "echo") == 0)
		return echo();
	os_start();
	if (argc > 1)
		return be_child(argv[1]);
	check_lines();
	check_run(sys_program(argv[0]));
	check_binary(sys_program(argv[0]));
	check_file();
	return tap_done();
}
