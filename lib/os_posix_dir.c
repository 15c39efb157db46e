/*
 * Directories on POSIX systems, and the room that is left on their disks.
 */
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <unistd.h>

#include "os.h"

int
os_make_dir(const char *path, struct err *e)
{
	if (mkdir(path, 0700) == 0)
		return 0;
	return os_fail(e, "cannot make the directory '%s'", path);
}

int
os_remove_dir(const char *path, struct err *e)
{
	if (rmdir(path) == 0)
		return 0;
	return os_fail(e, "cannot remove the directory '%s'", path);
}

int
os_free_bytes(const char *path, uint64_t *bytes, struct err *e)
{
	struct statvfs fs;

	if (statvfs(path, &fs) != 0)
		return os_fail(e, "cannot tell the free space of '%s'", path);
	*bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	return 0;
}
