/*
 * Text between UTF-8, which all our code speaks, and the UTF-16 of Windows'
 * calls; and the reasons that Windows gives, in the words of the C library
 * where it has some, so that messages are the same on all systems.
 */
#include "os_win32_private.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_LONG 240	/* room for a file's short name below 260 */

static const struct {
	DWORD code;
	int number;
} known[] = {
	{ ERROR_FILE_NOT_FOUND, ENOENT }, { ERROR_PATH_NOT_FOUND, ENOENT },
	{ ERROR_BAD_NETPATH, ENOENT }, { ERROR_BAD_NET_NAME, ENOENT },
	{ ERROR_INVALID_NAME, ENOENT }, { ERROR_DIRECTORY, ENOTDIR },
	{ ERROR_ACCESS_DENIED, EACCES }, { ERROR_FILE_EXISTS, EEXIST },
	{ ERROR_ALREADY_EXISTS, EEXIST }, { ERROR_DISK_FULL, ENOSPC },
	{ ERROR_HANDLE_DISK_FULL, ENOSPC }, { ERROR_BROKEN_PIPE, EPIPE },
	{ ERROR_NO_DATA, EPIPE }, { ERROR_PIPE_NOT_CONNECTED, EPIPE },
	{ ERROR_NOT_ENOUGH_MEMORY, ENOMEM }, { ERROR_OUTOFMEMORY, ENOMEM },
	{ ERROR_INVALID_HANDLE, EBADF }, { ERROR_NOT_SUPPORTED, ENOSYS },
};

static int
number_of(DWORD code)
{
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].code == code)
			return known[i].number;
	return 0;
}

bool
os_narrow_into(char *out, size_t size, const wchar_t *text)
{
	int n = WideCharToMultiByte(CP_UTF8, 0, text, -1, out, (int)size, NULL,
	    NULL);

	if (n > 0)
		return true;
	out[size - 1] = '\0';
	if (GetLastError() != ERROR_INSUFFICIENT_BUFFER)
		out[0] = '\0';
	return false;
}

/* Windows' own words as one line without a full stop. */
static void
put_words(char *out, size_t size, DWORD code)
{
	wchar_t words[256];
	size_t n = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM |
	    FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK, NULL,
	    code, 0, words, sizeof(words) / sizeof(words[0]), NULL);

	while (n > 0 && (words[n - 1] <= L' ' || words[n - 1] == L'.'))
		n--;
	words[n] = L'\0';
	if (n == 0 || !os_narrow_into(out, size, words))
		(void)snprintf(out, size, "error %lu", (unsigned long)code);
}

static int
add_reason(struct err *e, const char *reason, int number)
{
	size_t len = strlen(e->text);

	(void)snprintf(e->text + len, sizeof(e->text) - len, ": %s", reason);
	if (number == ENOSPC)
		err_hint(e, "free some space, or use another directory");
	return -1;
}

int
os_fail(struct err *e, const char *format, ...)
{
	char reason[256];
	int number = errno;
	va_list ap;

	va_start(ap, format);
	err_setv(e, ERR_LOCAL, format, ap);
	va_end(ap);
	if (strerror_s(reason, sizeof(reason), number) != 0)
		(void)snprintf(reason, sizeof(reason), "error %d", number);
	return add_reason(e, reason, number);
}

int
os_fail_code(struct err *e, DWORD code, const char *format, ...)
{
	char reason[512];
	int number = number_of(code);
	va_list ap;

	va_start(ap, format);
	err_setv(e, ERR_LOCAL, format, ap);
	va_end(ap);
	if (number == 0 || strerror_s(reason, sizeof(reason), number) != 0)
		put_words(reason, sizeof(reason), code);
	return add_reason(e, reason, number);
}

wchar_t *
os_wide(const char *text, struct err *e)
{
	int n = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1,
	    NULL, 0);
	wchar_t *out;

	if (n <= 0) {
		err_set(e, ERR_LOCAL, "cannot use '%s': it is not UTF-8", text);
		return NULL;
	}
	if ((out = malloc((size_t)n * sizeof(*out))) == NULL) {
		os_fail(e, "cannot use '%s'", text);
		return NULL;
	}
	(void)MultiByteToWideChar(CP_UTF8, 0, text, -1, out, n);
	return out;
}

char *
os_narrow(const wchar_t *text, struct err *e)
{
	int n = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
	char *out = malloc(n > 0 ? (size_t)n : 1);

	if (out == NULL) {
		os_fail(e, "cannot read a name");
		return NULL;
	}
	out[0] = '\0';
	(void)WideCharToMultiByte(CP_UTF8, 0, text, -1, out, n, NULL, NULL);
	return out;
}

/* path made absolute, behind room for the longest prefix; NULL on failure. */
static wchar_t *
make_absolute(const wchar_t *path, size_t room)
{
	DWORD size = GetFullPathNameW(path, 0, NULL, NULL), n;
	wchar_t *out = malloc((room + size + 1) * sizeof(*out));

	if (out == NULL)
		return NULL;
	n = GetFullPathNameW(path, size, out + room, NULL);
	if (n > 0 && n < size)
		return out;
	free(out);
	return NULL;
}

wchar_t *
os_wide_path(const char *path, struct err *e)
{
	static const wchar_t local[] = L"\\\\?\\", share[] = L"\\\\?\\UNC";
	const size_t room = sizeof(share) / sizeof(share[0]) - 1;
	wchar_t *wide = os_wide(path, e), *full, *start;
	const wchar_t *prefix = L"";

	if (wide == NULL)
		return NULL;
	full = make_absolute(wide, room);
	free(wide);
	if (full == NULL) {
		os_fail_code(e, path[0] == '\0' ? ERROR_PATH_NOT_FOUND :
		    GetLastError(), "cannot use '%s' as a path", path);
		return NULL;
	}
	start = full + room;
	if (wcslen(start) >= PATH_LONG && start[0] != L'\\')
		prefix = local;
	else if (wcslen(start) >= PATH_LONG && start[2] != L'?' &&
	    start[2] != L'.')
		prefix = share, start++;	/* \\server becomes UNC\server */
	memmove(full + wcslen(prefix), start,
	    (wcslen(start) + 1) * sizeof(*start));
	memcpy(full, prefix, wcslen(prefix) * sizeof(*prefix));
	return full;
}

wchar_t *
os_wide_env(const wchar_t *name)
{
	DWORD size = GetEnvironmentVariableW(name, NULL, 0), n;
	wchar_t *value = size > 1 ? malloc(size * sizeof(*value)) : NULL;

	if (value == NULL)
		return NULL;
	n = GetEnvironmentVariableW(name, value, size);
	if (n > 0 && n < size)
		return value;
	free(value);
	return NULL;
}
