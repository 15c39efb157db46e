/*
 * A URL with a password in it, say. Like any secret it is wiped wherever it
 * has been.
 */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "mem.h"
#include "os.h"
#include "secretfile.h"

static int
check_line(const char *name, char *text, size_t len, struct err *e)
{
	if (len > SECRETFILE_MAX)
		return err_set(e, ERR_USAGE, "%s is too long", name);
	if (len > 0 && text[len - 1] == '\n')
		text[--len] = '\0';
	if (len > 0 && text[len - 1] == '\r')
		text[--len] = '\0';
	if (memchr(text, '\0', len) != NULL || strpbrk(text, "\r\n") != NULL)
		return err_set(e, ERR_USAGE, "%s is more than one line", name);
	return 0;
}

int
secretfile_read(const char *name, const char *path, char **value,
	struct err *e)
{
	char text[SECRETFILE_MAX + 2];
	struct err ignored;
	int fd = os_open_read(path, e), rc = -1;
	ssize_t n;

	*value = NULL;
	if (fd < 0)
		return err_context(e, "%s", name);
	n = os_read_full(fd, text, sizeof(text) - 1, e);
	(void)os_close(fd, &ignored);
	if (n >= 0) {
		text[n] = '\0';
		rc = check_line(name, text, (size_t)n, e);
	}
	if (rc == 0 && text[0] != '\0' &&
	    (*value = mem_dup(text, e)) == NULL)
		rc = -1;
	mem_wipe(text, sizeof(text));
	return rc;
}

int
secretfile_get(const char *name, char **value, struct err *e)
{
	struct buf file = BUF_INIT(128);
	const char *path, *text = getenv(name);
	int rc = 0;

	*value = NULL;
	buf_printf(&file, "%s_FILE", name);
	path = getenv(buf_text(&file));
	if (path != NULL && path[0] != '\0')
		rc = secretfile_read(buf_text(&file), path, value, e);
	else if (text != NULL && text[0] != '\0' &&
	    ((*value = mem_dup(text, e)) == NULL ||
	    check_line(name, *value, strlen(*value), e) != 0))
		rc = -1;
	if (rc != 0) {
		mem_free_secret(*value);
		*value = NULL;
	}
	buf_free(&file);
	return rc;
}
