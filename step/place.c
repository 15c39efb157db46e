/*
 * A driver in a poor shell can't make a directory with a name by chance and
 * remember it; the name of the run is one by chance already.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "os.h"
#include "place.h"
#include "words.h"

#define PATH_BYTES 8192

static bool
is_plain(const char *word)
{
	return word != NULL && word[0] != '\0' && word[0] != '.' &&
	    word[0] != '-' && word[strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789._-")] == '\0';
}

int
place_open(struct place *p, const char *driver, const char *run,
	struct err *e)
{
	struct buf path = BUF_INIT(PATH_BYTES);
	int rc = -1;

	if (!is_plain(driver) || !is_plain(run)) {
		err_set(e, ERR_USAGE, "there is no run to be part of");
		return err_hint(e, "this is for drivers: see step(1)");
	}
	if ((p->temp = os_temp_dir(e)) == NULL)
		return -1;
	buf_printf(&path, "%s/%s.%s", p->temp, driver, run);
	if (buf_check(&path, "a path", e) == 0 &&
	    (p->dir = mem_dup(path.data, e)) != NULL)
		rc = 0;
	buf_free(&path);
	return rc;
}

void
place_close(struct place *p)
{
	free(p->temp);
	free(p->dir);
	p->temp = p->dir = NULL;
}

/* -- files ------------------------------------------------------------- */

bool
place_is_name(const char *name, size_t len)
{
	size_t i;

	if (len == 0 || name[0] < 'a' || name[0] > 'z')
		return false;
	for (i = 1; i < len; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789_",
		    name[i]) == NULL)
			return false;
	return true;
}

int
place_put_path(const struct place *p, const char *name, struct buf *out,
	struct err *e)
{
	if (!place_is_name(name, strlen(name)))
		return err_set(e, ERR_USAGE, "'%s' is no variable's name",
		    name);
	buf_printf(out, "%s/%s", p->dir, name);
	return buf_check(out, "a path", e);
}

static int
read_all(int fd, struct buf *out, struct err *e)
{
	char block[16 * 1024];
	ssize_t n;

	while ((n = os_read(fd, block, sizeof(block), e)) > 0)
		buf_put(out, block, (size_t)n);
	return n < 0 ? -1 : buf_check(out, "a run's file", e);
}

int
place_read_path(const char *path, struct buf *out, struct err *e)
{
	struct os_stat st;
	int fd, rc;

	if (os_lstat(path, &st, e) != 0)
		return -1;
	if (st.kind == OS_MISSING)
		return 0;
	if ((fd = os_open_read(path, e)) < 0)
		return -1;
	rc = read_all(fd, out, e);
	(void)os_close(fd, &(struct err)ERR_INIT);
	return rc;
}

int
place_read(const struct place *p, const char *name, struct buf *out,
	struct err *e)
{
	struct buf path = BUF_INIT(PATH_BYTES);
	int rc = place_put_path(p, name, &path, e);

	if (rc == 0)
		rc = place_read_path(path.data, out, e);
	buf_free(&path);
	return rc;
}

int
place_open_file(const struct place *p, const char *name, bool append,
	struct err *e)
{
	struct buf path = BUF_INIT(PATH_BYTES);
	int fd = -1;

	if (place_put_path(p, name, &path, e) == 0)
		fd = append ? os_open_append(path.data, e) :
		    os_open_lock(path.data, e);
	if (fd >= 0 && !append && os_truncate(fd, 0, e) != 0) {
		(void)os_close(fd, &(struct err)ERR_INIT);
		fd = -1;
	}
	buf_free(&path);
	return fd;
}

static int
put(const struct place *p, const char *name, bool append,
	const struct buf *text, struct err *e)
{
	int fd = place_open_file(p, name, append, e), rc;
	struct err ignored;

	if (fd < 0)
		return -1;
	rc = os_write(fd, buf_text(text), text->len, e);
	if (os_close(fd, rc == 0 ? e : &ignored) != 0)
		rc = -1;
	return rc;
}

int
place_write(const struct place *p, const char *name, const char *text,
	size_t len, struct err *e)
{
	struct buf b = BUF_INIT(PLACE_FILE_MAX);
	int rc;

	buf_put(&b, text, len);
	rc = buf_check(&b, "a run's file", e);
	if (rc == 0)
		rc = put(p, name, false, &b, e);
	buf_free(&b);
	return rc;
}

int
place_add_line(const struct place *p, const char *name, const char *text,
	struct err *e)
{
	struct buf b = BUF_INIT(PLACE_FILE_MAX);
	int rc;

	buf_printf(&b, "%s\n", text);
	rc = buf_check(&b, "a run's file", e);
	if (rc == 0)
		rc = put(p, name, true, &b, e);
	buf_free(&b);
	return rc;
}

int
place_say(const struct place *p, const struct err *why, struct err *e)
{
	struct buf b = BUF_INIT(PLACE_FILE_MAX);
	int rc;

	words_put_error(&b, why);
	rc = buf_check(&b, "a run's file", e);
	if (rc == 0)
		rc = put(p, "said", true, &b, e);
	buf_free(&b);
	return rc;
}

int
place_has_line(const struct place *p, const char *name, const char *line,
	struct err *e)
{
	struct buf text = BUF_INIT(PLACE_FILE_MAX);
	int rc = place_read(p, name, &text, e);

	if (rc == 0)
		rc = words_has_line(buf_text(&text), line);
	buf_free(&text);
	return rc;
}
