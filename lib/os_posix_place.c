/*
 * Where POSIX systems keep things, and how their paths are made.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"

#define DEBIAN_DIR "/usr/lib/postgresql"
#define RED_HAT_DIR "/usr"
#define RED_HAT_PREFIX "pgsql-"

const char os_null_device[] = "/dev/null";
const char os_program_suffix[] = "";

const char *
os_standard_config(void)
{
	return "/etc/pgdumpz/backup.conf";
}

bool
os_is_separator(char c)
{
	return c == '/';
}

const char *
os_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

bool
os_is_absolute(const char *path)
{
	return path[0] == '/';
}

int
os_each_in_path(int (*each)(const char *dir, void *ctx), void *ctx)
{
	const char *p = getenv("PATH");
	char dir[512];
	size_t n;
	int rc = 0;

	for (; rc == 0 && p != NULL && *p != '\0'; p += n + (p[n] == ':')) {
		n = strcspn(p, ":");
		if (n == 0 || n >= sizeof(dir))
			continue;
		memcpy(dir, p, n);
		dir[n] = '\0';
		rc = each(dir, ctx);
	}
	return rc;
}

/* A directory that is being listed for those of versions. */
struct versions {
	const char *parent, *prefix;
	int (*each)(const char *dir, void *ctx);
	void *ctx;
};

static int
take_version(const char *name, void *ctx)
{
	const struct versions *v = ctx;
	char dir[512];

	if (strncmp(name, v->prefix, strlen(v->prefix)) != 0 ||
	    snprintf(dir, sizeof(dir), "%s/%s/bin", v->parent, name) >=
	    (int)sizeof(dir))
		return 0;
	return v->each(dir, v->ctx);
}

/* Debian: /usr/lib/postgresql/15/bin; Red Hat: /usr/pgsql-15/bin. */
int
os_each_postgresql(int (*each)(const char *dir, void *ctx), void *ctx,
	struct err *e)
{
	struct versions debian = { DEBIAN_DIR, "", each, ctx };
	struct versions red_hat = { RED_HAT_DIR, RED_HAT_PREFIX, each, ctx };
	struct os_stat st;
	int rc = os_stat(DEBIAN_DIR, &st, e);

	if (rc == 0 && st.kind == OS_DIR)
		rc = os_list_dir(DEBIAN_DIR, take_version, &debian, e);
	return rc != 0 ? rc :
	    os_list_dir(RED_HAT_DIR, take_version, &red_hat, e);
}

int
os_hint_guarded(struct err *e, const char *path)
{
	return err_hint(e, "run: chown \"$(id -u)\" '%s' && chmod go-w '%s'",
	    path, path);
}

int
os_hint_private(struct err *e, const char *path)
{
	return err_hint(e, "run: chmod 600 '%s'; it must belong to the user "
	    "that runs this", path);
}

int
os_hint_locked(struct err *e, const char *path)
{
	return err_hint(e, "wait for its end; 'fuser -v %s' shows it", path);
}

/* Opened by that name, a file's position is the child's own. */
char *
os_path_for_child(int fd, int as, struct err *e)
{
	char path[32];
	char *copy;

	(void)fd;
	(void)snprintf(path, sizeof(path), "/dev/fd/%d", as);
	if ((copy = strdup(path)) == NULL)
		(void)os_fail(e, "cannot name a file");
	return copy;
}
