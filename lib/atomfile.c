/*
 * The lock tells a file that is being written from one that a killed writer
 * left: the first must not be touched, the second is swept or taken over.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "atomfile.h"
#include "buf.h"
#include "mem.h"
#include "os.h"

#define PATH_BYTES_MAX (64 * 1024)

struct atomfile {
	char *path;
	char *partial;
	char *dir;
	int fd;
	bool owned;	/* partial is ours to remove */
};

/* The directory part of path, "." when there is none; to free. */
static char *
dir_of(const char *path, struct err *e)
{
	size_t len = (size_t)(os_base_name(path) - path);

	return len == 0 ? mem_dup(".", e) : mem_dup_len(path, len, e);
}

static int
name_files(struct atomfile *f, const char *path, struct err *e)
{
	struct buf b = BUF_INIT(PATH_BYTES_MAX);
	int rc;

	buf_puts(&b, path);
	buf_puts(&b, ATOMFILE_SUFFIX);
	rc = buf_check(&b, "a path", e);
	if (rc == 0 && ((f->path = mem_dup(path, e)) == NULL ||
	    (f->partial = mem_dup(b.data, e)) == NULL ||
	    (f->dir = dir_of(path, e)) == NULL))
		rc = -1;
	buf_free(&b);
	return rc;
}

/*
 * Lock the partial file and make sure that it still is the one of that name:
 * another writer may have renamed or removed it between open and lock.
 */
static int
lock_partial(struct atomfile *f, struct err *e)
{
	int locked, same;

	for (;;) {
		if ((f->fd = os_open_lock(f->partial, e)) < 0)
			return -1;
		locked = os_lock(f->fd, e);
		if (locked < 0)
			return -1;
		if (locked == 0) {
			err_set(e, ERR_LOCAL, "'%s' is being written by "
			    "another process", f->partial);
			return err_hint(e, "wait for it, or use another name");
		}
		if ((same = os_is_same_file(f->fd, f->partial, e)) < 0)
			return -1;
		if (same == 1)
			return 0;
		(void)os_close(f->fd, e);
		f->fd = -1;
	}
}

struct atomfile *
atomfile_begin(const char *path, struct err *e)
{
	struct atomfile *f = mem_new(1, sizeof(*f), e);
	struct os_stat st;

	if (f == NULL)
		return NULL;
	f->fd = -1;
	if (name_files(f, path, e) != 0 || os_stat(path, &st, e) != 0)
		goto fail;
	if (st.kind != OS_MISSING && st.kind != OS_FILE) {
		err_set(e, ERR_LOCAL, "cannot write '%s': it is not a file",
		    path);
		goto fail;
	}
	if (lock_partial(f, e) != 0)
		goto fail;
	f->owned = true;
	if (os_truncate(f->fd, 0, e) != 0 || os_make_private(f->fd, e) != 0)
		goto fail;
	return f;
fail:
	atomfile_free(f);
	return NULL;
}

int
atomfile_fd(const struct atomfile *f)
{
	return f->fd;
}

int
atomfile_commit(struct atomfile *f, struct err *e)
{
	int fd = f->fd;

	if (os_sync(fd, e) != 0)
		return err_context(e, "'%s'", f->partial);
	/* renamed while locked, so that no other writer comes between */
	if (os_rename(f->partial, f->path, e) != 0)
		return -1;
	f->owned = false;
	f->fd = -1;
	if (os_close(fd, e) != 0)
		return err_context(e, "'%s'", f->path);
	return os_sync_dir(f->dir, e);
}

void
atomfile_free(struct atomfile *f)
{
	struct err ignored;

	if (f == NULL)
		return;
	if (f->owned)
		(void)os_unlink(f->partial, &ignored);
	(void)os_close(f->fd, &ignored);
	free(f->path);
	free(f->partial);
	free(f->dir);
	free(f);
}
