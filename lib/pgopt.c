/*
 * One place for the options of all tools that connect.
 */
#include <string.h>

#include "pgopt.h"

void
pgopt_append(struct opt *opts, struct pg_login *to)
{
	const struct opt common[PGOPT_COUNT] = {
		{ 'd', "dbname", "DB", OPT_TEXT, &to->database,
		    "the database: a name, URI or conninfo string" },
		{ 'h', "host", "HOST", OPT_TEXT, &to->host,
		    "server, or the directory of its socket" },
		{ 'p', "port", "PORT", OPT_TEXT, &to->port, "its port" },
		{ 'U', "username", "USER", OPT_TEXT, &to->user,
		    "connect as USER" },
		{ 'w', "no-password", NULL, OPT_FLAG, &to->never_ask,
		    "never ask for a password, which is so anyway" },
	};

	while (opts->name != NULL)
		opts++;
	memcpy(opts, common, sizeof(common));
}
