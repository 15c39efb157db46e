/*
 * When it did not come, that is why; a reader that ended early says so itself.
 */
#include <string.h>

#include "blame.h"
#include "err.h"

/* One of our tools' statuses, or ERR_SIGNAL for any other. */
static int
parse(const char *text)
{
	if (strlen(text) == 1 && text[0] >= '0' && text[0] <= '4')
		return text[0] - '0';
	return ERR_SIGNAL;
}

int
blame_status(const char *fetched, const char *reader)
{
	const int from = parse(fetched), by = parse(reader);

	if (from == ERR_NONE && by <= ERR_LOCAL)
		return by;
	if (from == ERR_REMOTE || from == ERR_USAGE)
		return from;
	if (from == ERR_VERDICT && by <= ERR_VERDICT)
		return ERR_VERDICT;
	return by >= ERR_VERDICT && by <= ERR_LOCAL ? by : ERR_LOCAL;
}
