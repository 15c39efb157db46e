/*
 * The first steps of a run, and the last.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "chore.h"
#include "os.h"
#include "proc.h"

#ifndef PGDUMPZ_VERSION
#define PGDUMPZ_VERSION "unknown"
#endif

static int
keep(const struct place *p, const char *name, const char *text, struct err *e)
{
	return place_write(p, name, text, strlen(text), e);
}

static int
keep_names(const struct place *p, struct err *e)
{
	char host[256], user[256], now[32];

	os_host_name(host, sizeof(host));
	os_user_name(user, sizeof(user));
	(void)snprintf(now, sizeof(now), "%" PRId64, os_now());
	if (keep(p, "version", PGDUMPZ_VERSION, e) != 0 ||
	    keep(p, "host", host, e) != 0 || keep(p, "user", user, e) != 0 ||
	    keep(p, "run_began", now, e) != 0 ||
	    keep(p, "verdict", "0", e) != 0 ||
	    keep(p, "token", chore_env("STEP_TOKEN"), e) != 0)
		return -1;
	return place_add_line(p, "databases", chore_env("DB_NAME"), e);
}

/* What a run that was stopped leaves to the one that tells of it. */
static int
adopt(const struct place *p, const struct place *stopped, struct err *e)
{
	static const char *const names[] = { "good", "receipts", "metrics",
		"failures", "log", "log_file", "unlogged", "verdict", "began",
		/* of a backup */
		"uploading", "bytes", "rows",
		/* of a restore */
		"loading", "db", "place", "where", "stamp", "age",
		"into", "ready", "target", "fresh", "kept", "beside",
		"psql" };
	struct buf text = BUF_INIT(PLACE_FILE_MAX);
	int rc = 0;
	size_t i;

	for (i = 0; rc == 0 && i < sizeof(names) / sizeof(names[0]); i++) {
		buf_reset(&text);
		rc = place_read(stopped, names[i], &text, e);
		if (rc == 0 && text.len > 0)
			rc = place_write(p, names[i], text.data, text.len, e);
	}
	buf_free(&text);
	return rc;
}

static int
adopt_stopped(const struct place *p, struct err *e)
{
	struct place stopped = PLACE_INIT;
	int rc = 0;

	if (place_find_orphan(&stopped, chore_env("STEP_DRIVER"),
	    chore_env("STEP_TOKEN"), e))
		rc = adopt(p, &stopped, e);
	place_close(&stopped);
	return rc;
}

/*
 * begin: make the run's directory, and in it {host}, {user}, {version},
 * {run_began}, {verdict} and {databases}; those of killed runs go. A run that
 * tells of a stopped one has its lists, log and verdict.
 */
int
chore_begin(const struct place *p, char **args, size_t nargs, struct err *e)
{
	(void)args;
	(void)nargs;
	if (place_make(p, chore_env("PGDUMPZ_SETTINGS_FILE"), e) != 0) {
		if (e->hint[0] == '\0')
			err_hint(e, "make room for a directory there, or set "
			    "TMPDIR");
		return -1;
	}
	if (keep_names(p, e) != 0 ||
	    (chore_env("OPT_STOPPED")[0] != '\0' && adopt_stopped(p, e) != 0))
		return -1;
	place_remove_orphans(p, chore_env("STEP_DRIVER"));
	return 0;
}

/* 0: it is of our version, 1: it can't be run, 2: it is of another one. */
static int
look_at(const char *tool, struct err *e)
{
	const char *argv[] = { tool, "--version", NULL };
	struct buf said = BUF_INIT(65536), want = BUF_INIT(256);
	int rc = 1;

	buf_printf(&want, "%s (pgdumpz) %s\n", tool, PGDUMPZ_VERSION);
	if (proc_run(argv, NULL, -1, &said, NULL, e) == 0)
		rc = strcmp(buf_text(&said), buf_text(&want)) == 0 ? 0 : 2;
	buf_free(&said);
	buf_free(&want);
	return rc;
}

/*
 * tools TOOL...: are all of them there and of our version? If not, {tool} is
 * the first that can't be run, exit status 1, or is of another version, 2
 */
int
chore_tools(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct err why = ERR_INIT;
	size_t i;
	int rc;

	for (i = 0; i < nargs; i++) {
		if ((rc = look_at(args[i], &why)) == 0)
			continue;
		if (keep(p, "tool", args[i], e) != 0 ||
		    keep(p, "said", why.text, e) != 0)
			return -1;
		return rc;
	}
	return 0;
}

/* end: remove it */
int
chore_end(const struct place *p, char **args, size_t nargs, struct err *e)
{
	(void)args;
	(void)nargs;
	return place_remove(p, e);
}
