/*
 * The start of a program, clocks and the machine on Windows.
 */
#include "os_win32_private.h"

#include <bcrypt.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EPOCH_1601 INT64_C(11644473600)	/* seconds before 1970 */
#define NAME_CHARS 256

/* No dialog may hold a program that nobody watches. */
void
os_start(void)
{
	int fd;

	(void)SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX |
	    SEM_NOOPENFILEERRORBOX);
	/*
	 * A file must never become descriptor 1 because 1 was closed; and what
	 * is written to a closed one must fail, not vanish.
	 */
	while ((fd = _wopen(L"NUL", _O_RDONLY | _O_BINARY)) >= 0 && fd <= 2)
		;
	if (fd > 2)
		(void)_close(fd);
	for (fd = 0; fd <= 2; fd++)
		(void)_setmode(fd, _O_BINARY);
	_fmode = _O_BINARY;
}

int64_t
os_now(void)
{
	ULARGE_INTEGER t;
	FILETIME now;

	GetSystemTimeAsFileTime(&now);
	t.LowPart = now.dwLowDateTime;
	t.HighPart = now.dwHighDateTime;
	return (int64_t)(t.QuadPart / 10000000) - EPOCH_1601;
}

int64_t
os_monotonic_ms(void)
{
	LARGE_INTEGER ticks, per_second;

	(void)QueryPerformanceFrequency(&per_second);
	(void)QueryPerformanceCounter(&ticks);
	return ticks.QuadPart / per_second.QuadPart * 1000 +
	    ticks.QuadPart % per_second.QuadPart * 1000 / per_second.QuadPart;
}

int
os_random(void *out, size_t size, struct err *e)
{
	if (BCryptGenRandom(NULL, out, (ULONG)size,
	    BCRYPT_USE_SYSTEM_PREFERRED_RNG) == 0)
		return 0;
	return err_set(e, ERR_LOCAL, "cannot get random bytes");
}

unsigned
os_cpu_count(void)
{
	DWORD n = GetActiveProcessorCount(ALL_PROCESSOR_GROUPS);

	return n < 1 ? 1 : n > 256 ? 256 : (unsigned)n;
}

const char *
os_home(void)
{
	const char *home = getenv("USERPROFILE");

	return home != NULL ? home : "";
}

void
os_host_name(char *out, size_t size)
{
	wchar_t name[NAME_CHARS];
	DWORD n = NAME_CHARS;

	out[0] = '\0';
	if (GetComputerNameExW(ComputerNameDnsHostname, name, &n))
		(void)os_narrow_into(out, size, name);
	if (out[0] == '\0')
		(void)snprintf(out, size, "localhost");
}

void
os_user_name(char *out, size_t size)
{
	wchar_t name[NAME_CHARS + 1];
	DWORD n = NAME_CHARS + 1;

	out[0] = '\0';
	if (GetUserNameW(name, &n))
		(void)os_narrow_into(out, size, name);
	if (out[0] == '\0')
		(void)snprintf(out, size, "unknown");
}

void
os_unset_env(const char *name)
{
	char entry[NAME_CHARS];

	if (snprintf(entry, sizeof(entry), "%s=", name) < (int)sizeof(entry))
		(void)_putenv(entry);
}

char *const *
os_environment(void)
{
	static char *none[] = { NULL };

	return _environ != NULL ? _environ : none;
}
