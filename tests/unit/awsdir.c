/*
 * Nothing of the user who runs the tests is looked at, or touched.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "awsdir.h"
#include "os.h"
#include "sys.h"
#include "tempdir.h"

static const char *dir;

const char *
awsdir_make(void)
{
	return dir = tempdir_make();
}

void
awsdir_remove(void)
{
	tempdir_clear();
	(void)tempdir_remove();
}

void
awsdir_clear(void)
{
	char *const *environment = os_environment();
	char name[200];

	while (*environment != NULL) {
		(void)snprintf(name, sizeof(name), "%.*s",
		    (int)strcspn(*environment, "="), *environment);
		if (strncmp(name, "AWS_", 4) != 0 &&
		    strstr(name, "_proxy") == NULL) {
			environment++;
			continue;
		}
		os_unset_env(name);
		environment = os_environment();
	}
	awsdir_set_home(dir);
	tempdir_clear();
}

const char *
awsdir_write(const char *name, const char *text)
{
	static char path[500];
	struct err ignored = ERR_INIT;
	char *slash;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	for (slash = path + strlen(dir) + 1; (slash = strchr(slash, '/')) != NULL;
	    *slash++ = '/') {
		*slash = '\0';
		(void)os_make_dir(path, &ignored);
	}
	if ((f = fopen(path, "wb")) != NULL) {
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
	sys_set_env(variable, value);
}

void
awsdir_set_home(const char *path)
{
	sys_set_env(sys_home_variable, path);
}
