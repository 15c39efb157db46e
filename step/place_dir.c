/*
 * The directory itself: made, removed, and looked for when its run was killed.
 */
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "place.h"

#define PATH_BYTES 8192
#define OWNER "owner"
#define TOKEN "token"

static int
remove_file(const char *name, void *ctx)
{
	struct buf path = BUF_INIT(PATH_BYTES);

	buf_printf(&path, "%s/%s", (const char *)ctx, name);
	if (!path.failed)
		(void)os_unlink(path.data, &(struct err)ERR_INIT);
	buf_free(&path);
	return 0;
}

static int
remove_dir(const char *dir, struct err *e)
{
	if (os_list_dir(dir, remove_file, (void *)(uintptr_t)dir, e) != 0)
		return -1;
	return os_remove_dir(dir, e);
}

int
place_remove(const struct place *p, struct err *e)
{
	return remove_dir(p->dir, e);
}

/* Is it a directory of ours whose owner is gone? */
static bool
is_orphan(const char *dir)
{
	struct buf path = BUF_INIT(PATH_BYTES), owner = BUF_INIT(PATH_BYTES);
	struct err ignored = ERR_INIT;
	struct os_stat st;
	bool gone = false;

	buf_printf(&path, "%s/" OWNER, dir);
	if (!path.failed && os_lstat(dir, &st, &ignored) == 0 &&
	    st.kind == OS_DIR && st.is_guarded &&
	    place_read_path(path.data, &owner, &ignored) == 0 && owner.len > 0)
		gone = os_stat(owner.data, &st, &ignored) == 0 &&
		    st.kind == OS_MISSING;
	buf_free(&path);
	buf_free(&owner);
	return gone;
}

/* Call each() for the directory of every killed run, until it returns 1. */
struct search {
	const char *temp, *driver, *token;
	int (*each)(const char *dir, const char *run, struct search *s);
	struct place *found;
};

static int
look_at(const char *name, void *ctx)
{
	struct search *s = ctx;
	size_t n = strlen(s->driver);
	struct buf dir = BUF_INIT(PATH_BYTES);
	int rc = 0;

	if (strncmp(name, s->driver, n) == 0 && name[n] == '.') {
		buf_printf(&dir, "%s/%s", s->temp, name);
		if (!dir.failed && is_orphan(dir.data))
			rc = s->each(dir.data, name + n + 1, s);
		buf_free(&dir);
	}
	return rc;
}

static int
remove_one(const char *dir, const char *run, struct search *s)
{
	(void)run;
	(void)s;
	(void)remove_dir(dir, &(struct err)ERR_INIT);
	return 0;
}

void
place_remove_orphans(const struct place *p, const char *driver)
{
	struct search s = { .temp = p->temp, .driver = driver,
		.each = remove_one };

	(void)os_list_dir(p->temp, look_at, &s, &(struct err)ERR_INIT);
}

static int
compare_token(const char *dir, const char *run, struct search *s)
{
	struct buf token = BUF_INIT(PATH_BYTES);
	struct err ignored = ERR_INIT;
	int rc = 0;

	(void)dir;
	if (place_open(s->found, s->driver, run, &ignored) == 0 &&
	    place_read(s->found, TOKEN, &token, &ignored) == 0 &&
	    strcmp(buf_text(&token), s->token) == 0)
		rc = 1;
	else
		place_close(s->found);
	buf_free(&token);
	return rc;
}

int
place_find_orphan(struct place *p, const char *driver, const char *token,
	struct err *e)
{
	struct search s = { .driver = driver, .token = token,
		.each = compare_token, .found = p };
	char *temp = os_temp_dir(e);
	int rc = 0;

	s.temp = temp;
	if (temp != NULL && token[0] != '\0')
		rc = os_list_dir(temp, look_at, &s, e);
	free(temp);
	return rc == 1;
}

int
place_make(const struct place *p, const char *owner, struct err *e)
{
	if (os_make_dir(p->dir, e) != 0)
		return -1;
	return place_write(p, OWNER, owner, strlen(owner), e);
}
