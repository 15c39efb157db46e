/*
 * What two exit statuses stand for.
 */
#include "step/blame.h"
#include "tap.h"

static const struct {
	const char *fetched, *reader;
	int status;
} cases[] = {
	{ "0", "0", 0 },
	{ "0", "1", 1 },
	{ "0", "2", 2 },
	{ "0", "3", 3 },
	{ "0", "4", 3 },
	{ "4", "0", 4 },
	{ "4", "1", 4 },
	{ "4", "-1073741819", 4 },
	{ "2", "1", 2 },
	{ "1", "0", 1 },
	{ "1", "1", 1 },
	{ "1", "3", 3 },
	{ "1", "143", 3 },
	{ "3", "1", 1 },
	{ "3", "0", 3 },
	{ "125", "2", 2 },
	{ "-1073741819", "0", 3 },
	{ "0", "-1073741819", 3 },
	{ "", "0", 3 },
	{ "", "1", 1 },
};

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		tap_int(blame_status(cases[i].fetched, cases[i].reader),
		    cases[i].status, "fetched by %s, read by %s",
		    cases[i].fetched, cases[i].reader);
	return tap_done();
}
