/*
 * Reading and writing on Windows. A call that has to wait for a pipe or a
 * console can be cancelled by a stop. Reading at an offset moves the position
 * of the file, other than on POSIX systems, so all that goes to and from files
 * takes turns, and puts it back.
 */
#include "os_win32_private.h"

#define STEP_MAX (1u << 30)	/* what fits into a DWORD */
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

bool
os_is_disk(HANDLE h)
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
		if (os_is_disk(p.h)) {
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

int
os_write(int fd, const void *data, size_t size, struct err *e)
{
	struct piece p = { .h = os_handle(fd) };
	DWORD type = GetFileType(p.h), n, code;
	size_t done = 0;

	if (type == FILE_TYPE_CHAR && os_is_console(p.h)) {
		code = os_write_console(p.h, data, size);
		return code == 0 ? 0 : os_fail_code(e, code, "cannot write");
	}
	while (done < size) {
		p.out = (const char *)data + done;
		p.size = size - done;
		if (type == FILE_TYPE_DISK) {
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

	if (os_is_console(p.h)) {
		(void)os_write_console(p.h, data, size);
		return;
	}
	while (p.size > 0 && move(&p, NULL, &n) == 0) {
		p.out = (const char *)p.out + n;
		p.size -= n;
	}
}
