/*
 * What happened when, to whom: the line that people grep and machines parse.
 */
#include <string.h>

#include "event.h"
#include "logline.h"
#include "utc.h"

static int
check_level(const char *level, struct err *e)
{
	if (strcmp(level, "info") == 0 || strcmp(level, "warn") == 0 ||
	    strcmp(level, "error") == 0)
		return 0;
	return err_set(e, ERR_USAGE, "level '%s' is none of info, warn, error",
	    level);
}

static int
check_name(const char *name, struct err *e)
{
	const char *part = name, *end;

	for (;; part = end + 1) {
		end = part + strcspn(part, ".");
		if (!logline_is_key(part, (size_t)(end - part)))
			return err_set(e, ERR_USAGE, "'%s' is not the name of "
			    "an event, such as dump.done", name);
		if (*end == '\0')
			return 0;
	}
}

int
event_put(struct buf *out, const struct event *event,
	const struct pairs *pairs, struct err *e)
{
	const char *level = pairs_get(pairs, "level"), *run = event->run;
	char time[UTC_TEXT];
	size_t i;

	if (level == NULL)
		level = "info";
	if (check_level(level, e) != 0 || check_name(event->name, e) != 0)
		return -1;
	buf_printf(out, "%s level=%s",
	    utc_format_iso(time, event->now), level);
	logline_put(out, "run", run != NULL && run[0] != '\0' ? run : "-");
	logline_put(out, "event", event->name);
	for (i = 0; i < pairs->len; i++)
		if (strcmp(pairs->items[i].key, "level") != 0)
			logline_put(out, pairs->items[i].key,
			    pairs->items[i].value);
	buf_putc(out, '\n');
	return buf_check(out, "a line of the log", e);
}
