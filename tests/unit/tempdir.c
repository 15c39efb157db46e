#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/os.h"
#include "tempdir.h"

static char dir[400];
static bool entered;

const char *
tempdir_make(void)
{
	struct err e = ERR_INIT;
	char *parent = os_temp_dir(&e);
	uint64_t number = 0;
	bool made;

	if (parent == NULL || os_random(&number, sizeof(number), &e) != 0)
		return NULL;
	(void)snprintf(dir, sizeof(dir), "%s/pgdumpz-test-%" PRIx64, parent,
	    number);
	made = os_make_dir(dir, &e) == 0;
	free(parent);
	return made ? dir : NULL;
}

bool
tempdir_enter(void)
{
	entered = tempdir_make() != NULL && chdir(dir) == 0;
	return entered;
}

/* A file, or a directory with all that is in it. */
static int
remove_tree(const char *name, void *below)
{
	struct err ignored = ERR_INIT;
	struct os_stat st = { .kind = OS_MISSING };
	char path[500];

	(void)snprintf(path, sizeof(path), "%s/%s", (const char *)below, name);
	(void)os_lstat(path, &st, &ignored);
	if (st.kind == OS_DIR) {
		(void)os_list_dir(path, remove_tree, path, &ignored);
		(void)os_remove_dir(path, &ignored);
	} else {
		(void)os_unlink(path, &ignored);
	}
	return 0;
}

void
tempdir_clear(void)
{
	struct err ignored = ERR_INIT;

	(void)os_list_dir(dir, remove_tree, dir, &ignored);
}

void
tempdir_drop(const char *name)
{
	(void)remove_tree(name, dir);
}

bool
tempdir_remove(void)
{
	struct err ignored = ERR_INIT;

	if (entered && chdir("..") != 0)
		return false;
	return os_remove_dir(dir, &ignored) == 0;
}
