/*
 * For tests on POSIX systems.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/os.h"
#include "sys.h"

const char sys_home_variable[] = "HOME";

const char *
sys_program(const char *argv0)
{
	static char *path;

	if (path == NULL)
		path = realpath(argv0, NULL);
	return path != NULL ? path : argv0;
}

int
sys_start(const char *const *argv)
{
	pid_t pid;

	return posix_spawn(&pid, argv[0], NULL, NULL,
	    (char *const *)(uintptr_t)argv, os_environment()) == 0 ? 0 : -1;
}

bool
sys_has_child(void)
{
	return waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD;
}

void
sys_die(void)
{
	(void)raise(SIGKILL);
}

void
sys_set_env(const char *name, const char *value)
{
	(void)setenv(name, value, 1);
}

bool
sys_make_link(const char *target, const char *path)
{
	return symlink(target, path) == 0;
}

/* -- sockets ------------------------------------------------------------ */

intptr_t
sys_listen(unsigned *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&a, len) != 0 ||
	    listen(fd, 16) != 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &len) != 0) {
		(void)close(fd);
		return -1;
	}
	*port = ntohs(a.sin_port);
	return fd;
}

intptr_t
sys_accept(intptr_t listening)
{
	return accept((int)listening, NULL, NULL);
}

ptrdiff_t
sys_receive(intptr_t socket, char *out, size_t size)
{
	return read((int)socket, out, size);
}

ptrdiff_t
sys_send(intptr_t socket, const char *data, size_t size)
{
	return send((int)socket, data, size, MSG_NOSIGNAL);
}

void
sys_close(intptr_t socket)
{
	(void)close((int)socket);
}

void
sys_interrupt(intptr_t listening)
{
	(void)shutdown((int)listening, SHUT_RDWR);
}
