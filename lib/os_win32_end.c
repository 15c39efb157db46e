/*
 * How children end on Windows: by themselves, asked through their console, or
 * with all that lives in their job.
 */
#include "os_win32_private.h"

#include <stdlib.h>

#define SIGNAL_STATUS 128	/* what a signal's number is added to */
#define ASK_MS 2000		/* to end in order */
#define PRESS_MS 50

/*
 * What ends a process here is told as the signal that does so elsewhere; what
 * no exit status can be is 255.
 */
int
os_exit_status(DWORD code)
{
	static const struct {
		DWORD code;
		int status;
	} ends[] = { { 0xc000013au, SIGNAL_STATUS + 2 },	/* Ctrl-C */
		{ 0xc000001du, SIGNAL_STATUS + 4 },	/* instruction */
		{ 0xc0000409u, SIGNAL_STATUS + 6 },	/* abort */
		{ 0xc0000094u, SIGNAL_STATUS + 8 },	/* division */
		{ 0xc0000005u, SIGNAL_STATUS + 11 },	/* access */
		{ 0xc00000fdu, SIGNAL_STATUS + 11 },	/* stack */
		{ 0xc0000135u, 127 },			/* no DLL */
		{ 0xc0000142u, 127 } };			/* DLL failed */
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends[i].code == code)
			return ends[i].status;
	if ((code & 0xf0000000u) == 0xc0000000u)
		return SIGNAL_STATUS + 6;
	return code > 255 ? 255 : (int)code;
}

void
os_proc_free(struct os_proc *p)
{
	if (p->job != NULL) {
		(void)os_limit_job(p->job, 0);
		(void)CloseHandle(p->job);
	}
	if (p->process != NULL)
		(void)CloseHandle(p->process);
	free(p);
}

int
os_wait(struct os_proc *p, struct err *e)
{
	HANDLE both[] = { p->process, os_stop_event() };
	DWORD code = 0;
	int rc;

	if (WaitForMultipleObjects(both[1] != NULL ? 2 : 1, both, FALSE,
	    INFINITE) == WAIT_OBJECT_0 + 1) {
		os_kill(p);
		return os_check_stop(e);
	}
	if (GetExitCodeProcess(p->process, &code))
		rc = os_exit_status(code);
	else
		rc = os_fail_code(e, GetLastError(), "cannot wait for '%s'",
		    p->name);
	os_proc_free(p);
	return rc;
}

/*
 * Go where the child is and press Ctrl-C there, without hearing it ourselves:
 * it comes to us, too, a moment later.
 */
static void
press_in(DWORD id)
{
	(void)FreeConsole();	/* one that is of no use, if any */
	if (!AttachConsole(id))
		return;
	(void)SetConsoleCtrlHandler(NULL, TRUE);
	(void)GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0);
	Sleep(PRESS_MS);
	(void)FreeConsole();
	(void)SetConsoleCtrlHandler(NULL, FALSE);
}

void
os_ask_to_end(const struct os_proc *p)
{
	if (p->group && p->own_console)
		press_in(p->id);
	else if (p->group)
		(void)GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, p->id);
}

void
os_end_job(const struct os_proc *p)
{
	(void)TerminateJobObject(p->job, OS_KILLED);
}

unsigned
os_count_in_job(const struct os_proc *p)
{
	JOBOBJECT_BASIC_ACCOUNTING_INFORMATION info;

	if (!QueryInformationJobObject(p->job,
	    JobObjectBasicAccountingInformation, &info, sizeof(info), NULL))
		return 0;
	return (unsigned)info.ActiveProcesses;
}

/* Only a group can be asked. */
void
os_kill(struct os_proc *p)
{
	if (p == NULL)
		return;
	os_ask_to_end(p);
	if (p->group)
		(void)WaitForSingleObject(p->process, ASK_MS);
	os_end_job(p);
	(void)WaitForSingleObject(p->process, INFINITE);
	os_proc_free(p);
}
