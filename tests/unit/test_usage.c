/*
 * Options of a restore that fit together, and others.
 */
#include <stdio.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/opt.h"
#include "step/usage.h"
#include "tap.h"

/* Options as words; what they become, or (refused) a part of the message. */
static const struct {
	const char *options, *env, *withconf, *refused;
} cases[] = {
	{ "DBNAME=a", "OPT_MODE=restore OPT_ONLY= OPT_LIMIT=",
	  "--option=MAX_RUNTIME=0", NULL },
	{ "DBNAME=a LOCAL=yes BEFORE=2026-11-20",
	  "OPT_MODE=restore OPT_ONLY=local OPT_LIMIT=20261120_000000",
	  "--option=MAX_RUNTIME=0", NULL },
	{ "DBNAME=a BACKUP=./x.sql.gz GLOBALS=yes REMOTE=yes",
	  "OPT_MODE=restore OPT_ONLY=remote OPT_LIMIT=",
	  "--option=MAX_RUNTIME=0", NULL },
	{ "LIST=yes NAME=a", "OPT_MODE=list OPT_ONLY= OPT_LIMIT=",
	  "--no-lock --option=MAX_RUNTIME=0", NULL },
	{ "DRILL=yes MAX_AGE=8d", "OPT_MODE=drill OPT_ONLY=remote OPT_LIMIT=",
	  "", NULL },
	{ "DRILL=yes BACKUP=s3://b/x", "OPT_MODE=drill OPT_ONLY=remote "
	  "OPT_LIMIT=", "", NULL },
	{ "DRILL=yes BACKUP=x.sql.gz", "OPT_MODE=drill OPT_ONLY=remote "
	  "OPT_LIMIT=", "", NULL },
	{ "", NULL, NULL, "no database is named" },
	{ "NAME=a", NULL, NULL, "no database is named" },
	{ "DBNAME=postgres", NULL, NULL, "what the server itself needs" },
	{ "DBNAME=template1", NULL, NULL, "what the server itself needs" },
	{ "DRILL=yes LIST=yes", NULL, NULL, "exclude each other" },
	{ "DBNAME=a LOCAL=yes REMOTE=yes", NULL, NULL, "exclude each other" },
	{ "DBNAME=a BACKUP=x NAME=b", NULL, NULL, "needs no --name" },
	{ "DBNAME=a BACKUP=x BEFORE=2026-11-20", NULL, NULL,
	  "needs no --name" },
	{ "DBNAME=a BEFORE=soon", NULL, NULL, "no time such as" },
	{ "DBNAME=a MAX_AGE=1d", NULL, NULL, "--max-age is for --drill" },
	{ "LIST=yes DBNAME=a", NULL, NULL, "--list takes no" },
	{ "LIST=yes BACKUP=a", NULL, NULL, "--list takes no" },
	{ "LIST=yes GLOBALS=yes", NULL, NULL, "--list takes no" },
	{ "DRILL=yes DBNAME=a", NULL, NULL, "--drill takes no -d" },
	{ "DRILL=yes GLOBALS=yes", NULL, NULL, "--drill takes no -d" },
	{ "DRILL=yes LOCAL=yes", NULL, NULL, "--drill takes no --local" },
	{ "DRILL=yes NO_VERIFY=yes", NULL, NULL, "--drill takes no --local" },
	{ "DRILL=yes BACKUP=/x.sql.gz", NULL, NULL, "reads the bucket" },
	{ "DRILL=yes BACKUP=C:\\x.sql.gz", NULL, NULL, "reads the bucket" },
};

static void
fill(struct opt_list *env, const char *options)
{
	char item[64];
	struct err e;
	size_t n;

	for (; *options != '\0'; options += n + (options[n] == ' ')) {
		n = strcspn(options, " ");
		(void)snprintf(item, sizeof(item), "OPT_%.*s", (int)n,
		    options);
		(void)opt_list_add(env, item, &e);
	}
	(void)opt_list_add(env, "OPT_YES", &e);	/* unset */
}

/* The items from one on, blanks between. */
static void
join(struct buf *out, const struct opt_list *list, size_t from)
{
	for (; from < list->len; from++)
		buf_printf(out, "%s%s", out->len > 0 ? " " : "",
		    list->items[from]);
}

int
main(void)
{
	size_t i, before;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct opt_list env = { NULL, 0 }, withconf = { NULL, 0 };
		struct buf added = BUF_INIT(4096), for_it = BUF_INIT(4096);
		struct err e = ERR_INIT;
		int rc;

		fill(&env, cases[i].options);
		before = env.len;
		rc = usage_check_restore(&env, &withconf, &e);
		join(&added, &env, before);
		join(&for_it, &withconf, 0);
		if (cases[i].refused != NULL) {
			tap_ok(rc == -1 && e.kind == ERR_USAGE &&
			    strstr(e.text, cases[i].refused) != NULL,
			    "'%s': %s", cases[i].options, e.text);
		} else {
			tap_text(buf_text(&added), cases[i].env, "'%s'",
			    cases[i].options);
			tap_text(buf_text(&for_it), cases[i].withconf,
			    "'%s': for withconf", cases[i].options);
		}
		buf_free(&added);
		buf_free(&for_it);
		opt_list_free(&env);
		opt_list_free(&withconf);
	}
	return tap_done();
}
