/*
 * os: a child under guard has its time and not more, and leaves no process.
 * This program is its own child: with an argument, it plays one.
 */
#include <signal.h>
#include <string.h>

#include "os.h"
#include "tap.h"

#define LONG_MS 60000
#define SOON_MS 20000

static const char *self;

/* -- what the children do ----------------------------------------------- */

static int
play_deaf(void)
{
	struct err e = ERR_INIT;

	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
#ifdef SIGBREAK
	(void)signal(SIGBREAK, SIG_IGN);
#endif
	os_write_stderr("up", 2);
	(void)os_sleep_ms(LONG_MS, &e);
	return 1;
}

static int
play_polite(void)
{
	struct err e = ERR_INIT;

	os_catch_stop();
	os_write_stderr("up", 2);
	(void)os_sleep_ms(LONG_MS, &e);
	os_write_stderr(", asked", 7);
	return 5;
}

/* Leave a child behind that holds what we have open; nobody waits for it. */
static int
play_leaver(void)
{
	static struct os_proc *left;	/* a leak, were it a variable of ours */
	struct err e = ERR_INIT;

	left = os_spawn(&(struct os_spawn){ .argv =
	    (const char *const[]){ self, "deaf", NULL }, .in = -1, .out = -1,
	    .err = -1 }, &e);
	os_catch_stop();
	(void)os_sleep_ms(LONG_MS, &e);
	return left != NULL ? 6 : 1;
}

static int
play(const char *what)
{
	if (strcmp(what, "deaf") == 0)
		return play_deaf();
	if (strcmp(what, "polite") == 0)
		return play_polite();
	if (strcmp(what, "leaver") == 0)
		return play_leaver();
	return 3;
}

/* -- checks --------------------------------------------------------------- */

struct outcome {
	int status;
	bool late;
	int64_t ms;
	char said[64];	/* "…, no end" when a process is left */
};

static struct outcome
guard(const char *what, const struct os_limit limit)
{
	struct outcome o = { .status = -1 };
	struct err e = ERR_INIT;
	int from = -1, to = -1;
	int64_t start;
	size_t len = 0;
	ssize_t n = 1;

	(void)os_pipe(&from, &to, &e);
	start = os_monotonic_ms();
	o.status = os_guard(&(struct os_spawn){ .argv =
	    (const char *const[]){ self, what, NULL }, .in = -1, .out = -1,
	    .err = to, .own_group = true }, &limit, &o.late, &e);
	o.ms = os_monotonic_ms() - start;
	(void)os_close(to, &e);
	while (n > 0 && len < sizeof(o.said) - 1) {
		n = os_read_within(from, o.said + len,
		    sizeof(o.said) - 1 - len, SOON_MS, &e);
		len += n > 0 ? (size_t)n : 0;
	}
	tap_int(n, 0, "%s: no process is left", what);
	(void)os_close(from, &e);
	return o;
}

int
main(int argc, char **argv)
{
	struct outcome o;

	os_start();
	self = argv[0];
	if (argc > 1)
		return play(argv[1]);
	o = guard("quick", (struct os_limit){ 0, 1000 });
	tap_ok(o.status == 3 && !o.late, "its exit status: %d", o.status);
	o = guard("quick", (struct os_limit){ LONG_MS, 1000 });
	tap_ok(o.status == 3 && !o.late && o.ms < SOON_MS, "in time");
	o = guard("polite", (struct os_limit){ 3000, SOON_MS });
	tap_ok(o.status == 5 && o.late, "asked in the end: %d", o.status);
	tap_text(o.said, "up, asked", "it has heard it");
	tap_ok(o.ms >= 3000 && o.ms < SOON_MS, "after its time");
	o = guard("deaf", (struct os_limit){ 3000, 500 });
	tap_int(o.status, 128 + 9, "ended as by SIGKILL");
	tap_ok(o.late, "and late");
	tap_ok(o.ms >= 3000 && o.ms < SOON_MS, "after its time");
	o = guard("leaver", (struct os_limit){ 3000, 3000 });
	tap_ok(o.status == 6 && o.late, "leaves a child: %d", o.status);
	return tap_done();
}
