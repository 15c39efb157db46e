/*
 * Pipes, and sockets that libraries have made. Both are handles; none may get
 * into a child, which would keep it open.
 */
#include <winsock2.h>

#include "os_win32_private.h"

#include <fcntl.h>
#include <io.h>

#define PIPE_BYTES 65536

int
os_pipe(int *read_end, int *write_end, struct err *e)
{
	HANDLE from, to;

	if (!CreatePipe(&from, &to, NULL, PIPE_BYTES))
		return os_fail_code(e, GetLastError(), "cannot make a pipe");
	if ((*read_end = os_descriptor(from, _O_RDONLY, e)) < 0) {
		(void)CloseHandle(to);
		return -1;
	}
	if ((*write_end = os_descriptor(to, _O_WRONLY, e)) < 0) {
		(void)_close(*read_end);
		return -1;
	}
	return 0;
}

void
os_hide_from_children(intptr_t fd)
{
	(void)SetHandleInformation((HANDLE)fd, HANDLE_FLAG_INHERIT, 0);
}

/* The call that waits may have begun before: it is cancelled. */
void
os_break_socket(intptr_t fd)
{
	const struct linger at_once = { 1, 0 };

	(void)setsockopt((SOCKET)fd, SOL_SOCKET, SO_LINGER,
	    (const char *)&at_once, sizeof(at_once));
	(void)shutdown((SOCKET)fd, SD_BOTH);
	(void)CancelIoEx((HANDLE)fd, NULL);
}
