/*
 * Files on POSIX systems. While stop signals are caught, nothing here blocks
 * in a pipe for longer than it takes to notice one.
 */
#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os.h"
#include "os_private.h"

static void
fill_stat(struct os_stat *st, const struct stat *s)
{
	st->kind = S_ISREG(s->st_mode) ? OS_FILE :
	    S_ISDIR(s->st_mode) ? OS_DIR : OS_OTHER;
	st->size = s->st_size > 0 ? (uint64_t)s->st_size : 0;
	st->mtime = (int64_t)s->st_mtim.tv_sec;
	st->mtime_ns = (int64_t)s->st_mtim.tv_nsec;
	st->is_private = (s->st_mode & (S_IRWXG | S_IRWXO)) == 0;
	st->is_guarded = (s->st_uid == geteuid() || s->st_uid == 0) &&
	    (s->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* What stat() or lstat() said of path. */
static int
take_stat(const char *path, int rc, const struct stat *s, struct os_stat *st,
	struct err *e)
{
	memset(st, 0, sizeof(*st));
	if (rc == 0) {
		fill_stat(st, s);
		return 0;
	}
	if (errno == ENOENT || errno == ENOTDIR)
		return 0;
	return os_fail(e, "cannot look at '%s'", path);
}

int
os_stat(const char *path, struct os_stat *st, struct err *e)
{
	struct stat s;
	int rc = stat(path, &s);

	return take_stat(path, rc, &s, st, e);
}

int
os_lstat(const char *path, struct os_stat *st, struct err *e)
{
	struct stat s;
	int rc = lstat(path, &s);

	return take_stat(path, rc, &s, st, e);
}

int
os_fstat(int fd, struct os_stat *st, struct err *e)
{
	struct stat s;

	memset(st, 0, sizeof(*st));
	if (fstat(fd, &s) != 0)
		return os_fail(e, "cannot look at descriptor %d", fd);
	fill_stat(st, &s);
	return 0;
}

int
os_open_read(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd >= 0 ? fd : os_fail(e, "cannot open '%s'", path);
}

int
os_create(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return fd >= 0 ? fd : os_fail(e, "cannot make '%s'", path);
}

int
os_open_lock(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	return fd >= 0 ? fd : os_fail(e, "cannot open '%s'", path);
}

static const char *
temp_dir(void)
{
	const char *dir = getenv("TMPDIR");

	return dir != NULL && dir[0] != '\0' ? dir : "/tmp";
}

int
os_open_append(const char *path, struct err *e)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	return fd >= 0 ? fd : os_fail(e, "cannot open '%s'", path);
}

int
os_make_private(int fd, struct err *e)
{
	return fchmod(fd, 0600) == 0 ? 0 :
	    os_fail(e, "cannot change the rights of a file");
}

int
os_make_readable(int fd, struct err *e)
{
	if (fchmod(fd, 0644) == 0)
		return 0;
	return os_fail(e, "cannot change the rights of a file");
}

char *
os_temp_dir(struct err *e)
{
	char *dir = strdup(temp_dir());

	if (dir == NULL)
		(void)os_fail(e, "cannot name the temporary directory");
	return dir;
}

/* Never with a name, where the system can: we may be killed at any time. */
int
os_temp_file(struct err *e)
{
	char path[PATH_MAX];
	int fd = -1;

	if (snprintf(path, sizeof(path), "%s/pgdumpz.XXXXXX", temp_dir()) >=
	    (int)sizeof(path))
		return err_set(e, ERR_LOCAL, "TMPDIR is too long");
#ifdef O_TMPFILE
	fd = open(temp_dir(), O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
#endif
	if (fd < 0 && (fd = mkostemp(path, O_CLOEXEC)) >= 0)
		(void)unlink(path);
	return fd >= 0 ? fd : os_fail(e, "cannot make a temporary file in "
	    "'%s'", temp_dir());
}

ssize_t
os_read(int fd, void *out, size_t size, struct err *e)
{
	ssize_t n;

	do {
		if (os_catches_stop() && os_wait_for(fd, POLLIN, -1, e) != 0)
			return -1;
		n = read(fd, out, size);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return os_fail(e, "cannot read");
	return n;
}

ssize_t
os_read_within(int fd, void *out, size_t size, int64_t ms, struct err *e)
{
	int64_t end = os_monotonic_ms() + ms, left;
	struct pollfd p = { .fd = fd, .events = POLLIN };

	while ((left = end - os_monotonic_ms()) > 0) {
		if (os_wait_for(fd, POLLIN, left > 1000 ? 1000 : (int)left,
		    e) != 0)
			return -1;
		if (poll(&p, 1, 0) > 0)
			return os_read(fd, out, size, e);
	}
	return err_set(e, ERR_LOCAL, "no answer in time");
}

ssize_t
os_pread(int fd, void *out, size_t size, uint64_t at, struct err *e)
{
	size_t got = 0;
	ssize_t n;

	while (got < size) {
		n = pread(fd, (char *)out + got, size - got,
		    (off_t)(at + got));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return os_fail(e, "cannot read");
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

/*
 * A pipe that polls writable takes PIPE_BUF bytes without blocking, not more;
 * so while signals are caught a stuck reader can't hold us.
 */
static size_t
write_step(int fd, size_t size)
{
	struct stat s;

	if (!os_catches_stop() || size <= PIPE_BUF)
		return size;
	return fstat(fd, &s) == 0 && S_ISREG(s.st_mode) ? size : PIPE_BUF;
}

int
os_write(int fd, const void *data, size_t size, struct err *e)
{
	size_t step = write_step(fd, size), done = 0;
	ssize_t n;

	while (done < size) {
		if (os_catches_stop() && os_wait_for(fd, POLLOUT, -1, e) != 0)
			return -1;
		n = write(fd, (const char *)data + done,
		    size - done < step ? size - done : step);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return os_fail(e, "cannot write");
		done += (size_t)n;
	}
	return 0;
}

int
os_pwrite(int fd, const void *data, size_t size, uint64_t at, struct err *e)
{
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		n = pwrite(fd, (const char *)data + done, size - done,
		    (off_t)(at + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return os_fail(e, "cannot write");
		done += (size_t)n;
	}
	return 0;
}

int
os_rewind(int fd, struct err *e)
{
	if (lseek(fd, 0, SEEK_SET) == 0)
		return 0;
	return os_fail(e, "cannot go back to the beginning of a file");
}

int
os_tell(int fd, uint64_t *at, struct err *e)
{
	off_t now = lseek(fd, 0, SEEK_CUR);

	if (now < 0)
		return os_fail(e, "cannot tell how far a file was read");
	*at = (uint64_t)now;
	return 0;
}

int
os_truncate(int fd, uint64_t size, struct err *e)
{
	if (ftruncate(fd, (off_t)size) == 0)
		return 0;
	return os_fail(e, "cannot cut a file to %llu bytes",
	    (unsigned long long)size);
}

void
os_write_stderr(const void *data, size_t size)
{
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		n = write(STDERR_FILENO, (const char *)data + done,
		    size - done);
		if (n < 0 && errno != EINTR)
			return;
		done += n > 0 ? (size_t)n : 0;
	}
}

int
os_close(int fd, struct err *e)
{
	if (fd < 0 || close(fd) == 0 || errno == EINTR)
		return 0;
	return os_fail(e, "cannot close");
}

int
os_sync(int fd, struct err *e)
{
	if (fsync(fd) == 0 || errno == EINVAL || errno == EROFS)
		return 0;	/* a pipe or terminal has nothing to sync */
	return os_fail(e, "cannot sync");
}

int
os_sync_dir(const char *dir, struct err *e)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd < 0)
		return os_fail(e, "cannot open directory '%s'", dir);
	rc = os_sync(fd, e);
	(void)close(fd);
	return rc;
}

int
os_rename(const char *from, const char *to, struct err *e)
{
	if (rename(from, to) == 0)
		return 0;
	return os_fail(e, "cannot rename '%s' to '%s'", from, to);
}

int
os_unlink(const char *path, struct err *e)
{
	if (unlink(path) == 0 || errno == ENOENT)
		return 0;
	return os_fail(e, "cannot delete '%s'", path);
}

int
os_is_same_file(int fd, const char *path, struct err *e)
{
	struct stat open_one, named;

	if (fstat(fd, &open_one) != 0)
		return os_fail(e, "cannot look at '%s'", path);
	if (stat(path, &named) != 0)
		return errno == ENOENT ? 0 :
		    os_fail(e, "cannot look at '%s'", path);
	return open_one.st_dev == named.st_dev &&
	    open_one.st_ino == named.st_ino;
}

int
os_lock(int fd, struct err *e)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 1;
	if (errno == EWOULDBLOCK)
		return 0;
	return os_fail(e, "cannot lock");
}

int
os_list_dir(const char *dir, int (*each)(const char *name, void *ctx),
	void *ctx, struct err *e)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	int rc = 0;

	if (d == NULL)
		return os_fail(e, "cannot list '%s'", dir);
	while (rc == 0) {
		errno = 0;
		if ((entry = readdir(d)) == NULL) {
			if (errno != 0)
				rc = os_fail(e, "cannot list '%s'", dir);
			break;
		}
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			rc = each(entry->d_name, ctx);
	}
	(void)closedir(d);
	return rc;
}
