/*
 * The backups of {name} in BACKUP_DIR.
 */
#include <stdlib.h>
#include <string.h>

#include "bkname.h"
#include "chore.h"
#include "os.h"
#include "own.h"

static int
compare_files(const void *a, const void *b)
{
	return strcmp(((const struct own_file *)a)->name,
	    ((const struct own_file *)b)->name);
}

static int
add_file(struct own *own, const char *name, uint64_t size)
{
	size_t cap = own->cap > 0 ? 2 * own->cap : 64;
	struct own_file *grown = own->files;

	if (own->len == own->cap) {
		grown = realloc(grown, cap * sizeof(*grown));
		if (grown == NULL)
			return err_set(&own->e, ERR_LOCAL, "no memory");
		own->files = grown;
		own->cap = cap;
	}
	if ((grown[own->len].name = strdup(name)) == NULL)
		return err_set(&own->e, ERR_LOCAL, "no memory");
	grown[own->len++].size = size;
	return 0;
}

/* An empty file is none. */
static int
look_at(const char *name, void *ctx)
{
	struct own *own = ctx;
	struct buf path = BUF_INIT(1 << 16);
	struct bkname parsed;
	struct os_stat st;
	int rc = 0;

	if (!bkname_parse(name, &parsed) || !bkname_is_of(&parsed, own->name))
		return 0;
	buf_printf(&path, "%s/%s", own->dir, name);
	if ((rc = buf_check(&path, "a path", &own->e)) == 0 &&
	    (rc = os_stat(path.data, &st, &own->e)) == 0 &&
	    st.kind == OS_FILE && st.size > 0)
		rc = add_file(own, name, st.size);
	buf_free(&path);
	return rc;
}

void
own_free(struct own *own)
{
	while (own->len > 0)
		free(own->files[--own->len].name);
	free(own->files);
}

int
own_list(const struct place *p, struct own *own, struct err *e)
{
	char *name = chore_text(p, "{name}", e);
	int rc;

	memset(own, 0, sizeof(*own));
	if (name == NULL)
		return -1;
	own->dir = chore_env("BACKUP_DIR");
	own->name = name;
	rc = os_list_dir(own->dir, look_at, own, e);
	free(name);
	own->name = NULL;
	if (rc != 0 && own->e.kind != ERR_NONE)
		*e = own->e;
	if (rc != 0)
		own_free(own);
	else if (own->len > 0)
		qsort(own->files, own->len, sizeof(*own->files),
		    compare_files);
	return rc;
}
