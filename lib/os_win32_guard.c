/*
 * One child under guard. The console tells all its processes of Ctrl-C and the
 * like by itself, but for a group of its own, which has to be told; we note
 * it and go on waiting for the child.
 */
#include "os_win32_private.h"

#define GROUP_POLL_MS 20

static HANDLE asked_event;

struct guard {
	struct os_proc *child;
	struct os_limit limit;
	int64_t deadline_ms;	/* of the next step; 0: none */
	bool asked, late, ended;
};

/* When it returns from the end of the console, this process is ended. */
static BOOL WINAPI
note_asked(DWORD kind)
{
	(void)SetEvent(asked_event);
	if (kind != CTRL_C_EVENT && kind != CTRL_BREAK_EVENT)
		Sleep(INFINITE);
	return TRUE;
}

static DWORD
time_left(const struct guard *g)
{
	int64_t left;

	if (g->deadline_ms == 0)
		return INFINITE;
	left = g->deadline_ms - os_monotonic_ms();
	return left < 0 ? 0 : left > 60000 ? 60000 : (DWORD)left;
}

/* Out of time: the first time ask, then end it. */
static void
take_step(struct guard *g)
{
	if (os_monotonic_ms() < g->deadline_ms)
		return;
	if (g->late)
		os_end_job(g->child);
	else
		os_ask_to_end(g->child);
	g->ended = g->late;
	g->late = true;
	g->deadline_ms = g->ended ? 0 :
	    os_monotonic_ms() + g->limit.grace_ms;
}

static void
watch(struct guard *g)
{
	HANDLE both[] = { g->child->process, asked_event };
	DWORD which;

	while ((which = WaitForMultipleObjects(2, both, FALSE,
	    time_left(g))) != WAIT_OBJECT_0) {
		if (which == WAIT_TIMEOUT) {
			take_step(g);
		} else {
			g->asked = true;
			os_ask_to_end(g->child);
		}
	}
}

/* What a stop did not end together with the child has the grace to end too. */
static void
end_group(const struct guard *g)
{
	int64_t end = g->late && !g->ended ? g->deadline_ms :
	    os_monotonic_ms() + g->limit.grace_ms;

	if (!g->child->group || (!g->asked && !g->late))
		return;
	os_ask_to_end(g->child);
	while (os_count_in_job(g->child) > 0) {
		if (g->ended || os_monotonic_ms() >= end) {
			os_end_job(g->child);
			return;
		}
		Sleep(GROUP_POLL_MS);
	}
}

int
os_guard(const struct os_spawn *how, const struct os_limit *limit,
	bool *late, struct err *e)
{
	struct guard g = { .limit = *limit };
	DWORD code = 0;
	int status = -1;

	*late = false;
	if ((asked_event = CreateEventW(NULL, FALSE, FALSE, NULL)) == NULL)
		return os_fail_code(e, GetLastError(), "cannot guard a child");
	(void)SetConsoleCtrlHandler(note_asked, TRUE);
	if (limit->run_ms > 0)
		g.deadline_ms = os_monotonic_ms() + limit->run_ms;
	if ((g.child = os_spawn(how, e)) != NULL) {
		watch(&g);
		if (GetExitCodeProcess(g.child->process, &code))
			status = os_exit_status(code);
		else
			os_fail_code(e, GetLastError(), "cannot wait for '%s'",
			    g.child->name);
		end_group(&g);
		os_proc_free(g.child);
	}
	(void)SetConsoleCtrlHandler(note_asked, FALSE);
	*late = g.late;
	return status;
}
