/*
 * A tool, with what the driver says of it before its name.
 */
#include <stdio.h>
#include <stdlib.h>

#include "chore.h"
#include "num.h"
#include "options.h"
#include "os.h"
#include "template.h"
#include "tool.h"

/* "-s PGDATABASE={db}" becomes "PGDATABASE=value". */
static int
set_env(const struct place *p, const struct opt_list *set, struct tool *t,
	struct err *e)
{
	char *text;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < set->len; i++) {
		if ((text = chore_text(p, set->items[i], e)) == NULL)
			return -1;
		rc = opt_list_add(&t->env, text, e);
		free(text);
	}
	return rc;
}

/* Its status is its end for a pipe, and stays for who wants to know more. */
static int
note(const struct place *p, const char *name, int status, struct err *e)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%d", status);

	return place_write(p, name, text, (size_t)n, e) == 0 ? status : -1;
}

/* What the options say of its files, time and environment. */
static int
take_options(const struct place *p, const struct options *o, struct tool *t,
	char **file, struct err *e)
{
	t->in = o->in;
	t->out = o->out != NULL ? o->out : o->keep ? "out" : NULL;
	t->err = o->err != NULL ? o->err : o->add_err != NULL ? o->add_err :
	    o->keep ? "said" : NULL;
	t->append_err = o->err == NULL && o->add_err != NULL;
	t->seconds = o->seconds;
	t->is_script = o->shell;
	if (o->file != NULL &&
	    (t->in_path = *file = chore_text(p, o->file, e)) == NULL)
		return -1;
	/* a driver that a hook starts is not this one */
	if (o->shell && opt_list_add(&t->env, "STEP_DRIVER", e) != 0)
		return -1;
	return set_env(p, &o->set, t, e);
}

/* run [OPTION]... TOOL [ARGUMENT]... */
int
chore_run(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct options o = { .set = { NULL, 0 } };
	struct opt_result result;
	struct tool t = { .in = NULL };
	char *file = NULL, **word;
	int rc = options_take(&o, (int)nargs + 1, args - 1, &result, e);

	if (rc == 0)
		rc = take_options(p, &o, &t, &file, e);
	word = rc == 0 ? result.command : NULL;
	for (; rc == 0 && word != NULL && *word != NULL; word++)
		rc = template_add(p, *word, &t.args, e);
	if (rc == 0)
		rc = tool_run(p, &t, e);
	if (rc >= 0 && o.note != NULL)
		rc = note(p, o.note, rc, e);
	free(file);
	opt_list_free(&o.set);
	opt_list_free(&t.env);
	opt_list_free(&t.args);
	return rc;
}

/* sleep SECONDS */
int
chore_sleep(const struct place *p, char **args, size_t nargs, struct err *e)
{
	char *text = chore_text(p, args[0], e);
	uint64_t seconds = 0;
	int rc = -1;

	(void)nargs;
	if (text != NULL && num_parse_u64(text, &seconds) == 0 &&
	    seconds <= INT32_MAX)
		rc = os_sleep_ms((int64_t)seconds * 1000, e);
	else if (text != NULL)
		err_set(e, ERR_USAGE, "'%s' is no number of seconds", text);
	free(text);
	return rc;
}
