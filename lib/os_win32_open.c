/*
 * Files opened and made on Windows: binary, not inherited, for the owner only,
 * and shared so that others may read, rename and delete them.
 */
#include "os_win32_private.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_WRITE (GENERIC_READ | GENERIC_WRITE)
/* Locks keep others from reading what is locked: a byte that no file has. */
#define LOCK_OFFSET_HIGH 0x40000000u

struct opening {
	DWORD access, create;
	int flags;		/* of the descriptor */
	const char *verb;
};

/* Windows says only that access is denied. */
static bool
is_dir(const wchar_t *path)
{
	DWORD attributes = GetFileAttributesW(path);

	return attributes != INVALID_FILE_ATTRIBUTES &&
	    (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

static int
open_file(const char *path, const struct opening *how, struct err *e)
{
	SECURITY_ATTRIBUTES *rights = NULL;
	wchar_t *wide;
	DWORD code;
	HANDLE h;

	if (how->create != OPEN_EXISTING && (rights = os_owner_only(e)) == NULL)
		return -1;
	if ((wide = os_wide_path(path, e)) == NULL)
		return -1;
	h = CreateFileW(wide, how->access, OS_SHARE_ALL, rights, how->create,
	    FILE_ATTRIBUTE_NORMAL, NULL);
	/* its rights can only be changed by its owner */
	if (h == INVALID_HANDLE_VALUE && (how->access & WRITE_DAC) != 0 &&
	    GetLastError() == ERROR_ACCESS_DENIED)
		h = CreateFileW(wide, how->access & ~(DWORD)WRITE_DAC,
		    OS_SHARE_ALL, rights, how->create, FILE_ATTRIBUTE_NORMAL,
		    NULL);
	code = h != INVALID_HANDLE_VALUE ? 0 : GetLastError();
	errno = code == ERROR_ACCESS_DENIED && is_dir(wide) ? EISDIR : 0;
	free(wide);
	if (errno != 0)
		return os_fail(e, "cannot %s '%s'", how->verb, path);
	if (code != 0)
		return os_fail_code(e, code, "cannot %s '%s'", how->verb, path);
	return os_descriptor(h, how->flags, e);
}

int
os_open_read(const char *path, struct err *e)
{
	return open_file(path, &(struct opening){ GENERIC_READ, OPEN_EXISTING,
	    _O_RDONLY, "open" }, e);
}

int
os_create(const char *path, struct err *e)
{
	return open_file(path, &(struct opening){ READ_WRITE | WRITE_DAC,
	    CREATE_NEW, _O_RDWR, "make" }, e);
}

int
os_open_lock(const char *path, struct err *e)
{
	return open_file(path, &(struct opening){ READ_WRITE | WRITE_DAC,
	    OPEN_ALWAYS, _O_RDWR, "open" }, e);
}

int
os_open_append(const char *path, struct err *e)
{
	return open_file(path, &(struct opening){ FILE_APPEND_DATA |
	    FILE_READ_ATTRIBUTES | READ_CONTROL | WRITE_DAC | SYNCHRONIZE,
	    OPEN_ALWAYS, _O_WRONLY | _O_APPEND, "open" }, e);
}

int
os_lock(int fd, struct err *e)
{
	OVERLAPPED at = { .OffsetHigh = LOCK_OFFSET_HIGH };

	if (LockFileEx(os_handle(fd), LOCKFILE_EXCLUSIVE_LOCK |
	    LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at))
		return 1;
	if (GetLastError() == ERROR_LOCK_VIOLATION ||
	    GetLastError() == ERROR_IO_PENDING)
		return 0;
	return os_fail_code(e, GetLastError(), "cannot lock");
}

/* -- open ones ----------------------------------------------------------- */

int
os_rewind(int fd, struct err *e)
{
	const LARGE_INTEGER zero = { .QuadPart = 0 };

	if (SetFilePointerEx(os_handle(fd), zero, NULL, FILE_BEGIN))
		return 0;
	return os_fail_code(e, GetLastError(),
	    "cannot go back to the beginning of a file");
}

int
os_tell(int fd, uint64_t *at, struct err *e)
{
	const LARGE_INTEGER zero = { .QuadPart = 0 };
	LARGE_INTEGER now;

	if (!SetFilePointerEx(os_handle(fd), zero, &now, FILE_CURRENT))
		return os_fail_code(e, GetLastError(),
		    "cannot tell how far a file was read");
	*at = (uint64_t)now.QuadPart;
	return 0;
}

int
os_truncate(int fd, uint64_t size, struct err *e)
{
	FILE_END_OF_FILE_INFO end = { .EndOfFile.QuadPart = (LONGLONG)size };

	if (SetFileInformationByHandle(os_handle(fd), FileEndOfFileInfo, &end,
	    sizeof(end)))
		return 0;
	return os_fail_code(e, GetLastError(),
	    "cannot cut a file to %llu bytes", (unsigned long long)size);
}

int
os_close(int fd, struct err *e)
{
	if (fd < 0 || _close(fd) == 0)
		return 0;
	return os_fail(e, "cannot close");
}

/* A pipe would wait for its reader, and has nothing to sync. */
int
os_sync(int fd, struct err *e)
{
	HANDLE h = os_handle(fd);

	if (!os_is_disk(h) || FlushFileBuffers(h) ||
	    GetLastError() == ERROR_ACCESS_DENIED)	/* opened to read */
		return 0;
	return os_fail_code(e, GetLastError(), "cannot sync");
}

/* -- temporary files ---------------------------------------------------- */

/* TMPDIR as on other systems, else as Windows finds it: TMP, TEMP, … */
char *
os_temp_dir(struct err *e)
{
	const char *asked = getenv("TMPDIR");
	wchar_t path[MAX_PATH + 2];
	DWORD n;
	char *dir;

	if (asked != NULL && asked[0] != '\0') {
		if ((dir = _strdup(asked)) == NULL)
			os_fail(e, "cannot name the temporary directory");
		return dir;
	}
	n = GetTempPathW(MAX_PATH + 2, path);
	if (n == 0 || n > MAX_PATH + 1) {
		os_fail_code(e, GetLastError(),
		    "cannot name the temporary directory");
		return NULL;
	}
	while (n > 3 && path[n - 1] == L'\\')
		path[--n] = L'\0';
	return os_narrow(path, e);
}

static char *
name_temp(const char *dir, struct err *e)
{
	size_t size = strlen(dir) + 40;
	char *path = malloc(size);
	uint64_t number;

	if (path == NULL)
		os_fail(e, "cannot name a temporary file");
	else if (os_random(&number, sizeof(number), e) == 0) {
		(void)snprintf(path, size, "%s\\pgdumpz-%016llx.tmp", dir,
		    (unsigned long long)number);
		return path;
	}
	free(path);
	return NULL;
}

HANDLE
os_make_temp(DWORD share, char **path, struct err *e)
{
	SECURITY_ATTRIBUTES *rights = os_owner_only(e);
	char *dir = os_temp_dir(e), *name = NULL;
	HANDLE h = INVALID_HANDLE_VALUE;
	wchar_t *wide = NULL;

	if (rights != NULL && dir != NULL &&
	    (name = name_temp(dir, e)) != NULL &&
	    (wide = os_wide_path(name, e)) != NULL) {
		h = CreateFileW(wide, READ_WRITE | DELETE, share, rights,
		    CREATE_NEW, FILE_ATTRIBUTE_TEMPORARY |
		    FILE_ATTRIBUTE_NOT_CONTENT_INDEXED |
		    FILE_FLAG_DELETE_ON_CLOSE, NULL);
		if (h == INVALID_HANDLE_VALUE)
			os_fail_code(e, GetLastError(), "cannot make a "
			    "temporary file in '%s'", dir);
	}
	if (h != INVALID_HANDLE_VALUE && path != NULL) {
		*path = name;
		name = NULL;
	}
	free(wide);
	free(name);
	free(dir);
	return h;
}

int
os_temp_file(struct err *e)
{
	HANDLE h = os_make_temp(OS_SHARE_ALL, NULL, e);

	return h != INVALID_HANDLE_VALUE ? os_descriptor(h, _O_RDWR, e) : -1;
}
