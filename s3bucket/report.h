/*
 * What was found, a line each on stdout: "ok|gap|note TAB what TAB text".
 */
#ifndef REPORT_H
#define REPORT_H

#include "err.h"

enum report_state { REPORT_OK, REPORT_GAP, REPORT_NOTE };

struct report {
	unsigned gaps;
};

/* The text says what a gap means. 0, or -1 when stdout fails. */
int report_say(struct report *r, enum report_state state, const char *what,
	struct err *e, const char *format, ...) ERR_PRINTF(5, 6);

#endif
