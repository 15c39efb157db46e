/*
 * Variables of the run: kept, looked at, and the lists that it makes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chore.h"
#include "mem.h"
#include "num.h"
#include "os.h"
#include "template.h"
#include "words.h"

char *
chore_text(const struct place *p, const char *template, struct err *e)
{
	struct buf b = BUF_INIT(PLACE_FILE_MAX);
	char *text = NULL;

	if (template_put(p, template, &b, e) == 0)
		text = mem_dup(buf_text(&b), e);
	buf_free(&b);
	return text;
}

const char *
chore_env(const char *name)
{
	const char *value = getenv(name);

	return value != NULL ? value : "";
}

/* keep NAME TEXT... */
int
chore_keep(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct buf b = BUF_INIT(PLACE_FILE_MAX);
	int rc = 0;
	size_t i;

	for (i = 1; rc == 0 && i < nargs; i++)
		rc = template_put(p, args[i], &b, e);
	if (rc == 0)
		rc = place_write(p, args[0], buf_text(&b), b.len, e);
	buf_free(&b);
	return rc;
}

/* clear NAME...: empty them */
int
chore_clear(const struct place *p, char **args, size_t nargs, struct err *e)
{
	size_t i;

	for (i = 0; i < nargs; i++)
		if (place_write(p, args[i], "", 0, e) != 0)
			return -1;
	return 0;
}

/* add NAME TEXT...: a line each; what vanishes is none */
int
chore_add(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct opt_list lines = { NULL, 0 };
	int rc = template_add_all(p, args + 1, nargs - 1, &lines, e);
	size_t i;

	for (i = 0; rc == 0 && i < lines.len; i++)
		rc = place_add_line(p, args[0], lines.items[i], e);
	opt_list_free(&lines);
	return rc;
}

/* clock NAME: seconds since 1970 */
int
chore_clock(const struct place *p, char **args, size_t nargs, struct err *e)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%" PRId64, os_now());

	(void)nargs;
	return place_write(p, args[0], text, (size_t)n, e);
}

/* split FILE NAME...: the fields of its first line, tabs between */
int
chore_split(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct buf file = BUF_INIT(PLACE_FILE_MAX), line = BUF_INIT(1 << 20);
	const char *field;
	int rc = place_read(p, args[0], &file, e);
	size_t i, n;

	if (rc == 0) {
		(void)words_put_line(&line, buf_text(&file), 1);
		rc = buf_check(&line, "a line", e);
	}
	field = buf_text(&line);
	for (i = 1; rc == 0 && i < nargs; i++) {
		n = i + 1 < nargs ? strcspn(field, "\t") : strlen(field);
		rc = place_write(p, args[i], field, n, e);
		field += n + (field[n] == '\t');
	}
	buf_free(&file);
	buf_free(&line);
	return rc;
}

/* in LIST TEXT: is it one of its lines? */
int
chore_in(const struct place *p, char **args, size_t nargs, struct err *e)
{
	char *line = chore_text(p, args[1], e);
	int found = line != NULL ? place_has_line(p, args[0], line, e) : -1;

	(void)nargs;
	free(line);
	return found < 0 ? -1 : found == 1 ? 0 : 1;
}

/* same TEXT TEXT */
int
chore_same(const struct place *p, char **args, size_t nargs, struct err *e)
{
	char *a = chore_text(p, args[0], e), *b = NULL;
	int rc = -1;

	(void)nargs;
	if (a != NULL && (b = chore_text(p, args[1], e)) != NULL)
		rc = strcmp(a, b) == 0 ? 0 : 1;
	free(a);
	free(b);
	return rc;
}

/* empty KEY...: print the names of those that are; no templates */
int
chore_empty(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct buf out = BUF_INIT(1 << 16);
	int rc;
	size_t i;

	(void)p;
	for (i = 0; i < nargs; i++)
		if (chore_env(args[i])[0] == '\0')
			buf_printf(&out, "%s\n", args[i]);
	rc = buf_check(&out, "a list", e);
	if (rc == 0)
		rc = os_write(1, buf_text(&out), out.len, e);
	buf_free(&out);
	return rc;
}

/* show NAME: print a file */
int
chore_show(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct buf out = BUF_INIT(PLACE_FILE_MAX);
	int rc = place_read(p, args[0], &out, e);

	(void)nargs;
	if (rc == 0)
		rc = os_write(1, buf_text(&out), out.len, e);
	buf_free(&out);
	return rc;
}

/* pick NAME LIST N: keep its N-th line; 1 when there are fewer */
int
chore_pick(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct buf list = BUF_INIT(PLACE_FILE_MAX), line = BUF_INIT(1 << 20);
	bool found = false;
	uint64_t number;
	int rc;

	(void)nargs;
	if (num_parse_u64(args[2], &number) != 0 || number == 0)
		return err_set(e, ERR_USAGE, "'%s' is no number", args[2]);
	rc = place_read(p, args[1], &list, e);
	if (rc == 0) {
		found = words_put_line(&line, buf_text(&list), (size_t)number);
		rc = buf_check(&line, "a line", e);
	}
	if (rc == 0)
		rc = found ? place_write(p, args[0], buf_text(&line), line.len,
		    e) : 1;
	buf_free(&list);
	buf_free(&line);
	return rc;
}

/* exists TEXT: is there anything of that path? */
int
chore_exists(const struct place *p, char **args, size_t nargs, struct err *e)
{
	char *path = chore_text(p, args[0], e);
	struct os_stat st;
	int rc = -1;

	(void)nargs;
	if (path != NULL && os_stat(path, &st, e) == 0)
		rc = st.kind != OS_MISSING ? 0 : 1;
	free(path);
	return rc;
}
