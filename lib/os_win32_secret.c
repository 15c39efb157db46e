/*
 * Windows has no files in memory. The nearest is a temporary one that only the
 * user, SYSTEM and Administrators may read, that Windows keeps in its cache as
 * long as there is memory, and that goes with its last handle, however we end.
 * A power cut can leave it behind.
 */
#include "os_win32_private.h"

#include <fcntl.h>
#include <stdlib.h>

struct os_secret {
	int fd;
	char *path;
};

struct os_secret *
os_secret_new(const void *data, size_t size, struct err *e)
{
	struct os_secret *s = calloc(1, sizeof(*s));
	HANDLE h;

	if (s == NULL) {
		os_fail(e, "cannot keep a secret");
		return NULL;
	}
	s->fd = -1;
	/* whoever opens it must leave others to write and to delete it */
	h = os_make_temp(FILE_SHARE_READ | FILE_SHARE_DELETE, &s->path, e);
	if (h == INVALID_HANDLE_VALUE ||
	    (s->fd = os_descriptor(h, _O_RDWR, e)) < 0 ||
	    os_write(s->fd, data, size, e) != 0) {
		os_secret_free(s);
		return NULL;
	}
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
	struct err ignored;

	if (s == NULL)
		return;
	(void)os_close(s->fd, &ignored);
	free(s->path);
	free(s);
}
