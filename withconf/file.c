/*
 * What is in the file decides which commands run and where the data go, so it
 * must be nobody's but the operator's. It is its own lock: that needs no other
 * place, and a killed process leaves nothing behind.
 */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "file.h"
#include "os.h"

int
file_find(const char *asked, const char **path, struct err *e)
{
	struct os_stat st;

	*path = asked != NULL ? asked : getenv("PGDUMPZ_CONF");
	if (asked != NULL || (*path != NULL && (*path)[0] != '\0'))
		return 0;
	*path = NULL;
	if (os_stat(os_standard_config(), &st, e) != 0)
		return -1;
	if (st.kind != OS_MISSING)
		*path = os_standard_config();
	return 0;
}

static int
check_guarded(const char *path, int fd, struct err *e)
{
	struct os_stat st;

	if (os_fstat(fd, &st, e) != 0)
		return -1;
	if (st.kind != OS_FILE)
		return err_set(e, ERR_USAGE, "'%s' is not a regular file",
		    path);
	if (st.is_guarded)
		return 0;
	err_set(e, ERR_USAGE, "cannot trust '%s', which names commands to "
	    "run: others may write to it", path);
	return os_hint_guarded(e, path);
}

static int
parse(const char *path, int fd, struct conf *c, struct err *e)
{
	struct buf text = BUF_INIT(CONF_FILE_MAX);
	void *room = buf_room(&text, CONF_FILE_MAX);
	ssize_t n = room != NULL ? os_read_full(fd, room, CONF_FILE_MAX, e) :
	    0;
	int rc;

	if (room == NULL)
		rc = buf_check(&text, path, e);
	else if (n < 0)
		rc = -1;
	else if ((size_t)n == CONF_FILE_MAX)
		rc = err_set(e, ERR_USAGE, "'%s' is too long", path);
	else
		rc = conf_parse(c, path, room, (size_t)n, e);
	if (room != NULL)
		buf_filled(&text, n > 0 ? (size_t)n : 0);
	buf_free_secret(&text);
	return rc;
}

int
file_read(const char *path, struct conf *c, int *fd, struct err *e)
{
	if ((*fd = os_open_read(path, e)) < 0) {
		e->kind = ERR_USAGE;
		return -1;
	}
	if (check_guarded(path, *fd, e) != 0)
		return -1;
	return parse(path, *fd, c, e);
}

int
file_check_private(const char *path, int fd, struct err *e)
{
	struct os_stat st;

	if (os_fstat(fd, &st, e) != 0)
		return -1;
	if (st.is_private)
		return 0;
	err_set(e, ERR_USAGE, "cannot use '%s': it holds secrets, and others "
	    "may read it", path);
	return os_hint_private(e, path);
}

int
file_lock(const char *path, int *fd, const char *dir, struct err *e)
{
	struct buf name = BUF_INIT(4096);
	int rc;

	if (*fd < 0 && dir[0] == '\0')
		return 1;
	if (*fd >= 0)
		buf_puts(&name, path);
	else
		buf_printf(&name, "%s/%s", dir, FILE_LOCK);
	rc = buf_check(&name, "a path", e);
	if (rc == 0 && *fd < 0 && (*fd = os_open_lock(name.data, e)) < 0)
		rc = -1;
	if (rc == 0)
		rc = os_lock(*fd, e);
	if (rc == 0) {
		err_set(e, ERR_LOCAL, "another run holds the lock on '%s'",
		    buf_text(&name));
		os_hint_locked(e, buf_text(&name));
	}
	buf_free(&name);
	return rc;
}
