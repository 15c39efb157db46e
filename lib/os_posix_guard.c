/*
 * One child under guard: its end, our signals and the time are waited for in
 * one place, by keeping the signals blocked and taking them one by one. So
 * none is lost between the start of the child and the wait.
 */
#include <sys/prctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "os_private.h"

#define GROUP_POLL_MS 20
#define REMIND_MS 5000

struct guard {
	pid_t target;		/* negative: a process group */
	sigset_t signals;	/* SIGCHLD and what is passed on */
	struct os_limit limit;
	int64_t deadline_ms;	/* of the next step; 0: none */
	int64_t remind_ms;	/* when to ask the group again; 0: not asked */
	bool late, ended;
};

static void
collect_signals(sigset_t *set)
{
	static const int stops[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction old;
	size_t i;

	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	for (i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		if (sigaction(stops[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			sigaddset(set, stops[i]);
}

/* The next signal, or 0 when ms (negative: no limit) have passed. */
static int
next_signal(const sigset_t *set, int64_t ms, siginfo_t *info)
{
	struct timespec t = { (time_t)(ms / 1000),
		(long)(ms % 1000) * 1000000 };
	int number;

	do
		number = ms < 0 ? sigwaitinfo(set, info) :
		    sigtimedwait(set, info, &t);
	while (number < 0 && errno == EINTR);
	return number > 0 ? number : 0;
}

/*
 * A shell's child that has not come to reset the shell's traps loses a signal:
 * ask again. One that is not in a group of ours can be asked by a terminal.
 */
static void
ask(struct guard *g, int number)
{
	(void)kill(g->target, number);
	if (g->target < 0)
		g->remind_ms = os_monotonic_ms() + REMIND_MS;
}

/* Out of time: the first time ask, then end it. */
static void
take_step(struct guard *g)
{
	ask(g, g->late ? SIGKILL : SIGTERM);
	g->ended = g->late;
	g->late = true;
	g->deadline_ms = g->ended ? 0 :
	    os_monotonic_ms() + g->limit.grace_ms;
}

/* Negative: no limit. */
static int64_t
time_left(const struct guard *g)
{
	int64_t next = g->deadline_ms, left;

	if (g->remind_ms != 0 && (next == 0 || g->remind_ms < next))
		next = g->remind_ms;
	if (next == 0)
		return -1;
	left = next - os_monotonic_ms();
	return left > 0 ? left : 0;
}

static void
handle_time(struct guard *g)
{
	if (g->deadline_ms != 0 && g->deadline_ms <= os_monotonic_ms())
		take_step(g);
	else if (g->remind_ms != 0 && g->remind_ms <= os_monotonic_ms())
		ask(g, SIGTERM);
}

/*
 * Has the child ended? It is not waited for yet, so its number stays its own;
 * what it left to us and has ended is.
 */
static int
has_ended(pid_t pid, struct err *e)
{
	siginfo_t info;

	for (;;) {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
			return os_fail(e, "cannot wait for a child");
		if (info.si_pid == pid || info.si_pid == 0)
			return info.si_pid == pid;
		(void)waitpid(info.si_pid, NULL, WNOHANG);
	}
}

/* A terminal tells the whole pipeline itself: once is enough. */
static void
pass_on(struct guard *g, const siginfo_t *info)
{
	if (g->target > 0 && info->si_code == SI_KERNEL)
		return;
	ask(g, info->si_signo);
}

static int
watch(struct guard *g, pid_t pid, struct err *e)
{
	int ended, number;
	siginfo_t info;

	while ((ended = has_ended(pid, e)) == 0) {
		number = next_signal(&g->signals, time_left(g), &info);
		if (number == 0)
			handle_time(g);
		else if (number != SIGCHLD)
			pass_on(g, &info);
	}
	return ended < 0 ? -1 : 0;
}

/*
 * What a signal did not end together with the child: the background of a
 * shell does not hear SIGINT, for example.
 */
static void
end_group(const struct guard *g)
{
	int64_t end = g->late && !g->ended ? g->deadline_ms :
	    os_monotonic_ms() + g->limit.grace_ms;

	if (g->remind_ms == 0)
		return;
	(void)kill(g->target, SIGTERM);
	while (kill(g->target, 0) == 0) {
		if (waitpid(-1, NULL, WNOHANG) > 0)
			continue;
		if (g->ended || os_monotonic_ms() >= end) {
			(void)kill(g->target, SIGKILL);
			return;
		}
		(void)usleep(GROUP_POLL_MS * 1000);
	}
}

int
os_guard(const struct os_spawn *how, const struct os_limit *limit,
	bool *late, struct err *e)
{
	struct guard g = { .limit = *limit };
	struct os_proc *p;
	sigset_t before;
	int status = -1;

	collect_signals(&g.signals);
	(void)signal(SIGCHLD, SIG_DFL);	/* ignored, it would take the status */
	/* orphans come to us, who know when they are gone */
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1L);
	(void)sigprocmask(SIG_BLOCK, &g.signals, &before);
	if (limit->run_ms > 0)
		g.deadline_ms = os_monotonic_ms() + limit->run_ms;
	if ((p = os_spawn(how, e)) != NULL) {
		g.target = how->own_group ? -p->pid : p->pid;
		if (watch(&g, p->pid, e) == 0) {
			status = os_wait(p, e);
			end_group(&g);
		} else {
			os_kill(p);
		}
	}
	*late = g.late;
	/* a child that was quick has answered them before we looked again */
	while (next_signal(&g.signals, 0, &(siginfo_t){ 0 }) != 0)
		;
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}
