/*
 * The first and the last step of a run.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "chore.h"
#include "os.h"

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
	    keep(p, "verdict", "0", e) != 0)
		return -1;
	return place_add_line(p, "databases", chore_env("DB_NAME"), e);
}

/*
 * begin: make the run's directory, and in it {host}, {user}, {version},
 * {run_began}, {verdict} and {databases}; those of killed runs go
 */
int
chore_begin(const struct place *p, char **args, size_t nargs, struct err *e)
{
	(void)args;
	(void)nargs;
	if (place_make(p, chore_env("STEP_DRIVER"),
	    chore_env("PGDUMPZ_SETTINGS_FILE"), e) != 0) {
		if (e->hint[0] == '\0')
			err_hint(e, "make room for a directory there, or set "
			    "TMPDIR");
		return -1;
	}
	return keep_names(p, e);
}

/* end: remove it */
int
chore_end(const struct place *p, char **args, size_t nargs, struct err *e)
{
	(void)args;
	(void)nargs;
	return place_remove(p, e);
}
