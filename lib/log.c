/*
 * Words for people, on stderr. The state here is the process's one terminal.
 */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "os.h"

#define STDERR 2
#define LINE_SIZE 1400
#define PROGRESS_MS 200

static struct {
	pthread_mutex_t lock;
	const char *tool;
	int terminal;		/* 1 yes, 0 no, -1 not asked yet */
	bool shown;		/* a progress line stands there */
	int64_t last_ms;
} state = { PTHREAD_MUTEX_INITIALIZER, "pgdumpz", -1, false, 0 };

void
log_start(const char *tool)
{
	state.tool = tool;
}

/* Write one line; the lock is held. A stderr that is gone is no failure. */
static void
put(const char *before, const char *text, const char *after)
{
	char line[LINE_SIZE + 64];
	int n = snprintf(line, sizeof(line), "%s%s%s", before, text, after);

	if (n > 0)
		os_write_stderr(line, (size_t)n < sizeof(line) ?
		    (size_t)n : sizeof(line) - 1);
}

static void
clear_progress(void)
{
	if (state.shown)
		put("\r\033[K", "", "");
	state.shown = false;
}

static void
put_line(const char *label, const char *text)
{
	char start[128];

	(void)snprintf(start, sizeof(start), "%s: %s", state.tool, label);
	(void)pthread_mutex_lock(&state.lock);
	clear_progress();
	put(start, text, "\n");
	(void)pthread_mutex_unlock(&state.lock);
}

int
log_error(const struct err *e)
{
	put_line("", e->text);
	if (e->hint[0] != '\0')
		put_line("hint: ", e->hint);
	if (e->kind == ERR_SIGNAL) {
		os_die_of_stop();
		return ERR_LOCAL;
	}
	return (int)e->kind;
}

static void put_formatted(const char *label, const char *format, va_list ap)
	ERR_PRINTF(2, 0);

static void
put_formatted(const char *label, const char *format, va_list ap)
{
	struct err line;

	err_setv(&line, ERR_NONE, format, ap);
	put_line(label, line.text);
}

void
log_warn(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	put_formatted("warning: ", format, ap);
	va_end(ap);
}

void
log_note(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	put_formatted("", format, ap);
	va_end(ap);
}

void
log_raw(const char *line, size_t len)
{
	struct err ignored;

	(void)pthread_mutex_lock(&state.lock);
	clear_progress();
	(void)os_write(STDERR, line, len, &ignored);
	(void)pthread_mutex_unlock(&state.lock);
}

bool
log_due(void)
{
	int64_t now;
	bool due;

	(void)pthread_mutex_lock(&state.lock);
	if (state.terminal < 0)
		state.terminal = os_is_terminal(STDERR);
	now = state.terminal != 0 ? os_monotonic_ms() : 0;
	due = state.terminal != 0 && now - state.last_ms >= PROGRESS_MS;
	if (due)
		state.last_ms = now;
	(void)pthread_mutex_unlock(&state.lock);
	return due;
}

void
log_progress(const char *format, ...)
{
	struct err line;
	va_list ap;

	va_start(ap, format);
	err_setv(&line, ERR_NONE, format, ap);
	va_end(ap);
	(void)pthread_mutex_lock(&state.lock);
	put("\r", line.text, "\033[K");
	state.shown = true;
	(void)pthread_mutex_unlock(&state.lock);
}

void
log_progress_end(void)
{
	(void)pthread_mutex_lock(&state.lock);
	clear_progress();
	(void)pthread_mutex_unlock(&state.lock);
}
