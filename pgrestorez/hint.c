/*
 * The programs tell no SQLSTATE, so their words have to do.
 */
#include <string.h>

#include "hint.h"

void
hint_put(struct err *e)
{
	static const struct {
		const char *first, *second, *hint;
	} hints[] = {
		{ "role \"", "\" does not exist", "restore the roles first, "
		    "from a backup by pgdumpz --globals; or use --no-owner "
		    "and --no-acl" },
		{ "extension \"", "\" is not available", "install that "
		    "extension's package on the server" },
		{ "could not open extension control file", "", "install that "
		    "extension's package on the server" },
		{ "tablespace \"", "\" does not exist", "restore the "
		    "tablespaces first, from a backup by pgdumpz --globals" },
		{ "invalid command", "\\restrict", "use a psql that is as new "
		    "as the backup's pg_dump (--pg-bin)" },
		{ "no unique constraint matching given keys", "", "restore "
		    "again with --jobs 1: pg_restore may have been too quick "
		    "for a partitioned key" },
		{ "No space left on device", "", "free some space on the "
		    "server" },
		{ "permission denied", "", "restore as a superuser, or as a "
		    "role that may do it" },
		{ "must be owner", "", "restore as a superuser, or use "
		    "--no-owner" },
		{ "must be member of role", "", "restore as a superuser, or "
		    "use --no-owner" },
	};
	size_t i;

	/* a hint that is there is better, unless it is about dumps */
	if (e->hint[0] != '\0' && strstr(e->hint, "for a dump") == NULL)
		return;
	for (i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (e->kind == ERR_LOCAL &&
		    strstr(e->text, hints[i].first) != NULL &&
		    strstr(e->text, hints[i].second) != NULL) {
			(void)err_hint(e, "%s", hints[i].hint);
			return;
		}
}
