/*
 * Ctrl-C, Ctrl-Break and the end of console, session or system. Windows tells
 * of them in a thread that it makes for that; waits look at stop_event, and a
 * thread that is blocked in a pipe has its call cancelled. That is repeated
 * until it is out: the first time it may just not have been in yet.
 */
#include "os_win32_private.h"

#include <stdatomic.h>

#define CANCEL_MS 10
#define STATUS_STOPPED 0xc000013au	/* STATUS_CONTROL_C_EXIT */

static atomic_int stop_kind;	/* CTRL_..._EVENT + 1; 0: none */
static HANDLE stop_event;
static SRWLOCK lock = SRWLOCK_INIT;
static struct os_blocked *blocked;	/* under lock */

void
os_block_begin(struct os_blocked *b)
{
	if (stop_event == NULL)
		return;
	b->thread = GetCurrentThreadId();
	AcquireSRWLockExclusive(&lock);
	b->next = blocked;
	blocked = b;
	ReleaseSRWLockExclusive(&lock);
}

void
os_block_end(struct os_blocked *b)
{
	struct os_blocked **p;

	if (stop_event == NULL)
		return;
	AcquireSRWLockExclusive(&lock);
	for (p = &blocked; *p != NULL; p = &(*p)->next)
		if (*p == b) {
			*p = b->next;
			break;
		}
	ReleaseSRWLockExclusive(&lock);
}

/* Returns whether there was something to cancel. */
static bool
cancel_blocked(void)
{
	const struct os_blocked *b;
	bool any;
	HANDLE h;

	AcquireSRWLockShared(&lock);
	any = blocked != NULL;
	for (b = blocked; b != NULL; b = b->next) {
		h = OpenThread(THREAD_TERMINATE, FALSE, b->thread);
		if (h == NULL)
			continue;
		(void)CancelSynchronousIo(h);
		(void)CloseHandle(h);
	}
	ReleaseSRWLockShared(&lock);
	return any;
}

/*
 * After the end of a console, session or system the process is ended when this
 * returns: the main thread has until then to clean up.
 */
static BOOL WINAPI
note_stop(DWORD kind)
{
	stop_kind = (int)kind + 1;
	(void)SetEvent(stop_event);
	while (cancel_blocked())
		Sleep(CANCEL_MS);
	if (kind != CTRL_C_EVENT && kind != CTRL_BREAK_EVENT)
		Sleep(INFINITE);
	return TRUE;
}

void
os_catch_stop(void)
{
	if (stop_event != NULL)
		return;
	stop_event = CreateEventW(NULL, TRUE, FALSE, NULL);
	if (stop_event != NULL)
		(void)SetConsoleCtrlHandler(note_stop, TRUE);
}

HANDLE
os_stop_event(void)
{
	return stop_event;
}

bool
os_stop_asked(void)
{
	return stop_kind != 0;
}

int
os_check_stop(struct err *e)
{
	static const struct {
		int kind;
		const char *name;
	} kinds[] = { { CTRL_C_EVENT, "Ctrl-C" },
		{ CTRL_BREAK_EVENT, "Ctrl-Break" },
		{ CTRL_CLOSE_EVENT, "the end of its console" },
		{ CTRL_LOGOFF_EVENT, "the end of the session" } };
	const char *name = "the end of the system";
	size_t i;

	if (stop_kind == 0)
		return 0;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].kind + 1 == stop_kind)
			name = kinds[i].name;
	return err_set(e, ERR_SIGNAL, "stopped by %s", name);
}

void
os_die_of_stop(void)
{
	if (stop_kind != 0)
		ExitProcess(STATUS_STOPPED);
}

int
os_sleep_ms(int64_t ms, struct err *e)
{
	int64_t end = os_monotonic_ms() + ms, left;
	DWORD step;

	if (os_check_stop(e) != 0)
		return -1;
	while ((left = end - os_monotonic_ms()) > 0) {
		step = left > 60000 ? 60000 : (DWORD)left;
		if (stop_event != NULL)
			(void)WaitForSingleObject(stop_event, step);
		else
			Sleep(step);
		if (os_check_stop(e) != 0)
			return -1;
	}
	return 0;
}
