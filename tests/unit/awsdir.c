/*
 * Nothing of the user who runs the tests is looked at, or touched.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "awsdir.h"
#include "os.h"

static char dir[] = "/tmp/pgdumpz-aws.XXXXXX";

const char *
awsdir_make(void)
{
	return mkdtemp(dir);
}

/* A file, or a directory with all that is in it. */
static int
remove_tree(const char *name, void *below)
{
	struct err ignored = ERR_INIT;
	char path[500];

	(void)snprintf(path, sizeof(path), "%s/%s", (const char *)below, name);
	if (remove(path) != 0) {
		(void)os_list_dir(path, remove_tree, path, &ignored);
		(void)remove(path);
	}
	return 0;
}

void
awsdir_remove(void)
{
	struct err ignored = ERR_INIT;

	(void)os_list_dir(dir, remove_tree, dir, &ignored);
	(void)rmdir(dir);
}

void
awsdir_clear(void)
{
	char *const *environment = os_environment();
	struct err ignored = ERR_INIT;
	char name[200];

	while (*environment != NULL) {
		(void)snprintf(name, sizeof(name), "%.*s",
		    (int)strcspn(*environment, "="), *environment);
		if (strncmp(name, "AWS_", 4) != 0 &&
		    strstr(name, "_proxy") == NULL) {
			environment++;
			continue;
		}
		(void)unsetenv(name);
		environment = os_environment();
	}
	(void)setenv("HOME", dir, 1);
	(void)os_list_dir(dir, remove_tree, dir, &ignored);
}

const char *
awsdir_write(const char *name, const char *text)
{
	static char path[500];
	char *slash;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	for (slash = path + sizeof(dir); (slash = strchr(slash, '/')) != NULL;
	    *slash++ = '/') {
		*slash = '\0';
		(void)mkdir(path, 0700);
	}
	if ((f = fopen(path, "w")) != NULL) {
		(void)fputs(text, f);
		(void)fclose(f);
	}
	return path;
}

void
awsdir_files(const char *config, const char *credentials)
{
	if (config != NULL)
		(void)awsdir_write(".aws/config", config);
	if (credentials != NULL)
		(void)awsdir_write(".aws/credentials", credentials);
}

void
awsdir_set(const char *variable, const char *value)
{
	(void)setenv(variable, value, 1);
}
