/*
 * Children on POSIX systems: started so that they hold nothing of ours and
 * don't outlive us, and so that a missing program is an error of the start.
 */
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os_private.h"

#define WAIT_MS_MAX 16

extern char **environ;

int
os_pipe(int *read_end, int *write_end, struct err *e)
{
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) != 0)
		return os_fail(e, "cannot make a pipe");
	*read_end = fd[0];
	*write_end = fd[1];
	return 0;
}

void
os_hide_from_children(intptr_t fd)
{
	(void)fcntl((int)fd, F_SETFD, FD_CLOEXEC);
}

void
os_break_socket(intptr_t fd)
{
	const struct linger at_once = { 1, 0 };

	(void)setsockopt((int)fd, SOL_SOCKET, SO_LINGER, &at_once,
	    sizeof(at_once));
	(void)shutdown((int)fd, SHUT_RDWR);
}

static size_t
key_len(const char *entry)
{
	return strcspn(entry, "=");
}

static int
is_overridden(const char *entry, const char *const *changes)
{
	size_t n = key_len(entry);

	for (; *changes != NULL; changes++)
		if (key_len(*changes) == n && strncmp(*changes, entry, n) == 0)
			return 1;
	return 0;
}

/* environ with the changes applied: an array to free, entries borrowed. */
static char **
make_env(const char *const *changes, struct err *e)
{
	static const char *const none[] = { NULL };
	size_t n = 0, i, used = 0;
	char **env;

	if (changes == NULL)
		changes = none;
	while (environ[n] != NULL)
		n++;
	for (i = 0; changes[i] != NULL; i++)
		n++;
	if ((env = calloc(n + 1, sizeof(*env))) == NULL) {
		os_fail(e, "cannot make an environment");
		return NULL;
	}
	for (i = 0; environ[i] != NULL; i++)
		if (!is_overridden(environ[i], changes))
			env[used++] = environ[i];
	for (i = 0; changes[i] != NULL; i++)
		if (changes[i][key_len(changes[i])] == '=')
			env[used++] = (char *)(uintptr_t)changes[i];
	return env;
}

/* In the child: make fd the descriptor number to. */
static int
put_fd(int fd, int to)
{
	if (fd < 0 && to == 0)
		fd = open("/dev/null", O_RDONLY);
	if (fd < 0 || fd == to)
		return fd == to ? fcntl(fd, F_SETFD, 0) : 0;
	return dup2(fd, to) < 0 ? -1 : 0;
}

/* In the child: only calls that are safe after fork. Never returns. */
static void
become(const struct os_spawn *how, const char *const *argv, char **env,
	int report, pid_t parent)
{
	sigset_t none;
	ssize_t n;
	int code;

	(void)signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (how->own_group)
		(void)setpgid(0, 0);
	if (getppid() != parent)	/* it died before we asked */
		_exit(127);
	if (report == 3)	/* room for extra */
		report = fcntl(report, F_DUPFD_CLOEXEC, 4);
	if (put_fd(how->in, 0) == 0 && put_fd(how->out, 1) == 0 &&
	    put_fd(how->err, 2) == 0 &&
	    put_fd(how->extra > 2 ? how->extra : -1, 3) == 0)
		(void)execvpe(argv[0], (char *const *)(uintptr_t)argv, env);
	code = errno;
	n = write(report, &code, sizeof(code));
	(void)n;
	_exit(127);
}

struct os_proc *
os_spawn(const struct os_spawn *how, struct err *e)
{
	const char *sh[] = { "/bin/sh", "-c", how->shell, NULL };
	const char *const *argv = how->shell != NULL ? sh : how->argv;
	struct os_proc *p = NULL;
	char **env = NULL;
	pid_t parent = getpid();
	int fd[2] = { -1, -1 }, code = 0;

	if ((env = make_env(how->env, e)) == NULL ||
	    os_pipe(&fd[0], &fd[1], e) != 0)
		goto out;
	if ((p = calloc(1, sizeof(*p))) == NULL) {
		os_fail(e, "cannot start '%s'", argv[0]);
		goto out;
	}
	p->group = how->own_group;
	err_escape(p->name, sizeof(p->name), argv[0], strlen(argv[0]));
	if ((p->pid = fork()) < 0) {
		os_fail(e, "cannot start '%s'", p->name);
		goto out;
	}
	if (p->pid == 0)
		become(how, argv, env, fd[1], parent);
	(void)close(fd[1]);
	fd[1] = -1;
	if (read(fd[0], &code, sizeof(code)) == (ssize_t)sizeof(code)) {
		(void)waitpid(p->pid, NULL, 0);
		p->pid = 0;
		errno = code;
		os_fail(e, "cannot run '%s'", p->name);
	}
out:
	if (fd[0] >= 0)
		(void)close(fd[0]);
	if (fd[1] >= 0)
		(void)close(fd[1]);
	free(env);
	if (p != NULL && p->pid > 0)
		return p;
	free(p);
	return NULL;
}

/* A child that has closed its output may still take its time to end. */
int
os_wait(struct os_proc *p, struct err *e)
{
	int status = 0, wait_ms = 1, rc;
	pid_t got;

	while ((got = waitpid(p->pid, &status, WNOHANG)) == 0) {
		if (os_sleep_ms(wait_ms, e) != 0) {
			os_kill(p);
			return -1;
		}
		if (wait_ms < WAIT_MS_MAX)
			wait_ms *= 2;
	}
	if (got < 0)
		rc = os_fail(e, "cannot wait for '%s'", p->name);
	else if (WIFSIGNALED(status))
		rc = 128 + WTERMSIG(status);
	else
		rc = WEXITSTATUS(status);
	free(p);
	return rc;
}

void
os_kill(struct os_proc *p)
{
	int i;

	if (p == NULL)
		return;
	(void)kill(p->group ? -p->pid : p->pid, SIGTERM);
	for (i = 0; i < 200; i++) {	/* two seconds to end in order */
		if (waitpid(p->pid, NULL, WNOHANG) != 0)
			break;
		(void)usleep(10000);
	}
	if (i == 200 || p->group)	/* and what it has left behind */
		(void)kill(p->group ? -p->pid : p->pid, SIGKILL);
	while (i == 200 && waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
		;
	free(p);
}
