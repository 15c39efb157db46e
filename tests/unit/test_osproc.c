/*
 * os: children get what they are given and nothing else, and leave nothing
 * behind. This program is its own child: with arguments, it plays one.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "tap.h"

#define TEXT_BYTES 8192
#define SOON_MS 20000
#define LONG_MS 60000
#define UNICODE "d\xc3\xa9 \xe6\x97\xa5\xf0\x9f\x98\x80"
#define PLAY(...) (const char *const[]){ self, __VA_ARGS__, NULL }

static const char *self;

/* -- what the children do ----------------------------------------------- */

static void
say(const char *text)
{
	struct err e = ERR_INIT;

	(void)os_write(1, text, strlen(text), &e);
}

static int
play_args(char **args)
{
	for (; *args != NULL; args++) {
		say("<");
		say(*args);
		say(">");
	}
	return 0;
}

static int
play_env(char **names)
{
	const char *value;

	for (; *names != NULL; names++) {
		value = getenv(*names);
		say(value != NULL ? value : "unset");
		say(";");
	}
	return 0;
}

/* Hold something until we are ended; file is what holds it. */
static int
play_hold(const char *what, const char *file)
{
	struct err e = ERR_INIT;
	struct os_secret *secret = NULL;
	int fd = -1;

	if (strcmp(what, "lock") == 0) {
		fd = os_open_lock(file, &e);
		say(fd >= 0 && os_lock(fd, &e) == 1 ? "held" : "failed");
	} else if (strcmp(what, "temp") == 0) {
		fd = os_temp_file(&e);
		say(fd >= 0 ? "held" : e.text);
	} else if (strcmp(what, "secret") == 0) {
		secret = os_secret_new("hush", 4, &e);
		say(secret != NULL ? os_secret_path(secret) : e.text);
	}
	(void)os_sleep_ms(LONG_MS, &e);
	os_secret_free(secret);
	return os_close(fd, &e);
}

static int
play_show(const char *path)
{
	struct err e = ERR_INIT;
	int fd = os_open_read(path, &e);
	char text[64];
	ssize_t n = fd >= 0 ? os_read_full(fd, text, sizeof(text) - 1, &e) : -1;

	text[n > 0 ? n : 0] = '\0';
	say(n >= 0 ? text : e.text);
	return os_close(fd, &e);
}

/* Start one that holds our standard output, and be ended. */
static int
play_parent(void)
{
	struct err e = ERR_INIT;
	struct os_spawn how = { .argv = PLAY("hold", "nothing", "-"),
		.in = -1, .out = -1, .err = -1 };

	if (os_spawn(&how, &e) == NULL)
		return 1;
	say("started");
	(void)raise(SIGTERM);
	return 2;
}

/* Until asked to stop, in a read that waits. */
static int
play_stop(void)
{
	struct err e = ERR_INIT;
	char got[4];

	os_catch_stop();
	say("waiting");
	if (os_read(0, got, sizeof(got), &e) >= 0 || e.kind != ERR_SIGNAL)
		return 1;
	os_write_stderr("; stopped", 9);	/* os_write() fails now */
	return 0;
}

static int
play(char **args)
{
	if (strcmp(args[0], "args") == 0)
		return play_args(args + 1);
	if (strcmp(args[0], "env") == 0)
		return play_env(args + 1);
	if (strcmp(args[0], "exit") == 0)
		return (int)strtol(args[1], NULL, 10);
	if (strcmp(args[0], "hold") == 0)
		return play_hold(args[1], args[2]);
	if (strcmp(args[0], "show") == 0)
		return play_show(args[1]);
	if (strcmp(args[0], "parent") == 0)
		return play_parent();
	return play_stop();
}

/* -- running them --------------------------------------------------------- */

struct run {
	struct os_proc *proc;
	int out;
};

static bool
start(struct run *r, struct os_spawn how)
{
	struct err e = ERR_INIT;
	int to = -1;

	r->proc = NULL;
	r->out = -1;
	if (os_pipe(&r->out, &to, &e) == 0) {
		how.out = to;
		how.err = to;
		r->proc = os_spawn(&how, &e);
	}
	(void)os_close(to, &e);
	if (r->proc == NULL)
		tap_note("%s", e.text);
	return r->proc != NULL;
}

/* All it writes until the end, which must come soon. */
static const char *
read_all(const struct run *r)
{
	static char text[TEXT_BYTES];
	struct err e = ERR_INIT;
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0 && len < sizeof(text) - 1) {
		n = os_read_within(r->out, text + len, sizeof(text) - 1 - len,
		    SOON_MS, &e);
		len += n > 0 ? (size_t)n : 0;
	}
	text[len] = '\0';
	return n == 0 ? text : "no end";
}

/* The first words it says. */
static const char *
read_some(const struct run *r)
{
	static char text[TEXT_BYTES];
	struct err e = ERR_INIT;
	ssize_t n = os_read_within(r->out, text, sizeof(text) - 1, SOON_MS, &e);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static int
finish(const struct run *r)
{
	struct err e = ERR_INIT;
	int status = os_wait(r->proc, &e);

	(void)os_close(r->out, &e);
	return status;
}

static void
end(const struct run *r)
{
	struct err e = ERR_INIT;

	os_kill(r->proc);
	(void)os_close(r->out, &e);
}

static const char *
output_of(const struct os_spawn how)
{
	static char text[TEXT_BYTES];
	struct run r;

	if (!start(&r, how))
		return "not started";
	(void)snprintf(text, sizeof(text), "%s", read_all(&r));
	(void)finish(&r);
	return text;
}

static int
status_of(const struct os_spawn how)
{
	struct run r;

	return start(&r, how) ? finish(&r) : -1;
}

/* -- checks --------------------------------------------------------------- */

static void
check_args(void)
{
	static const char *const odd[] = { "", " ", "a b", "\"", "a\"b", "\\",
		"\\\\", "a\\", "a b\\", "a b\\\\", "\\\"", "\\\\\"", "a\\\"b c",
		"\"\"", "%PATH%", "^", "&|<>()!", "*", "?", "'", "a\tb", "a\nb",
		"--x=a b", UNICODE, "C:\\Program Files\\x\\" };
	const char *argv[sizeof(odd) / sizeof(odd[0]) + 3] = { self, "args" };
	char expected[TEXT_BYTES];
	size_t i, len = 0;

	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		argv[i + 2] = odd[i];
		len += (size_t)snprintf(expected + len, sizeof(expected) - len,
		    "<%s>", odd[i]);
	}
	tap_text(output_of((struct os_spawn){ .argv = argv, .in = -1 }),
	    expected, "arguments arrive as they are");
}

static void
check_env(void)
{
	static const char *const first[] = { "OS_A=1", "OS_EMPTY=",
		"OS_U=" UNICODE, NULL };
	static const char *const changes[] = { "OS_A=a=b", "OS_GONE", NULL };
	char *const *env;

	tap_text(output_of((struct os_spawn){ .argv = PLAY("env", "OS_A",
	    "OS_U", "OS_NONE"), .env = first, .in = -1 }),
	    "1;" UNICODE ";unset;", "variables are set");
	tap_text(output_of((struct os_spawn){ .argv = PLAY("env", "OS_A",
	    "OS_GONE"), .env = changes, .in = -1 }), "a=b;unset;",
	    "the first = ends the name");
	for (env = os_environment(); *env != NULL; env++)
		if (strncmp(*env, "OS_", 3) == 0)
			break;
	tap_ok(*env == NULL, "ours stays as it was");
}

static void
check_status(void)
{
	struct err e = ERR_INIT;

	tap_int(status_of((struct os_spawn){ .argv = PLAY("exit", "0"),
	    .in = -1 }), 0, "exit status 0");
	tap_int(status_of((struct os_spawn){ .argv = PLAY("exit", "3"),
	    .in = -1 }), 3, "exit status 3");
	tap_int(status_of((struct os_spawn){ .argv = PLAY("exit", "255"),
	    .in = -1 }), 255, "exit status 255");
	tap_int(status_of((struct os_spawn){ .shell = "exit 4", .in = -1 }), 4,
	    "of a shell");
	tap_ok(os_spawn(&(struct os_spawn){ .argv = (const char *const[]){
	    "no-such-program", NULL }, .in = -1, .out = -1, .err = -1 }, &e) ==
	    NULL, "a missing program");
	tap_text(e.text, "cannot run 'no-such-program': No such file or "
	    "directory", "is named");
}

static void
check_shell(void)
{
	char command[TEXT_BYTES];

	(void)snprintf(command, sizeof(command), "\"%s\" args \"a b\" c && "
	    "echo d", self);
	tap_ok(strncmp(output_of((struct os_spawn){ .shell = command,
	    .in = -1 }), "<a b><c>d", 9) == 0, "a command line of the shell");
}

static void
check_inherits(void)
{
	struct err e = ERR_INIT;
	struct run holder;
	int from = -1, to = -1;
	char got[4];

	(void)os_pipe(&from, &to, &e);
	tap_ok(start(&holder, (struct os_spawn){ .argv = PLAY("hold", "temp",
	    "-"), .in = -1 }), "a child that stays");
	tap_text(read_some(&holder), "held", "and works");
	(void)os_close(to, &e);
	tap_int(os_read_within(from, got, sizeof(got), SOON_MS, &e), 0,
	    "holds no descriptor of ours");
	(void)os_close(from, &e);
	end(&holder);
}

static void
check_killed(void)
{
	struct err e = ERR_INIT;
	struct os_stat st;
	char path[TEXT_BYTES], *temp = os_temp_dir(&e);
	struct run r;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/os-lock-%lld", temp,
	    (long long)os_monotonic_ms());
	free(temp);
	(void)start(&r, (struct os_spawn){ .argv = PLAY("hold", "lock", path),
	    .in = -1 });
	tap_text(read_some(&r), "held", "a child holds a lock");
	fd = os_open_lock(path, &e);
	tap_int(os_lock(fd, &e), 0, "we don't get it");
	end(&r);
	tap_int(os_lock(fd, &e), 1, "killed, it has let go");
	(void)os_close(fd, &e);
	tap_int(os_unlink(path, &e), 0, "%s", "delete its file");
	(void)start(&r, (struct os_spawn){ .argv = PLAY("hold", "secret", "-"),
	    .in = -1 });
	(void)snprintf(path, sizeof(path), "%s", read_some(&r));
	tap_ok(os_stat(path, &st, &e) == 0 && st.kind == OS_FILE &&
	    st.is_private && st.size == 4, "a child has a secret: %s", path);
	end(&r);
	tap_ok(os_stat(path, &st, &e) == 0 && st.kind == OS_MISSING,
	    "killed, it is gone");
	(void)start(&r, (struct os_spawn){ .argv = PLAY("parent"), .in = -1 });
	tap_text(read_all(&r), "started",
	    "a child's child ends with it, when it is killed");
	tap_ok(finish(&r) != 0, "which is a failure");
}

static void
check_secret(void)
{
	struct err e = ERR_INIT;
	struct os_secret *s = os_secret_new("hush\r\n\x1a", 7, &e);
	char path[TEXT_BYTES];
	struct os_stat st;

	(void)snprintf(path, sizeof(path), "%s", s != NULL ?
	    os_secret_path(s) : e.text);
	tap_text(output_of((struct os_spawn){ .argv = PLAY("show", path),
	    .in = -1 }), "hush\r\n\x1a", "a program reads a secret");
	os_secret_free(s);
	tap_ok(os_stat(path, &st, &e) == 0 && st.kind == OS_MISSING,
	    "freed, it is gone");
	os_secret_free(NULL);
}

/* cmd.exe reads the arguments of a batch file by rules of its own. */
static void
check_batch(void)
{
	static const char text[] = "@echo off\r\necho \"%~1\" \"%~2\" \"%~3\"\r\n"
		"exit /b 5\r\n";
	struct err e = ERR_INIT;
	char path[TEXT_BYTES], *temp = os_temp_dir(&e);
	const char *good[] = { path, "a b&c", "", "x^y!z|<>", NULL };
	const char *bad[] = { path, "100%", NULL };
	struct run r;
	int fd;

	(void)snprintf(path, sizeof(path), "%s\\os batch %lld.bat", temp,
	    (long long)os_monotonic_ms());
	free(temp);
	fd = os_create(path, &e);
	tap_ok(fd >= 0 && os_write(fd, text, sizeof(text) - 1, &e) == 0,
	    "a batch file: %s", e.text);
	(void)os_close(fd, &e);
	(void)start(&r, (struct os_spawn){ .argv = good, .in = -1 });
	tap_text(read_all(&r), "\"a b&c\" \"\" \"x^y!z|<>\"\r\n", "its arguments");
	tap_int(finish(&r), 5, "its exit status");
	tap_ok(os_spawn(&(struct os_spawn){ .argv = bad, .in = -1, .out = -1,
	    .err = -1 }, &e) == NULL, "what it would change is refused");
	tap_ok(strstr(e.text, "'100%'") != NULL, "%s", e.text);
	tap_int(os_unlink(path, &e), 0, "delete it");
}

static int
count(const char *name, void *ctx)
{
	(void)name;
	++*(unsigned *)ctx;
	return 0;
}

static void
check_temp(void)
{
	struct err e = ERR_INIT;
	char dir[TEXT_BYTES], variable[TEXT_BYTES + 8], *temp = os_temp_dir(&e);
	const char *const env[] = { variable, NULL };
	unsigned left = 0;
	struct run r;

	(void)snprintf(dir, sizeof(dir), "%s/os " UNICODE "%lld", temp,
	    (long long)os_monotonic_ms());
	free(temp);
	(void)snprintf(variable, sizeof(variable), "TMPDIR=%s", dir);
	tap_int(os_make_dir(dir, &e), 0, "a directory of our own");
	(void)start(&r, (struct os_spawn){ .argv = PLAY("hold", "temp", "-"),
	    .env = env, .in = -1 });
	tap_text(read_some(&r), "held", "a child has a temporary file there");
	end(&r);
	tap_ok(os_list_dir(dir, count, &left, &e) == 0 && left == 0,
	    "killed, nothing of it is left");
	tap_int(os_remove_dir(dir, &e), 0, "remove the directory");
}

/* Its own group: os_kill() asks, and gives it time. */
static void
check_stop(void)
{
	struct err e = ERR_INIT;
	int from = -1, to = -1;
	struct run r;

	(void)os_pipe(&from, &to, &e);
	(void)start(&r, (struct os_spawn){ .argv = PLAY("stop"), .in = from,
	    .own_group = true });
	tap_text(read_some(&r), "waiting", "a child waits in a read");
	os_kill(r.proc);
	tap_text(read_all(&r), "; stopped", "asked to stop, it wakes");
	(void)os_close(r.out, &e);
	(void)os_close(from, &e);
	(void)os_close(to, &e);
}

int
main(int argc, char **argv)
{
	os_start();
	self = argv[0];
	if (argc > 1)
		return play(argv + 1);
	check_args();
	check_env();
	check_status();
	check_shell();
	check_inherits();
	check_killed();
	check_temp();
	check_secret();
	check_stop();
	if (os_program_suffix[0] != '\0')
		check_batch();
	return tap_done();
}
