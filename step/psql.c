/*
 * psql, which runs what a restore asks of the server beside pgrestorez. Values
 * reach it by its standard input, in UTF-8, as no argument of it could.
 */
#include <stdlib.h>
#include <string.h>

#include "chore.h"
#include "os.h"
#include "programs.h"
#include "quote.h"
#include "sealedtext.h"
#include "sqlstate.h"
#include "words.h"

#define STDIN 0
#define ANY_SERVER 0
#define EXISTS_ALREADY "42710"	/* duplicate_object */
#define NOT_WHOLE 1
#define TOO_LONG 2
#define NOT_DONE 3

/* In the words of the tools, where the driver looks for them. */
static int
say(const struct place *p, const struct err *why, struct err *e)
{
	char line[sizeof(why->text) + 32];

	(void)snprintf(line, sizeof(line), "step: %s", why->text);
	if (place_add_line(p, "said", line, e) != 0)
		return -1;
	(void)snprintf(line, sizeof(line), "step: hint: %s", why->hint);
	return why->hint[0] != '\0' ? place_add_line(p, "said", line, e) : 0;
}

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
		return say(p, &why, e) == 0 ? NOT_DONE : -1;
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

/* -- roles ----------------------------------------------------------------- */

/* Its exit status; what it says goes into {said}. */
static int
run_psql(const struct place *p, const char *psql, const char *beside,
	const struct buf *text, struct err *e)
{
	const char *const argv[] = { psql, "-XAtqw", "-v",
		"VERBOSITY=verbose", "-d", beside, NULL };
	const char *const env[] = { "PGCLIENTENCODING=SQL_ASCII", NULL };
	int said = place_open_file(p, "said", false, e), in = -1, to = -1;
	int out = place_open_file(p, "out", false, e), status = -1;
	struct os_proc *proc = NULL;
	struct err ignored;

	if (said >= 0 && out >= 0 && os_pipe(&in, &to, e) == 0)
		proc = os_spawn(&(struct os_spawn){ .argv = argv, .env = env,
		    .in = in, .out = out, .err = said }, e);
	(void)os_close(in, &ignored);
	if (proc != NULL)	/* one that ends early says why itself */
		(void)os_write(to, buf_text(text), text->len, &ignored);
	(void)os_close(to, &ignored);
	if (proc != NULL)
		status = os_wait(proc, e);
	(void)os_close(said, &ignored);
	(void)os_close(out, &ignored);
	return status;
}

/* Keep {existing} and {errors}; are there any? */
static int
judge(const struct place *p, struct err *e)
{
	struct buf said = BUF_INIT(PLACE_FILE_MAX);
	struct buf errors = BUF_INIT(PLACE_FILE_MAX);
	char existing[32];
	size_t n = 0;
	int rc = place_read(p, "said", &said, e);

	if (rc == 0) {
		sqlstate_errors(&errors, buf_text(&said), EXISTS_ALREADY, &n);
		rc = buf_check(&errors, "a list", e);
	}
	(void)snprintf(existing, sizeof(existing), "%zu", n);
	if (rc == 0 && (place_write(p, "existing", existing,
	    strlen(existing), e) != 0 || place_write(p, "errors",
	    buf_text(&errors), errors.len, e) != 0))
		rc = -1;
	if (rc == 0 && errors.len > 0)
		rc = NOT_DONE;
	buf_free(&said);
	buf_free(&errors);
	return rc;
}

static int
restore_roles(const struct place *p, const struct buf *text, struct err *e)
{
	char *psql = chore_text(p, "{psql}", e), *beside = NULL;
	int status = -1, rc = -1;

	if (psql != NULL && (beside = chore_text(p, "{beside}", e)) != NULL)
		status = run_psql(p, psql, beside, text, e);
	if (status >= 0 && (rc = judge(p, e)) == 0 && status != 0)
		rc = NOT_DONE;
	free(psql);
	free(beside);
	return rc;
}

/*
 * roles: run the text of a sealed stream by psql, when all of it has come. It
 * stays in memory: it holds the digests of passwords. Keeps {existing}, how
 * many there were already, and {errors}, others. 1: it is not whole; 2: it is
 * too long; 3: errors
 */
int
chore_roles(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct buf text = BUF_INIT(SEALEDTEXT_MAX);
	struct err why = ERR_INIT;
	int rc;

	(void)args;
	(void)nargs;
	if (sealedtext_read(STDIN, &text, &why) == 0)
		rc = restore_roles(p, &text, e);
	else
		rc = say(p, &why, e) != 0 ? -1 : text.failed ? TOO_LONG :
		    NOT_WHOLE;
	buf_free_secret(&text);
	return rc;
}
