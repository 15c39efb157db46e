/*
 * Lines for people that programs can read as well.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "os.h"
#include "report.h"

#define TEXT_MAX 1024
#define STDOUT 1

int
report_say(struct report *r, enum report_state state, const char *what,
	struct err *e, const char *format, ...)
{
	static const char *const states[] = { "ok", "gap", "note" };
	struct buf line = BUF_INIT(8 * TEXT_MAX);
	char text[TEXT_MAX], shown[4 * TEXT_MAX];
	va_list args;
	int rc;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	err_escape(shown, sizeof(shown), text, strlen(text));
	if (state == REPORT_GAP)
		r->gaps++;
	buf_printf(&line, "%s\t%s\t%s\n", states[state], what, shown);
	rc = buf_check(&line, "the report", e);
	if (rc == 0)
		rc = os_write(STDOUT, line.data, line.len, e);
	buf_free(&line);
	return rc;
}
