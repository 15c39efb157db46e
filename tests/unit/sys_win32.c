/*
 * For tests on Windows.
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <tlhelp32.h>

#include <process.h>
#include <stdlib.h>

#include "lib/os.h"
#include "sys.h"

#define KILLED (128 + 9)	/* what os_wait() tells of kill -9 */

const char sys_home_variable[] = "USERPROFILE";

const char *
sys_program(const char *argv0)
{
	static char path[MAX_PATH];
	DWORD n = GetModuleFileNameA(NULL, path, sizeof(path));

	return n > 0 && n < sizeof(path) ? path : argv0;
}

int
sys_start(const char *const *argv)
{
	return _spawnv(_P_NOWAIT, argv[0], argv) != -1 ? 0 : -1;
}

bool
sys_has_child(void)
{
	HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
	PROCESSENTRY32 entry = { .dwSize = sizeof(entry) };
	BOOL more;
	bool found = false;

	for (more = Process32First(all, &entry); more && !found;
	    more = Process32Next(all, &entry))
		found = entry.th32ParentProcessID == GetCurrentProcessId();
	(void)CloseHandle(all);
	return found;
}

void
sys_die(void)
{
	(void)TerminateProcess(GetCurrentProcess(), KILLED);
}

void
sys_set_env(const char *name, const char *value)
{
	(void)_putenv_s(name, value);
}

bool
sys_make_link(const char *target, const char *path)
{
	return CreateSymbolicLinkA(path, target,
	    SYMBOLIC_LINK_FLAG_ALLOW_UNPRIVILEGED_CREATE) != 0;
}

/* -- sockets ------------------------------------------------------------ */

intptr_t
sys_listen(unsigned *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int len = sizeof(a);
	WSADATA data;
	SOCKET s;

	if (WSAStartup(MAKEWORD(2, 2), &data) != 0)
		return -1;
	s = socket(AF_INET, SOCK_STREAM, 0);
	if (s == INVALID_SOCKET)
		return -1;
	if (bind(s, (struct sockaddr *)&a, len) != 0 || listen(s, 16) != 0 ||
	    getsockname(s, (struct sockaddr *)&a, &len) != 0) {
		(void)closesocket(s);
		return -1;
	}
	*port = ntohs(a.sin_port);
	return (intptr_t)s;
}

intptr_t
sys_accept(intptr_t listening)
{
	return (intptr_t)accept((SOCKET)listening, NULL, NULL);
}

ptrdiff_t
sys_receive(intptr_t socket, char *out, size_t size)
{
	return recv((SOCKET)socket, out, (int)size, 0);
}

ptrdiff_t
sys_send(intptr_t socket, const char *data, size_t size)
{
	return send((SOCKET)socket, data, (int)size, 0);
}

void
sys_close(intptr_t socket)
{
	(void)closesocket((SOCKET)socket);
}

/* Only closing it wakes accept() here; closing it again does no harm. */
void
sys_interrupt(intptr_t listening)
{
	(void)closesocket((SOCKET)listening);
}
