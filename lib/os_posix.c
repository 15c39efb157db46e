/*
 * Errors, signals, clocks and the machine on POSIX systems.
 *
 * A signal may be delivered to any thread, so a blocked read in another one
 * would never notice. The handler therefore writes a byte to stop_pipe as
 * well, and every wait polls that.
 */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "os.h"
#include "os_private.h"

extern char **environ;

static atomic_int stop_signal;	/* set by a handler, read by all threads */
static int stop_pipe[2] = { -1, -1 };

int
os_fail(struct err *e, const char *format, ...)
{
	char reason[256];
	int code = errno;
	va_list ap;
	size_t len;

	va_start(ap, format);
	err_setv(e, ERR_LOCAL, format, ap);
	va_end(ap);
	if (strerror_r(code, reason, sizeof(reason)) != 0)
		(void)snprintf(reason, sizeof(reason), "error %d", code);
	len = strlen(e->text);
	(void)snprintf(e->text + len, sizeof(e->text) - len, ": %s", reason);
	if (code == ENOSPC)
		err_hint(e, "free some space, or use another directory");
	return -1;
}

/* -- signals ------------------------------------------------------------ */

static void
note_stop(int number)
{
	int saved = errno;
	ssize_t n;

	stop_signal = number;
	n = write(stop_pipe[1], "", 1);	/* full is fine: it is readable */
	(void)n;
	errno = saved;
}

static void
set_handler(int number, void (*handler)(int))
{
	struct sigaction old, new = { .sa_handler = handler };

	sigemptyset(&new.sa_mask);
	new.sa_flags = SA_RESTART;
	if (sigaction(number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		(void)sigaction(number, &new, NULL);
}

void
os_start(void)
{
	int fd;

	/*
	 * A file must never become descriptor 1 because 1 was closed; and what
	 * is written to a closed one must fail, not vanish.
	 */
	while ((fd = open("/dev/null", O_RDONLY)) >= 0 && fd <= 2)
		;
	if (fd > 2)
		(void)close(fd);
	set_handler(SIGPIPE, SIG_IGN);
	(void)umask(077);
}

void
os_catch_stop(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	size_t i;

	if (stop_pipe[0] >= 0 || pipe(stop_pipe) != 0)
		return;
	for (i = 0; i < 2; i++) {
		(void)fcntl(stop_pipe[i], F_SETFD, FD_CLOEXEC);
		(void)fcntl(stop_pipe[i], F_SETFL, O_NONBLOCK);
	}
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		set_handler(numbers[i], note_stop);
}

bool
os_stop_asked(void)
{
	return stop_signal != 0;
}

int
os_check_stop(struct err *e)
{
	if (stop_signal == 0)
		return 0;
	return err_set(e, ERR_SIGNAL, "stopped by signal %d",
	    (int)stop_signal);
}

void
os_die_of_stop(void)
{
	if (stop_signal == 0)
		return;
	(void)signal(stop_signal, SIG_DFL);
	(void)raise(stop_signal);
}

bool
os_catches_stop(void)
{
	return stop_pipe[0] >= 0;
}

int
os_wait_for(int fd, short events, int timeout_ms, struct err *e)
{
	struct pollfd p[2] = { { .fd = fd, .events = events },
		{ .fd = stop_pipe[0], .events = POLLIN } };

	if (os_check_stop(e) != 0)
		return -1;
	if (poll(p, 2, timeout_ms) < 0 && errno != EINTR)
		return os_fail(e, "cannot wait for input");
	return os_check_stop(e);
}

/* -- clocks and the machine --------------------------------------------- */

int64_t
os_now(void)
{
	return (int64_t)time(NULL);
}

int64_t
os_monotonic_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int
os_sleep_ms(int64_t ms, struct err *e)
{
	int64_t end = os_monotonic_ms() + ms, left;

	while ((left = end - os_monotonic_ms()) > 0)
		if (os_wait_for(-1, 0, left > 1000 ? 1000 : (int)left, e) != 0)
			return -1;
	return 0;
}

int
os_random(void *out, size_t size, struct err *e)
{
	int fd = os_open_read("/dev/urandom", e);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = os_read_full(fd, out, size, e);
	(void)close(fd);
	if (n >= 0 && (size_t)n != size)
		return err_set(e, ERR_LOCAL, "cannot read '/dev/urandom'");
	return n < 0 ? -1 : 0;
}

unsigned
os_cpu_count(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > 256 ? 256 : (unsigned)n;
}

bool
os_is_terminal(int fd)
{
	return isatty(fd) == 1;
}

const char *
os_home(void)
{
	const char *home = getenv("HOME");
	struct passwd *pw;

	if (home != NULL && home[0] != '\0')
		return home;
	pw = getpwuid(geteuid());
	return pw != NULL && pw->pw_dir != NULL ? pw->pw_dir : "";
}

void
os_host_name(char *out, size_t size)
{
	if (gethostname(out, size) != 0 || out[0] == '\0')
		(void)snprintf(out, size, "localhost");
	out[size - 1] = '\0';
}

void
os_user_name(char *out, size_t size)
{
	const struct passwd *pw = getpwuid(geteuid());

	if (pw != NULL)
		(void)snprintf(out, size, "%s", pw->pw_name);
	else
		(void)snprintf(out, size, "uid%u", (unsigned)geteuid());
}

void
os_unset_env(const char *name)
{
	(void)unsetenv(name);
}

char *const *
os_environment(void)
{
	return environ;
}
