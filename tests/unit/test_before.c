/*
 * The times that a restore may be asked for.
 */
#include <string.h>

#include "step/before.h"
#include "tap.h"

static const struct {
	const char *text, *limit;	/* NULL: refused */
} cases[] = {
	{ "2026-11-20", "20261120_000000" },
	{ "2026-11-20 03:00", "20261120_030000" },
	{ "2026-11-20T03:00", "20261120_030000" },
	{ "2026-11-20T03:04:05Z", "20261120_030405" },
	{ "2026-11-20 03:04Z", "20261120_030400" },
	{ "20261120_030405", "20261120_030405" },
	{ "2026-02-31", "20260231_000000" },
	{ "2026-12-31 23:59:60", "20261231_235960" },
	{ "", NULL },
	{ "yesterday", NULL },
	{ "2026-13-01", NULL },
	{ "2026-00-01", NULL },
	{ "2026-11-00", NULL },
	{ "2026-11-32", NULL },
	{ "2026-11-20 24:00", NULL },
	{ "2026-11-20 03:60", NULL },
	{ "2026-11-20 03:00:61", NULL },
	{ "2026-11-20 03", NULL },
	{ "2026-11-20 3:00", NULL },
	{ "2026-11-20 03:00+02:00", NULL },
	{ "2026-11-20 03:00ZZ", NULL },
	{ "2026-1-20", NULL },
	{ "20261120", NULL },
	{ "20261120_0304050", NULL },
};

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char out[BEFORE_SIZE] = "";
		struct err e = ERR_INIT;
		int rc = before_parse(cases[i].text, out, &e);

		if (cases[i].limit != NULL) {
			tap_text(out, cases[i].limit, "'%s'", cases[i].text);
			continue;
		}
		tap_ok(rc == -1 && e.kind == ERR_USAGE, "'%s' is refused",
		    cases[i].text);
		tap_ok(strstr(e.text, "no time such as") != NULL,
		    "with an example: '%s'", cases[i].text);
	}
	return tap_done();
}
