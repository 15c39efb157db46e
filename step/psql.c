/*
 * psql, which runs what a restore asks of the server beside pgrestorez. Values
 * reach it by its standard input, in UTF-8, as no argument of it could.
 */
#include <stdlib.h>
#include <string.h>

#include "chore.h"
#include "programs.h"
#include "quote.h"

#define ANY_SERVER 0
#define NOT_DONE 3

/* psql: keep {psql}, where it is; 3 when it is nowhere, and {said} why */
int
chore_psql(const struct place *p, char **args, size_t nargs, struct err *e)
{
	const char *dir = chore_env("PG_BIN");
	struct programs programs = { .psql = NULL };
	struct err why = ERR_INIT;
	int rc;

	(void)args;
	(void)nargs;
	if (programs_find(&programs, PROGRAMS_RESTORE, dir[0] != '\0' ? dir :
	    NULL, ANY_SERVER, &why) != 0) {
		err_set(&why, ERR_LOCAL, "cannot find psql%s%s",
		    dir[0] != '\0' ? " in " : "", dir);
		err_hint(&why, "install PostgreSQL's programs, or set PG_BIN "
		    "to their directory");
		return place_say(p, &why, e) == 0 ? NOT_DONE : -1;
	}
	rc = place_write(p, "psql", programs.psql, strlen(programs.psql), e);
	programs_free(&programs);
	return rc;
}

/*
 * statements FILE [NAME]...: keep {statements}, a file of SQL behind psql's
 * variables NAME with the values of ours; no templates
 */
int
chore_statements(const struct place *p, char **args, size_t nargs,
	struct err *e)
{
	struct buf out = BUF_INIT(PLACE_FILE_MAX);
	char reference[80], *value;
	size_t i, start;
	int rc = 0;

	for (i = 1; rc == 0 && i < nargs; i++) {
		(void)snprintf(reference, sizeof(reference), "{%s}", args[i]);
		if ((value = chore_text(p, reference, e)) == NULL)
			rc = -1;
		else
			quote_put_set(&out, args[i], value);
		free(value);
	}
	start = out.len;
	if (rc == 0)
		rc = place_read_path(args[0], &out, e);
	if (rc == 0 && out.len == start)
		rc = err_set(e, ERR_LOCAL, "there is nothing in '%s'",
		    args[0]);
	if (rc == 0)
		rc = buf_check(&out, "the statements", e);
	if (rc == 0)
		rc = place_write(p, "statements", buf_text(&out), out.len, e);
	buf_free(&out);
	return rc;
}
