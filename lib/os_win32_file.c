/*
 * Files by name on Windows. Everything is opened so that others may read,
 * rename and delete it meanwhile, as on other systems.
 */
#include "os_win32_private.h"

#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>

#define EPOCH_1601 INT64_C(11644473600)	/* seconds before 1970 */

HANDLE
os_handle(int fd)
{
	return fd < 0 ? INVALID_HANDLE_VALUE : (HANDLE)_get_osfhandle(fd);
}

int
os_descriptor(HANDLE h, int flags, struct err *e)
{
	int fd = _open_osfhandle((intptr_t)h, flags | _O_BINARY |
	    _O_NOINHERIT);

	if (fd >= 0)
		return fd;
	(void)CloseHandle(h);
	return os_fail(e, "cannot have one more file open");
}

/* -- looking ------------------------------------------------------------ */

/* A link, to whatever; other reparse points are ways to keep a file. */
static bool
is_link(HANDLE h)
{
	FILE_ATTRIBUTE_TAG_INFO info;

	return GetFileInformationByHandleEx(h, FileAttributeTagInfo, &info,
	    sizeof(info)) &&
	    (info.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 &&
	    (info.ReparseTag == IO_REPARSE_TAG_SYMLINK ||
	    info.ReparseTag == IO_REPARSE_TAG_MOUNT_POINT);
}

static bool
fill_stat(HANDLE h, struct os_stat *st)
{
	BY_HANDLE_FILE_INFORMATION info;
	ULARGE_INTEGER t;

	memset(st, 0, sizeof(*st));
	st->kind = OS_OTHER;
	if (GetFileType(h) != FILE_TYPE_DISK)
		return GetFileType(h) != FILE_TYPE_UNKNOWN;
	if (!GetFileInformationByHandle(h, &info))
		return false;
	if (!is_link(h))
		st->kind = (info.dwFileAttributes &
		    FILE_ATTRIBUTE_DIRECTORY) != 0 ? OS_DIR : OS_FILE;
	st->size = (uint64_t)info.nFileSizeHigh << 32 | info.nFileSizeLow;
	t.HighPart = info.ftLastWriteTime.dwHighDateTime;
	t.LowPart = info.ftLastWriteTime.dwLowDateTime;
	st->mtime = (int64_t)(t.QuadPart / 10000000) - EPOCH_1601;
	st->mtime_ns = (int64_t)(t.QuadPart % 10000000) * 100;
	os_judge_access(h, st);
	return true;
}

/* For looking only; what may not be read can be looked at all the same. */
static HANDLE
open_to_look(const wchar_t *path, DWORD flags)
{
	HANDLE h = CreateFileW(path, FILE_READ_ATTRIBUTES | READ_CONTROL,
	    OS_SHARE_ALL, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | flags,
	    NULL);

	if (h == INVALID_HANDLE_VALUE && GetLastError() == ERROR_ACCESS_DENIED)
		h = CreateFileW(path, FILE_READ_ATTRIBUTES, OS_SHARE_ALL, NULL,
		    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | flags, NULL);
	return h;
}

bool
os_is_missing(DWORD code)
{
	return code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND ||
	    code == ERROR_INVALID_NAME || code == ERROR_BAD_NETPATH ||
	    code == ERROR_BAD_NET_NAME || code == ERROR_NOT_READY;
}

static int
look(const char *path, DWORD flags, struct os_stat *st, struct err *e)
{
	wchar_t *wide = os_wide_path(path, e);
	DWORD code = 0;
	HANDLE h;

	memset(st, 0, sizeof(*st));
	if (wide == NULL)
		return path[0] == '\0' ? 0 : -1;
	h = open_to_look(wide, flags);
	if (h == INVALID_HANDLE_VALUE || !fill_stat(h, st))
		code = GetLastError();
	if (h != INVALID_HANDLE_VALUE)
		(void)CloseHandle(h);
	free(wide);
	if (code == 0 || os_is_missing(code))
		return 0;
	return os_fail_code(e, code, "cannot look at '%s'", path);
}

int
os_stat(const char *path, struct os_stat *st, struct err *e)
{
	return look(path, 0, st, e);
}

int
os_lstat(const char *path, struct os_stat *st, struct err *e)
{
	return look(path, FILE_FLAG_OPEN_REPARSE_POINT, st, e);
}

int
os_fstat(int fd, struct os_stat *st, struct err *e)
{
	if (fill_stat(os_handle(fd), st))
		return 0;
	return os_fail_code(e, GetLastError(), "cannot look at descriptor %d",
	    fd);
}

/* What tells a file from all others; volume 0: the system does not say. */
static bool
get_identity(HANDLE h, FILE_ID_INFO *id)
{
	BY_HANDLE_FILE_INFORMATION info;

	if (GetFileInformationByHandleEx(h, FileIdInfo, id, sizeof(*id)))
		return true;
	memset(id, 0, sizeof(*id));
	if (!GetFileInformationByHandle(h, &info))
		return false;
	id->VolumeSerialNumber = info.dwVolumeSerialNumber;
	memcpy(&id->FileId, &info.nFileIndexLow, sizeof(info.nFileIndexLow));
	memcpy((char *)&id->FileId + sizeof(info.nFileIndexLow),
	    &info.nFileIndexHigh, sizeof(info.nFileIndexHigh));
	return true;
}

static bool
is_same(const FILE_ID_INFO *a, const FILE_ID_INFO *b)
{
	return memcmp(&a->FileId, &b->FileId, sizeof(a->FileId)) == 0 &&
	    (a->VolumeSerialNumber == b->VolumeSerialNumber ||
	    a->VolumeSerialNumber == 0 || b->VolumeSerialNumber == 0);
}

/* Deleted, but its name stays until the last one has closed it. */
static bool
is_deleted(HANDLE h)
{
	FILE_STANDARD_INFO info;

	return GetFileInformationByHandleEx(h, FileStandardInfo, &info,
	    sizeof(info)) && info.DeletePending;
}

int
os_is_same_file(int fd, const char *path, struct err *e)
{
	wchar_t *wide = os_wide_path(path, e);
	FILE_ID_INFO open_one, named;
	int same = -1;
	HANDLE h;

	if (wide == NULL)
		return -1;
	h = open_to_look(wide, 0);
	if (h != INVALID_HANDLE_VALUE && get_identity(h, &named) &&
	    get_identity(os_handle(fd), &open_one))
		same = !is_deleted(os_handle(fd)) &&
		    is_same(&open_one, &named);
	else if (os_is_missing(GetLastError()) || is_deleted(os_handle(fd)))
		same = 0;
	else
		os_fail_code(e, GetLastError(), "cannot look at '%s'", path);
	if (h != INVALID_HANDLE_VALUE)
		(void)CloseHandle(h);
	free(wide);
	return same;
}

/* The pattern for all names in dir, to free. */
static wchar_t *
make_pattern(const char *dir, struct err *e)
{
	wchar_t *wide = os_wide_path(dir, e), *all;
	size_t len = wide != NULL ? wcslen(wide) : 0;

	if (wide == NULL)
		return NULL;
	if ((all = realloc(wide, (len + 3) * sizeof(*all))) == NULL) {
		free(wide);
		os_fail(e, "cannot list '%s'", dir);
		return NULL;
	}
	if (len > 0 && all[len - 1] == L'\\')
		len--;
	memcpy(all + len, L"\\*", 3 * sizeof(*all));
	return all;
}

int
os_list_dir(const char *dir, int (*each)(const char *name, void *ctx),
	void *ctx, struct err *e)
{
	wchar_t *all = make_pattern(dir, e);
	WIN32_FIND_DATAW found;
	HANDLE h;
	char *name;
	DWORD code;
	int rc = 0;

	if (all == NULL)
		return -1;
	h = FindFirstFileW(all, &found);
	free(all);
	if (h == INVALID_HANDLE_VALUE)
		return os_fail_code(e, GetLastError(), "cannot list '%s'", dir);
	do {
		if (wcscmp(found.cFileName, L".") == 0 ||
		    wcscmp(found.cFileName, L"..") == 0)
			continue;
		name = os_narrow(found.cFileName, e);
		rc = name != NULL ? each(name, ctx) : -1;
		free(name);
	} while (rc == 0 && FindNextFileW(h, &found));
	code = GetLastError();
	(void)FindClose(h);
	if (rc == 0 && code != ERROR_NO_MORE_FILES)
		return os_fail_code(e, code, "cannot list '%s'", dir);
	return rc;
}
