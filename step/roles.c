/*
 * Roles and tablespaces: psql runs the text of pg_dumpall.
 */
#include <stdlib.h>
#include <string.h>

#include "chore.h"
#include "os.h"
#include "restrict.h"
#include "sealedtext.h"
#include "sqlstate.h"
#include "words.h"

#define STDIN 0
#define EXISTS_ALREADY "42710"	/* duplicate_object */
#define HEAD_MAX 128
#define NOT_WHOLE 1
#define TOO_LONG 2
#define NOT_DONE 3

/* -- psql's own commands, of which they need none -------------------------- */

/*
 * Take from a text its own \restrict, and from what would end ours the command
 * in `…` that psql runs nevertheless.
 */
static void
disarm(struct buf *text)
{
	const char *next = buf_text(text), *line;
	size_t len, i;
	char *own;

	for (i = 0; i < text->len; i++)	/* psql takes a line to go on there */
		if (text->data[i] == '\0')
			text->data[i] = ' ';
	while (words_next(&next, &line, &len)) {
		own = text->data + (line - buf_text(text));
		if (restrict_is_one(line, len))
			memset(own, ' ', len);
		else if (words_find(line, len, "\\unrestrict") != NULL)
			for (i = 0; i < len; i++)
				if (own[i] == '`')
					own[i] = '\'';
	}
}

/* The commands that psql refused, whose complaints have no code. */
static void
put_refusals(struct buf *out, const char *said)
{
	static const char unrestrict[] = "\\unrestrict: ";
	const char *line;
	size_t len;

	while (words_next(&said, &line, &len))
		if (words_find(line, len, "backslash commands are restricted") ||
		    words_find(line, len, unrestrict) != NULL) {
			buf_put(out, line, len);
			buf_putc(out, '\n');
		}
}

/* -- psql ------------------------------------------------------------------ */

/* Its exit status; what it says goes into {said}. */
static int
run_psql(const struct place *p, const char *psql, const char *beside,
	const struct buf *text, struct err *e)
{
	const char *const argv[] = { psql, "-XAtqw", "-v",
		"VERBOSITY=verbose", "-d", beside, NULL };
	const char *const env[] = { "PGCLIENTENCODING=SQL_ASCII", "LC_ALL=C",
		NULL };
	int said = place_open_file(p, "said", false, e), in = -1, to = -1;
	int out = place_open_file(p, "out", false, e), status = -1;
	struct buf head = BUF_INIT(HEAD_MAX);
	struct os_proc *proc = NULL;
	struct err ignored;

	if (said >= 0 && out >= 0 && restrict_put(&head, psql, e) == 0 &&
	    buf_check(&head, "psql's command", e) == 0 &&
	    os_pipe(&in, &to, e) == 0)
		proc = os_spawn(&(struct os_spawn){ .argv = argv, .env = env,
		    .in = in, .out = out, .err = said }, e);
	(void)os_close(in, &ignored);
	if (proc != NULL &&	/* one that ends early says why itself */
	    os_write(to, buf_text(&head), head.len, &ignored) == 0)
		(void)os_write(to, buf_text(text), text->len, &ignored);
	(void)os_close(to, &ignored);
	if (proc != NULL)
		status = os_wait(proc, e);
	(void)os_close(said, &ignored);
	(void)os_close(out, &ignored);
	buf_free(&head);
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
		put_refusals(&errors, buf_text(&said));
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
	if (sealedtext_read(STDIN, &text, &why) == 0) {
		disarm(&text);
		rc = restore_roles(p, &text, e);
	} else
		rc = place_say(p, &why, e) != 0 ? -1 :
		    text.failed ? TOO_LONG : NOT_WHOLE;
	buf_free_secret(&text);
	return rc;
}
