/*
 * What the files of os_win32 share. Text is UTF-8 in our own code and UTF-16
 * in Windows' calls; nothing here depends on the system's code page.
 */
#ifndef OS_WIN32_PRIVATE_H
#define OS_WIN32_PRIVATE_H

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <stdbool.h>
#include <wchar.h>

#include "os.h"

/* -- text: os_win32_text.c ---------------------------------------------- */

/* os_fail() with the reason of a code of GetLastError(). */
int os_fail_code(struct err *e, DWORD code, const char *format, ...)
	ERR_PRINTF(3, 4);

/* To free; NULL and an error, also for text that is not UTF-8. */
wchar_t *os_wide(const char *text, struct err *e);
/* To free; what is not UTF-16 becomes U+FFFD. */
char *os_narrow(const wchar_t *text, struct err *e);
/* The same into a buffer, made to fit; false when the text is not whole. */
bool os_narrow_into(char *out, size_t size, const wchar_t *text);

/*
 * An absolute path for Windows' calls, to free. Long ones get the prefix that
 * lifts the limit of 260 characters.
 */
wchar_t *os_wide_path(const char *path, struct err *e);
/* The value of an environment variable, NULL when unset or empty; to free. */
wchar_t *os_wide_env(const wchar_t *name);

/* -- files: os_win32_file.c, os_win32_open.c, os_win32_access.c --------- */

/* Others may do with a file that we have open what they like. */
#define OS_SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

/* What Windows calls a descriptor; INVALID_HANDLE_VALUE for none. */
HANDLE os_handle(int fd);
/* A descriptor for it, which owns it from now on; closed on failure. */
int os_descriptor(HANDLE h, int flags, struct err *e);

/* Does the code say that there is nothing of that name? */
bool os_is_missing(DWORD code);

/* For making files: the user, SYSTEM and Administrators alone. */
SECURITY_ATTRIBUTES *os_owner_only(struct err *e);
/* Fill is_private and is_guarded. */
void os_judge_access(HANDLE h, struct os_stat *st);

/*
 * Make a file in os_temp_dir() that goes when it and its duplicates are
 * closed, us being killed included. path, if not NULL, is to free.
 */
HANDLE os_make_temp(DWORD share, char **path, struct err *e);

/* -- what is open: os_win32_io.c, os_win32_console.c -------------------- */

bool os_is_disk(HANDLE h);
bool os_is_console(HANDLE h);
/* Text in UTF-8; 0 or the error. */
DWORD os_write_console(HANDLE h, const char *text, size_t size);

/* -- stops: os_win32_stop.c --------------------------------------------- */

/* Signalled when asked to stop; NULL unless stops are caught. */
HANDLE os_stop_event(void);

/*
 * Between the two a thread may block in a call for a pipe or a console: a stop
 * makes that call fail with ERROR_OPERATION_ABORTED.
 */
struct os_blocked {
	DWORD thread;
	struct os_blocked *next;
};

void os_block_begin(struct os_blocked *b);
void os_block_end(struct os_blocked *b);

/* -- processes: os_win32_proc.c, os_win32_end.c ------------------------- */

#define OS_KILLED (128 + 9)	/* the exit status of what we end */

struct os_proc {
	HANDLE process, job;
	DWORD id;
	bool group;		/* how->own_group */
	bool own_console;	/* without a window; it then is the group */
	char name[64];
};

/*
 * What to run: the program's path and its command line, by argv or shell; to
 * free both.
 */
int os_make_command(const struct os_spawn *how, wchar_t **program,
	wchar_t **line, struct err *e);

/* Our environment with changes, as in struct os_spawn; to free. */
wchar_t *os_make_environment(const char *const *changes, struct err *e);

/* What the system does with a job; 0 or -1. */
int os_limit_job(HANDLE job, DWORD flags);

/* Its exit status, as os_wait() returns it. */
int os_exit_status(DWORD code);
/* Ask its group to end, if it has one that hears us. */
void os_ask_to_end(const struct os_proc *p);
/* Processes that live in its job. */
unsigned os_count_in_job(const struct os_proc *p);
/* End all that live in its job, at once. */
void os_end_job(const struct os_proc *p);
/* What its end has left behind lives on. */
void os_proc_free(struct os_proc *p);

#endif
