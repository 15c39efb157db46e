/*
 * Programs take a password from a file, but a file outlives a power cut and
 * finds its way into backups and snapshots. Linux has files in memory, which
 * others of the same user can open through /proc and which end with us.
 */
#include <sys/mman.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008u	/* Linux 6.3 */
#endif

struct os_secret {
	int fd;
	char dir[PATH_MAX - 8];	/* "": in memory */
	char path[PATH_MAX];
};

static int
make_in_memory(struct os_secret *s)
{
	s->fd = memfd_create("pgdumpz", MFD_CLOEXEC | MFD_ALLOW_SEALING |
	    MFD_NOEXEC_SEAL);
	if (s->fd < 0 && errno == EINVAL)
		s->fd = memfd_create("pgdumpz", MFD_CLOEXEC |
		    MFD_ALLOW_SEALING);
	(void)snprintf(s->path, sizeof(s->path), "/proc/%ld/fd/%d",
	    (long)getpid(), s->fd);
	if (s->fd >= 0 && fchmod(s->fd, 0600) == 0 &&
	    access(s->path, R_OK) == 0)
		return 0;
	if (s->fd >= 0)
		(void)close(s->fd);
	s->fd = -1;
	return -1;
}

static int
make_on_disk(struct os_secret *s, struct err *e)
{
	char *temp = os_temp_dir(e);
	int n;

	if (temp == NULL)
		return -1;
	n = snprintf(s->dir, sizeof(s->dir), "%s/pgdumpz.XXXXXX", temp);
	if (n < 0 || n >= (int)sizeof(s->dir) || mkdtemp(s->dir) == NULL) {
		s->dir[0] = '\0';
		os_fail(e, "cannot make a directory in '%s'", temp);
	} else {
		(void)snprintf(s->path, sizeof(s->path), "%s/secret", s->dir);
		s->fd = os_create(s->path, e);
	}
	free(temp);
	return s->fd >= 0 ? 0 : -1;
}

struct os_secret *
os_secret_new(const void *data, size_t size, struct err *e)
{
	struct os_secret *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		os_fail(e, "cannot keep a secret");
		return NULL;
	}
	s->fd = -1;
	if ((make_in_memory(s) != 0 && make_on_disk(s, e) != 0) ||
	    os_write(s->fd, data, size, e) != 0) {
		os_secret_free(s);
		return NULL;
	}
	if (s->dir[0] == '\0')
		(void)fcntl(s->fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW |
		    F_SEAL_SHRINK | F_SEAL_SEAL);
	return s;
}

const char *
os_secret_path(const struct os_secret *s)
{
	return s->path;
}

void
os_secret_free(struct os_secret *s)
{
	if (s == NULL)
		return;
	if (s->fd >= 0)
		(void)close(s->fd);
	if (s->dir[0] != '\0') {
		(void)unlink(s->path);
		(void)rmdir(s->dir);
	}
	free(s);
}
