/*
 * A console shows characters, whatever its code page is, if it gets them as
 * UTF-16; so what is for people to read goes there by a call of its own.
 */
#include "os_win32_private.h"

#define STEP_CONSOLE 4096	/* bytes; some consoles take no 64 KiB */

bool
os_is_console(HANDLE h)
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

DWORD
os_write_console(HANDLE h, const char *text, size_t size)
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

bool
os_is_terminal(int fd)
{
	return os_is_console(os_handle(fd));
}
