/*
 * The only writer to stderr: errors, warnings and the progress line. Lines
 * are whole, also from many threads, and hold no control characters.
 */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>

#include "err.h"

/* The name in front of each line; borrowed. */
void log_start(const char *tool);

/*
 * Print the error and its hint. Returns the exit status that its kind stands
 * for; an error of a signal ends the process by that signal.
 */
int log_error(const struct err *e);

/* One line about something that is not (yet) a failure. */
void log_warn(const char *format, ...) ERR_PRINTF(1, 2);

/* One line that was asked for, by --verbose. */
void log_note(const char *format, ...) ERR_PRINTF(1, 2);

/* A line, with its newline, as it is: the caller answers for what it holds. */
void log_raw(const char *line, size_t len);

/*
 * The progress line: overwritten in place, only on a terminal. log_due() is
 * true a few times a second and never where there is no terminal, so that
 * its text need not be made in vain. Any other line clears it first.
 */
bool log_due(void);
void log_progress(const char *format, ...) ERR_PRINTF(1, 2);
void log_progress_end(void);

#endif
