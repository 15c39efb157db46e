/*
 * Reading and writing on Windows. A call that has to wait for a pipe or a
 * console can be cancelled by a stop. Reading at an offset moves the position
 * of the file, other than on POSIX systems, so all that goes to and from files
 * takes turns, and puts it back.
 */
#include "os_win32_private.h"

#include <errno.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>

#define STEP_MAX (1u << 30)	/* what fits into a DWORD */
#define STEP_CONSOLE 4096	/* bytes; some consoles take no 64 KiB */
#define POLL_MS_MAX 16

static SRWLOCK position_lock = SRWLOCK_INIT;

struct piece {
	HANDLE h;
	void *in;		/* to read into, or */
	const void *out;	/* to write */
	size_t size;
};

static DWORD
move(const struct piece *p, OVERLAPPED *at, DWORD *done)
{
	DWORD n = p->size > STEP_MAX ? STEP_MAX : (DWORD)p->size;
	BOOL fine;

	*done = 0;
	SetLastError(0);
	fine = p->in != NULL ? ReadFile(p->h, p->in, n, done, at) :
	    WriteFile(p->h, p->out, n, done, at);
	if (!fine && GetLastError() == ERROR_MORE_DATA)
		return 0;	/* the rest of a message comes next */
	/* Ctrl-C makes reading a console succeed, with nothing */
	if (fine && (*done > 0 || n == 0 ||
	    GetLastError() != ERROR_OPERATION_ABORTED))
		return 0;
	return GetLastError();
}

static bool
is_disk(HANDLE h)
{
	return GetFileType(h) == FILE_TYPE_DISK;
}

/* At the file's position; returns an error code. */
static DWORD
move_in_file(const struct piece *p, DWORD *done)
{
	DWORD code;

	AcquireSRWLockExclusive(&position_lock);
	code = move(p, NULL, done);
	ReleaseSRWLockExclusive(&position_lock);
	return code;
}

static DWORD
move_at(const struct piece *p, uint64_t offset, DWORD *done)
{
	OVERLAPPED at = { .Offset = (DWORD)offset,
		.OffsetHigh = (DWORD)(offset >> 32) };
	const LARGE_INTEGER zero = { .QuadPart = 0 };
	LARGE_INTEGER position;
	DWORD code;

	*done = 0;
	AcquireSRWLockExclusive(&position_lock);
	if (!SetFilePointerEx(p->h, zero, &position, FILE_CURRENT)) {
		code = GetLastError();
	} else {
		code = move(p, &at, done);
		(void)SetFilePointerEx(p->h, position, NULL, FILE_BEGIN);
	}
	ReleaseSRWLockExclusive(&position_lock);
	return code;
}

/* -1 and ERR_SIGNAL when stopped; else *code tells. */
static int
move_waiting(const struct piece *p, DWORD *done, DWORD *code, struct err *e)
{
	struct os_blocked b;

	do {
		if (os_check_stop(e) != 0)
			return -1;
		os_block_begin(&b);
		*code = os_stop_asked() ? ERROR_OPERATION_ABORTED :
		    move(p, NULL, done);
		os_block_end(&b);
	} while (*code == ERROR_OPERATION_ABORTED);
	return 0;
}

/* Somebody has written nothing into it: that is no end. */
static bool
is_open_pipe(HANDLE h)
{
	return GetFileType(h) == FILE_TYPE_PIPE &&
	    PeekNamedPipe(h, NULL, 0, NULL, NULL, NULL);
}

ssize_t
os_read(int fd, void *out, size_t size, struct err *e)
{
	struct piece p = { .h = os_handle(fd), .in = out, .size = size };
	DWORD got = 0, code;

	do {
		if (is_disk(p.h)) {
			if (os_check_stop(e) != 0)
				return -1;
			code = move_in_file(&p, &got);
		} else if (move_waiting(&p, &got, &code, e) != 0) {
			return -1;
		}
		if (code == ERROR_BROKEN_PIPE || code == ERROR_HANDLE_EOF)
			return 0;
		if (code != 0)
			return os_fail_code(e, code, "cannot read");
	} while (got == 0 && size > 0 && is_open_pipe(p.h));
	return (ssize_t)got;
}

ssize_t
os_read_within(int fd, void *out, size_t size, int64_t ms, struct err *e)
{
	int64_t end = os_monotonic_ms() + ms, left;
	int wait_ms = 1;
	DWORD ready;

	while ((left = end - os_monotonic_ms()) > 0) {
		ready = 0;
		if (!PeekNamedPipe(os_handle(fd), NULL, 0, NULL, &ready,
		    NULL) || ready > 0)
			return os_read(fd, out, size, e);
		if (os_sleep_ms(left < wait_ms ? left : wait_ms, e) != 0)
			return -1;
		if (wait_ms < POLL_MS_MAX)
			wait_ms *= 2;
	}
	return err_set(e, ERR_LOCAL, "no answer in time");
}

ssize_t
os_read_full(int fd, void *out, size_t size, struct err *e)
{
	size_t got = 0;
	ssize_t n;

	while (got < size) {
		n = os_read(fd, (char *)out + got, size - got, e);
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

ssize_t
os_pread(int fd, void *out, size_t size, uint64_t at, struct err *e)
{
	struct piece p = { .h = os_handle(fd) };
	size_t got = 0;
	DWORD n, code;

	while (got < size) {
		p.in = (char *)out + got;
		p.size = size - got;
		code = move_at(&p, at + got, &n);
		if (code == ERROR_HANDLE_EOF || (code == 0 && n == 0))
			break;
		if (code != 0)
			return os_fail_code(e, code, "cannot read");
		got += n;
	}
	return (ssize_t)got;
}

int
os_pwrite(int fd, const void *data, size_t size, uint64_t at, struct err *e)
{
	struct piece p = { .h = os_handle(fd) };
	size_t done = 0;
	DWORD n, code;

	while (done < size) {
		p.out = (const char *)data + done;
		p.size = size - done;
		if ((code = move_at(&p, at + done, &n)) != 0)
			return os_fail_code(e, code, "cannot write");
		done += n;
	}
	return 0;
}

/* -- to a console ------------------------------------------------------- */

static bool
is_console(HANDLE h)
{
	DWORD mode;

	return GetConsoleMode(h, &mode) != 0;
}

/* How many of the bytes to write next: not half a character. */
static size_t
console_step(const char *text, size_t size)
{
	size_t n = size < STEP_CONSOLE ? size : STEP_CONSOLE, end = n;

	while (end < size && end > n - 3 && ((uint8_t)text[end] & 0xc0) == 0x80)
		end--;
	return end;
}

/* A console shows characters, whatever its code page is. */
static DWORD
write_console(HANDLE h, const char *text, size_t size)
{
	wchar_t wide[STEP_CONSOLE];
	DWORD done;
	size_t n;
	int len;

	for (; size > 0; text += n, size -= n) {
		n = console_step(text, size);
		len = MultiByteToWideChar(CP_UTF8, 0, text, (int)n, wide,
		    STEP_CONSOLE);
		if (len > 0 && !WriteConsoleW(h, wide, (DWORD)len, &done, NULL))
			return GetLastError();
	}
	return 0;
}

int
os_write(int fd, const void *data, size_t size, struct err *e)
{
	struct piece p = { .h = os_handle(fd) };
	size_t done = 0;
	DWORD n, code;

	if (is_console(p.h)) {
		code = write_console(p.h, data, size);
		return code == 0 ? 0 : os_fail_code(e, code, "cannot write");
	}
	while (done < size) {
		p.out = (const char *)data + done;
		p.size = size - done;
		if (is_disk(p.h)) {
			if (os_check_stop(e) != 0)
				return -1;
			code = move_in_file(&p, &n);
		} else if (move_waiting(&p, &n, &code, e) != 0) {
			return -1;
		}
		if (code != 0)
			return os_fail_code(e, code, "cannot write");
		done += n;
	}
	return 0;
}

void
os_write_stderr(const void *data, size_t size)
{
	struct piece p = { .h = os_handle(2), .out = data, .size = size };
	DWORD n;

	if (is_console(p.h)) {
		(void)write_console(p.h, data, size);
		return;
	}
	while (p.size > 0 && move(&p, NULL, &n) == 0) {
		p.out = (const char *)p.out + n;
		p.size -= n;
	}
}

/* -- the rest ----------------------------------------------------------- */

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

	if (!is_disk(h) || FlushFileBuffers(h) ||
	    GetLastError() == ERROR_ACCESS_DENIED)	/* opened to read */
		return 0;
	return os_fail_code(e, GetLastError(), "cannot sync");
}
