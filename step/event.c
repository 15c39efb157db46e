/*
 * The log of a run: auditlog writes it, the run keeps its own part for the
 * report, and people at a terminal see it unless they want quiet.
 */
#include <stdlib.h>
#include <string.h>

#include "chore.h"
#include "opt.h"
#include "os.h"
#include "proc.h"
#include "template.h"
#include "words.h"

#define EVENT_MAX (1u << 20)

/* Is one of the pairs of that key? A value may look like a pair. */
static bool
has(const struct opt_list *pairs, const char *key)
{
	size_t n = strlen(key), i;

	for (i = 0; i < pairs->len; i++)
		if (strncmp(pairs->items[i], key, n) == 0 &&
		    pairs->items[i][n] == '=')
			return true;
	return false;
}

/* Start the argv of an event: NAME and pairs follow. */
static int
begin_event(struct opt_list *argv, struct err *e)
{
	if (opt_list_add(argv, "auditlog", e) != 0)
		return -1;
	return opt_list_add(argv, "event", e);
}

/* A run may have a log file of its own. */
static int
say(const struct place *p, const struct opt_list *argv, struct buf *line,
	struct err *e)
{
	char *pair = chore_text(p, "LOG_FILE={log_file}", e);
	const char *env[] = { pair, NULL };
	int rc = -1;

	if (pair != NULL && chore_env("LOG_FILE")[0] != '\0')
		env[0] = NULL;
	if (pair != NULL)
		rc = proc_run(argv->items, env, -1, NULL, line, e);
	free(pair);
	return rc;
}

/* A log that can't be written keeps nobody from a backup: it is noted. */
static int
write_event(const struct place *p, const struct opt_list *argv, struct err *e)
{
	struct buf line = BUF_INIT(EVENT_MAX);
	struct err why = ERR_INIT;
	int fd, rc = 0;

	if (say(p, argv, &line, &why) != 0)
		rc = place_add_line(p, "unlogged", why.text, e);
	if (chore_env("OPT_QUIET")[0] == '\0' || has(argv, "level"))
		os_write_stderr(buf_text(&line), line.len);
	if (rc == 0 && (fd = place_open_file(p, "log", true, e)) < 0)
		rc = -1;
	else if (rc == 0) {
		rc = os_write(fd, buf_text(&line), line.len, e);
		(void)os_close(fd, &(struct err)ERR_INIT);
	}
	buf_free(&line);
	return rc;
}

/* event NAME [KEY=VALUE]... */
int
chore_event(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct opt_list argv = { NULL, 0 };
	int rc = begin_event(&argv, e);

	if (rc == 0)
		rc = template_add_all(p, args, nargs, &argv, e);
	if (rc == 0)
		rc = write_event(p, &argv, e);
	opt_list_free(&argv);
	return rc;
}

/* -- failures ---------------------------------------------------------- */

/* Add "KEY=" and what is to be found in the run's {said}. */
static int
add_said(const struct place *p, const char *template, const char *otherwise,
	struct opt_list *argv, struct err *e)
{
	char *pair = chore_text(p, template, e);
	int rc = pair != NULL ? 0 : -1;
	const char *value = rc == 0 ? strchr(pair, '=') + 1 : "";

	if (rc == 0 && value[0] != '\0')
		rc = opt_list_add(argv, pair, e);
	else if (rc == 0 && otherwise != NULL)
		rc = opt_list_add(argv, otherwise, e);
	free(pair);
	return rc;
}

static int
note_failure(const struct place *p, const struct opt_list *argv,
	struct err *e)
{
	size_t i;

	for (i = 2; i < argv->len; i++)
		if (place_add_line(p, "failures", argv->items[i], e) != 0)
			return -1;
	return place_add_line(p, "failures", "", e);
}

/* A tool that has crashed or is no more has none of ours. */
static int
status_of(const char *text)
{
	if (strlen(text) == 1 && text[0] >= '1' && text[0] <= '5')
		return text[0] - '0';
	return ERR_LOCAL;
}

/* The lower exit status is the worse one, 0 apart. */
static int
judge(const struct place *p, int status, struct err *e)
{
	char *before = chore_text(p, "{verdict}", e);
	int verdict;

	if (before == NULL)
		return -1;
	verdict = before[0] - '0';
	if (verdict < 1 || verdict > status)
		verdict = status;
	free(before);
	return place_write(p, "verdict", &"0123456789"[verdict], 1, e) == 0 ?
	    verdict : -1;
}

/*
 * fail STATUS NAME [KEY=VALUE]...; its exit status is the verdict so far. A
 * STATUS that is none of ours counts as 3.
 */
int
chore_fail(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct opt_list argv = { NULL, 0 };
	int verdict = -1, rc;

	rc = begin_event(&argv, e);
	if (rc == 0)
		rc = template_add_all(p, args + 1, nargs - 1, &argv, e);
	if (rc == 0 && !has(&argv, "reason"))
		rc = add_said(p, "reason={complaint:said}",
		    "reason=none was given", &argv, e);
	if (rc == 0 && !has(&argv, "hint"))
		rc = add_said(p, "hint={advice:said}", NULL, &argv, e);
	if (rc == 0)
		rc = note_failure(p, &argv, e);
	if (rc == 0)
		rc = opt_list_add(&argv, "level=error", e);
	if (rc == 0)
		rc = write_event(p, &argv, e);
	if (rc == 0)
		verdict = judge(p, status_of(args[0]), e);
	opt_list_free(&argv);
	return verdict;
}
