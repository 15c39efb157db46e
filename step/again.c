/*
 * A driver is run by withconf, and once more when that run was stopped.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "again_private.h"
#include "hash.h"
#include "os.h"
#include "place.h"
#include "usage.h"

#define TOKEN_BYTES 8

/* What a driver's options mean together. */
static int
check_usage(struct again *a, struct err *e)
{
	if (strcmp(a->driver, "restore-db") != 0)
		return 0;
	return usage_check_restore(&a->env, &a->own, e);
}

/* The settings' file can be read for as long as withconf is there. */
static bool
is_configured(void)
{
	const char *run = getenv("RUN_ID");
	const char *file = getenv("PGDUMPZ_SETTINGS_FILE");
	struct err ignored = ERR_INIT;
	int fd;

	if (run == NULL || *run == '\0' || file == NULL || *file == '\0' ||
	    (fd = os_open_read(file, &ignored)) < 0)
		return false;
	(void)os_close(fd, &ignored);
	return true;
}

static int
make_argv(struct again *a, const char *script, struct err *e)
{
	size_t i;

	if (is_configured()) {
		if (a->file == NULL && a->options.len == 0)
			return opt_list_add(&a->argv, script, e);
		return err_set(e, ERR_USAGE, "withconf runs already; give -c "
		    "and -o to it");
	}
	if (opt_list_add(&a->argv, "withconf", e) != 0)
		return -1;
	if (a->file != NULL && (opt_list_add(&a->argv, "-c", e) != 0 ||
	    opt_list_add(&a->argv, a->file, e) != 0))
		return -1;
	for (i = 0; i < a->own.len; i++)
		if (opt_list_add(&a->argv, a->own.items[i], e) != 0)
			return -1;
	for (i = 0; i < a->options.len; i++)
		if (opt_list_add(&a->argv, a->options.items[i], e) != 0)
			return -1;
	return opt_list_add(&a->argv, script, e);
}

static int
spawn(const struct again *a, struct err *e)
{
	const struct os_limit limit = { 0, 0 };
	bool late = false;

	return os_guard(&(struct os_spawn){ .argv = a->argv.items,
	    .env = a->env.items, .in = 0, .out = -1, .err = -1 }, &limit,
	    &late, e);
}

/* By which the run can be told from others when it is over. */
static int
make_token(char token[2 * TOKEN_BYTES + 1], struct err *e)
{
	uint8_t random[TOKEN_BYTES];

	if (os_random(random, sizeof(random), e) != 0)
		return -1;
	hash_hex(token, random, sizeof(random));
	return 0;
}

/*
 * A run that is stopped, by the end of MAX_RUNTIME, say, takes the driver with
 * it: one more tells of that, and its exit status counts.
 */
static int
run_driver(struct again *a, struct err *e)
{
	char token[2 * TOKEN_BYTES + 1], pair[sizeof(token) + 16];
	struct place left = PLACE_INIT;
	int status;

	if (make_token(token, e) != 0)
		return -1;
	(void)snprintf(pair, sizeof(pair), "STEP_TOKEN=%s", token);
	if (opt_list_add(&a->env, pair, e) != 0 ||
	    opt_list_add(&a->env, "OPT_STOPPED", e) != 0)
		return -1;
	status = spawn(a, e);
	if (a->tells && place_find_orphan(&left, a->driver, token,
	    &(struct err)ERR_INIT)) {
		free((char *)(uintptr_t)a->env.items[a->env.len - 1]);
		a->env.items[--a->env.len] = NULL;
		if (opt_list_add(&a->env, "OPT_STOPPED=yes", e) == 0)
			status = spawn(a, e);
	}
	place_close(&left);
	return status;
}

int
again_run(char **args, size_t nargs, struct err *e)
{
	struct again a;
	int rc;

	memset(&a, 0, sizeof(a));
	rc = again_read(&a, args, nargs, e);
	if (rc == 0 && !a.is_plain)
		rc = check_usage(&a, e);
	if (rc == 0)
		rc = a.is_plain ? opt_list_add(&a.argv, args[0], e) :
		    make_argv(&a, args[0], e);
	if (rc == 0)
		rc = run_driver(&a, e);
	else if (e->kind == ERR_USAGE && a.driver[0] != '\0')
		err_hint(e, "see '%s --help'", a.driver);
	opt_list_free(&a.options);
	opt_list_free(&a.own);
	opt_list_free(&a.env);
	opt_list_free(&a.argv);
	return rc;
}
