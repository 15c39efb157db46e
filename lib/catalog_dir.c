/*
 * A directory. Symbolic links are not followed: what they point to is not in
 * it, and whatever is not a regular file is no backup.
 */
#include <string.h>

#include "atomfile.h"
#include "catalog_private.h"
#include "os.h"

#define PATH_BYTES_MAX (64 * 1024)

struct visit {
	struct catalog *c;
	const char *name;	/* NULL: every NAME */
	uint32_t folder;
	struct buf path;	/* of the directory, then of a file */
	size_t skip;
	struct err *e;
};

/* Look at a file of that name: 1 a regular one, 0 not, -1 error. */
static int
look_at(struct visit *v, const char *text, struct os_stat *st)
{
	v->path.len = v->skip;
	buf_puts(&v->path, text);
	if (buf_check(&v->path, "a path", v->e) != 0 ||
	    os_lstat(buf_text(&v->path), st, v->e) != 0)
		return -1;
	return st->kind == OS_FILE;
}

static bool
is_wanted(const struct visit *v, const char *text, struct bkname *b)
{
	return bkname_parse(text, b) &&
	    (v->name == NULL || bkname_is_of_database(b, v->name));
}

/* Is text the name of a backup in the making? */
static bool
is_wanted_partial(const struct visit *v, const char *text)
{
	size_t len = strlen(text), cut = strlen(ATOMFILE_SUFFIX);
	char whole[512];
	struct bkname b;

	if (len <= cut || len - cut >= sizeof(whole) ||
	    strcmp(text + len - cut, ATOMFILE_SUFFIX) != 0)
		return false;
	memcpy(whole, text, len - cut);
	whole[len - cut] = '\0';
	return is_wanted(v, whole, &b);
}

static int
on_file(const char *text, void *ctx)
{
	struct visit *v = ctx;
	struct catalog_entry *entry;
	struct os_stat st;
	struct bkname b;
	bool wanted = is_wanted(v, text, &b);
	int rc;

	if (!wanted && !is_wanted_partial(v, text))
		return 0;
	if ((rc = look_at(v, text, &st)) <= 0)
		return rc;
	if (!wanted)
		return catalog_add_leftover(v->c, v->folder, text, st.mtime,
		    NULL, v->e);
	if ((entry = catalog_add(v->c, v->folder, text, &b, v->e)) == NULL)
		return -1;
	entry->size = st.size;
	return 0;
}

int
catalog_add_dir(struct catalog *c, const char *dir, const char *name,
	struct err *e)
{
	struct visit v = { c, name, 0, BUF_INIT(PATH_BYTES_MAX), 0, e };
	int rc = -1;

	if (dir[0] == '\0')
		return err_set(e, ERR_USAGE, "the directory's name is empty");
	buf_puts(&v.path, dir);
	if (os_base_name(dir)[0] != '\0')
		buf_putc(&v.path, '/');
	v.skip = v.path.len;
	if (buf_check(&v.path, "a path", e) == 0 &&
	    catalog_find_folder(c, NULL, buf_text(&v.path), &v.folder, e) == 0)
		rc = os_list_dir(dir, on_file, &v, e);
	buf_free(&v.path);
	return rc;
}
