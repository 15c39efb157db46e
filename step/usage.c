/*
 * A restore that is asked for in two ways at once would do only one of them,
 * so that is refused, before anything begins.
 */
#include <stdio.h>
#include <string.h>

#include "before.h"
#include "found.h"
#include "usage.h"

#define SCHEME "s3://"

/* The value of OPT_NAME, or "". */
static const char *
get(const struct opt_list *env, const char *name)
{
	const size_t prefix = strlen("OPT_"), n = strlen(name);
	const char *item;
	size_t i;

	for (i = 0; i < env->len; i++) {
		item = env->items[i];
		if (strncmp(item, "OPT_", prefix) == 0 &&
		    strncmp(item + prefix, name, n) == 0 &&
		    item[prefix + n] == '=')
			return item + prefix + n + 1;
	}
	return "";
}

static bool
has(const struct opt_list *env, const char *name)
{
	return get(env, name)[0] != '\0';
}

static int
check_target(const char *target, struct err *e)
{
	static const char *const own[] = { "postgres", "template0",
		"template1" };
	size_t i;

	if (target[0] == '\0')
		return err_set(e, ERR_USAGE, "no database is named: "
		    "-d DATABASE");
	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(target, own[i]) == 0)
			return err_set(e, ERR_USAGE, "'%s' is what the server "
			    "itself needs", target);
	return 0;
}

static int
check_drill(const struct opt_list *env, struct err *e)
{
	const char *backup = get(env, "BACKUP");

	if (has(env, "DBNAME") || has(env, "GLOBALS"))
		return err_set(e, ERR_USAGE, "--drill takes no -d and no "
		    "--globals");
	if (has(env, "LOCAL") || has(env, "NO_VERIFY"))
		return err_set(e, ERR_USAGE, "--drill takes no --local and no "
		    "--no-verify");
	if (strncmp(backup, SCHEME, strlen(SCHEME)) != 0 &&
	    found_base(backup) != backup)
		return err_set(e, ERR_USAGE, "--drill reads the bucket, not "
		    "'%s'", backup);
	return 0;
}

static int
check_mode(const struct opt_list *env, const char *mode, struct err *e)
{
	if (strcmp(mode, "restore") == 0)
		return check_target(get(env, "DBNAME"), e);
	if (strcmp(mode, "drill") == 0)
		return check_drill(env, e);
	if (has(env, "BACKUP") || has(env, "DBNAME") || has(env, "GLOBALS"))
		return err_set(e, ERR_USAGE, "--list takes no BACKUP, no -d "
		    "and no --globals");
	return 0;
}

/* What excludes each other, whatever is done. */
static int
check_together(const struct opt_list *env, struct err *e)
{
	if (has(env, "DRILL") && has(env, "LIST"))
		return err_set(e, ERR_USAGE, "--drill and --list exclude each "
		    "other");
	if (has(env, "LOCAL") && has(env, "REMOTE"))
		return err_set(e, ERR_USAGE, "--local and --remote exclude "
		    "each other");
	if (has(env, "BACKUP") && (has(env, "NAME") || has(env, "BEFORE")))
		return err_set(e, ERR_USAGE, "a BACKUP needs no --name and no "
		    "--before");
	if (has(env, "MAX_AGE") && !has(env, "DRILL"))
		return err_set(e, ERR_USAGE, "--max-age is for --drill");
	return 0;
}

static int
add(struct opt_list *list, const char *name, const char *value, struct err *e)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "%s=%s", name, value);
	return opt_list_add(list, text, e);
}

/* A listing disturbs nobody; a restore may take longer than a backup does. */
static int
add_withconf(struct opt_list *withconf, const char *mode, struct err *e)
{
	if (strcmp(mode, "drill") == 0)
		return 0;
	if (strcmp(mode, "list") == 0 &&
	    opt_list_add(withconf, "--no-lock", e) != 0)
		return -1;
	return opt_list_add(withconf, "--option=MAX_RUNTIME=0", e);
}

int
usage_check_restore(struct opt_list *env, struct opt_list *withconf,
	struct err *e)
{
	const char *mode = has(env, "DRILL") ? "drill" : has(env, "LIST") ?
	    "list" : "restore";
	const char *only = has(env, "DRILL") || has(env, "REMOTE") ?
	    "remote" : has(env, "LOCAL") ? "local" : "";
	char limit[BEFORE_SIZE] = "";

	if (check_together(env, e) != 0 || (has(env, "BEFORE") &&
	    before_parse(get(env, "BEFORE"), limit, e) != 0) ||
	    check_mode(env, mode, e) != 0)
		return -1;
	if (add(env, "OPT_MODE", mode, e) != 0 ||
	    add(env, "OPT_ONLY", only, e) != 0 ||
	    add(env, "OPT_LIMIT", limit, e) != 0)
		return -1;
	return add_withconf(withconf, mode, e);
}
