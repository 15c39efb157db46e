/*
 * Names and directories on Windows: renamed, deleted, made; and the room that
 * is left on their disks.
 */
#include "os_win32_private.h"

#include <stdlib.h>
#include <string.h>

/* of Windows 10 1607; mingw's headers hide the names */
#define DISPOSITION_INFO_EX ((FILE_INFO_BY_HANDLE_CLASS)21)
#define RENAME_INFO_EX ((FILE_INFO_BY_HANDLE_CLASS)22)
#define BUSY_TRIES 20
#define BUSY_MS 50

/*
 * Virus scanners and indexers open what has just been written, for a moment
 * and without leave to rename it.
 */
static bool
is_busy(DWORD code, int *tries)
{
	if (code != ERROR_SHARING_VIOLATION || ++*tries > BUSY_TRIES)
		return false;
	Sleep(BUSY_MS);
	return true;
}

/*
 * Windows 10 1607 and later can replace and delete files that others have
 * open; the name is free at once.
 */
static DWORD
set_info(const wchar_t *path, FILE_INFO_BY_HANDLE_CLASS kind, void *info,
	size_t size)
{
	HANDLE h = CreateFileW(path, DELETE | SYNCHRONIZE, OS_SHARE_ALL, NULL,
	    OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, NULL);
	DWORD code = 0;

	if (h == INVALID_HANDLE_VALUE)
		return GetLastError();
	if (!SetFileInformationByHandle(h, kind, info, (DWORD)size))
		code = GetLastError();
	(void)CloseHandle(h);
	return code;
}

static DWORD
rename_open(const wchar_t *from, const wchar_t *to)
{
	size_t len = wcslen(to) * sizeof(*to);
	size_t size = sizeof(FILE_RENAME_INFO) + len + sizeof(*to);
	FILE_RENAME_INFO *info = calloc(1, size);
	DWORD code;

	if (info == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	info->Flags = FILE_RENAME_FLAG_REPLACE_IF_EXISTS |
	    FILE_RENAME_FLAG_POSIX_SEMANTICS;
	info->FileNameLength = (DWORD)len;
	memcpy(info->FileName, to, len + sizeof(*to));
	code = set_info(from, RENAME_INFO_EX, info, size);
	free(info);
	return code;
}

int
os_rename(const char *from, const char *to, struct err *e)
{
	wchar_t *a = os_wide_path(from, e), *b = os_wide_path(to, e);
	DWORD code = 0;
	int tries = 0;

	if (a != NULL && b != NULL) {
		do {
			code = MoveFileExW(a, b, MOVEFILE_REPLACE_EXISTING |
			    MOVEFILE_WRITE_THROUGH) ? 0 : GetLastError();
			if (code == ERROR_ACCESS_DENIED &&
			    rename_open(a, b) == 0)
				code = 0;
		} while (is_busy(code, &tries));
	}
	free(a);
	free(b);
	if (a == NULL || b == NULL)
		return -1;
	return code == 0 ? 0 :
	    os_fail_code(e, code, "cannot rename '%s' to '%s'", from, to);
}

int
os_unlink(const char *path, struct err *e)
{
	FILE_DISPOSITION_INFO_EX info = { FILE_DISPOSITION_FLAG_DELETE |
		FILE_DISPOSITION_FLAG_POSIX_SEMANTICS };
	wchar_t *wide = os_wide_path(path, e);
	int tries = 0;
	DWORD code;

	if (wide == NULL)
		return -1;
	do {
		code = set_info(wide, DISPOSITION_INFO_EX, &info,
		    sizeof(info));
		if (code != 0 && !os_is_missing(code))
			code = DeleteFileW(wide) ? 0 : GetLastError();
	} while (is_busy(code, &tries));
	free(wide);
	if (code == 0 || os_is_missing(code))
		return 0;
	return os_fail_code(e, code, "cannot delete '%s'", path);
}

/* Where the file system has such a thing: elsewhere renames are lasting. */
int
os_sync_dir(const char *dir, struct err *e)
{
	wchar_t *wide = os_wide_path(dir, e);
	DWORD code = 0;
	HANDLE h;

	if (wide == NULL)
		return -1;
	h = CreateFileW(wide, FILE_LIST_DIRECTORY | FILE_ADD_FILE, OS_SHARE_ALL,
	    NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
	if (h == INVALID_HANDLE_VALUE)
		code = GetLastError();
	else
		(void)FlushFileBuffers(h);
	if (h != INVALID_HANDLE_VALUE)
		(void)CloseHandle(h);
	free(wide);
	if (code == 0 || code == ERROR_ACCESS_DENIED)
		return 0;
	return os_fail_code(e, code, "cannot open directory '%s'", dir);
}

int
os_make_dir(const char *path, struct err *e)
{
	SECURITY_ATTRIBUTES *rights = os_owner_only(e);
	wchar_t *wide = rights != NULL ? os_wide_path(path, e) : NULL;
	DWORD code;

	if (wide == NULL)
		return -1;
	code = CreateDirectoryW(wide, rights) ? 0 : GetLastError();
	free(wide);
	return code == 0 ? 0 :
	    os_fail_code(e, code, "cannot make the directory '%s'", path);
}

int
os_remove_dir(const char *path, struct err *e)
{
	wchar_t *wide = os_wide_path(path, e);
	int tries = 0;
	DWORD code;

	if (wide == NULL)
		return -1;
	do
		code = RemoveDirectoryW(wide) ? 0 : GetLastError();
	while (is_busy(code, &tries));
	free(wide);
	return code == 0 ? 0 :
	    os_fail_code(e, code, "cannot remove the directory '%s'", path);
}

int
os_free_bytes(const char *path, uint64_t *bytes, struct err *e)
{
	wchar_t *wide = os_wide_path(path, e);
	ULARGE_INTEGER free_bytes;
	DWORD code;

	if (wide == NULL)
		return -1;
	code = GetDiskFreeSpaceExW(wide, &free_bytes, NULL, NULL) ? 0 :
	    GetLastError();
	free(wide);
	if (code != 0)
		return os_fail_code(e, code,
		    "cannot tell the free space of '%s'", path);
	*bytes = free_bytes.QuadPart;
	return 0;
}
