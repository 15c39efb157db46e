/*
 * The backups of {name}: those in BACKUP_DIR, those in the bucket, and which
 * of the former the latter lacks.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bkname.h"
#include "chore.h"
#include "num.h"
#include "os.h"
#include "words.h"

#define LIST_MAX PLACE_FILE_MAX

/* -- what is here -------------------------------------------------------- */

/* Files by their names, sizes beside them; sorted, the newest is the last. */
struct own {
	const char *dir, *name;
	struct own_file {
		char *name;
		uint64_t size;
	} *files;
	size_t len, cap;
	struct err e;
};

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

static void
free_own(struct own *own)
{
	while (own->len > 0)
		free(own->files[--own->len].name);
	free(own->files);
}

static int
list_own(const struct place *p, struct own *own, struct err *e)
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
		free_own(own);
	else if (own->len > 0)
		qsort(own->files, own->len, sizeof(*own->files),
		    compare_files);
	return rc;
}

/* -- room ------------------------------------------------------------------ */

/* folder TEXT: 0 it can be written to, 1 there is none, 2 it can't */
int
chore_folder(const struct place *p, char **args, size_t nargs, struct err *e)
{
	char *path = chore_text(p, args[0], e);
	struct buf probe = BUF_INIT(1 << 16);
	struct err why = ERR_INIT;
	struct os_stat st;
	int rc = -1, fd = -1;

	(void)nargs;
	if (path == NULL || os_stat(path, &st, e) != 0)
		goto out;
	rc = 1;
	if (st.kind != OS_DIR)
		goto out;
	buf_printf(&probe, "%s/.pgdumpz-%s.partial", path,
	    chore_env("RUN_ID"));
	if ((rc = buf_check(&probe, "a path", e)) != 0)
		goto out;
	rc = 2;
	if ((fd = os_create(probe.data, &why)) >= 0) {
		(void)os_close(fd, &why);
		rc = os_unlink(probe.data, e);
	}
out:
	free(path);
	buf_free(&probe);
	return rc;
}

/* newest: add the size of the newest backup of {name} to {sizes} */
int
chore_newest(const struct place *p, char **args, size_t nargs, struct err *e)
{
	char text[32];
	struct own own;
	int rc;

	(void)args;
	(void)nargs;
	if (list_own(p, &own, e) != 0)
		return -1;
	(void)snprintf(text, sizeof(text), "%" PRIu64,
	    own.len > 0 ? own.files[own.len - 1].size : 0);
	rc = place_add_line(p, "sizes", text, e);
	free_own(&own);
	return rc;
}

static int
keep_number(const struct place *p, const char *name, uint64_t number,
	struct err *e)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%" PRIu64, number);

	return place_write(p, name, text, (size_t)n, e);
}

/*
 * room: keep {kib}, what is free in BACKUP_DIR, and {needed_kib}, what {sizes}
 * and nearly a third more are; 1 when that is more
 */
int
chore_room(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct buf sizes = BUF_INIT(LIST_MAX);
	const char *next, *line;
	uint64_t needed = 0, bytes = 0, size;
	size_t len;
	int rc = place_read(p, "sizes", &sizes, e);

	(void)args;
	(void)nargs;
	next = buf_text(&sizes);
	while (rc == 0 && words_next(&next, &line, &len))
		if (num_parse_u64_len(line, len, &size) == 0)
			needed += size;
	needed = (needed + needed / 10 * 3) / 1024;
	if (rc == 0 &&
	    os_free_bytes(chore_env("BACKUP_DIR"), &bytes, e) == 0 &&
	    keep_number(p, "kib", bytes / 1024, e) == 0 &&
	    keep_number(p, "needed_kib", needed, e) == 0)
		rc = bytes / 1024 > needed ? 0 : 1;
	else
		rc = -1;
	buf_free(&sizes);
	return rc;
}

/* -- what is there ---------------------------------------------------------- */

/* The n-th word of a line, from 1. */
static void
put_word(struct buf *out, const char *line, size_t len, size_t n)
{
	const char *end = line + len, *p = line, *word = line;

	while (n-- > 0) {
		while (p < end && *p == ' ')
			p++;
		for (word = p; p < end && *p != ' ';)
			p++;
	}
	buf_put(out, word, (size_t)(p - word));
}

/* remote: make {remote}, "SIZE NAME" lines, of what s3ls has put in {out} */
int
chore_remote(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct buf out = BUF_INIT(LIST_MAX), list = BUF_INIT(LIST_MAX);
	int rc = place_read(p, "out", &out, e);
	const char *next = buf_text(&out), *line;
	size_t len;

	(void)args;
	(void)nargs;
	while (words_next(&next, &line, &len)) {
		put_word(&list, line, len, 3);
		buf_putc(&list, ' ');
		put_word(&list, line, len, 4);
		buf_putc(&list, '\n');
	}
	if (rc == 0)
		rc = buf_check(&list, "a list", e);
	if (rc == 0)
		rc = place_write(p, "remote", buf_text(&list), list.len, e);
	buf_free(&out);
	buf_free(&list);
	return rc;
}

/* expired: make {expired} of what keeplocal would delete, in {out} */
int
chore_expired(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct buf out = BUF_INIT(LIST_MAX), list = BUF_INIT(LIST_MAX);
	int rc = place_read(p, "out", &out, e);
	const char *next = buf_text(&out), *line, *end;
	size_t len;

	(void)args;
	(void)nargs;
	while (words_next(&next, &line, &len)) {
		if (len < 7 || memcmp(line, "delete\t", 7) != 0 ||
		    (end = memchr(line + 7, '\t', len - 7)) == NULL)
			continue;
		buf_put(&list, line + 7, (size_t)(end - line - 7));
		buf_putc(&list, '\n');
	}
	if (rc == 0)
		rc = buf_check(&list, "a list", e);
	if (rc == 0)
		rc = place_write(p, "expired", buf_text(&list), list.len, e);
	buf_free(&out);
	buf_free(&list);
	return rc;
}

/* -- compared ---------------------------------------------------------------- */

struct lists {
	struct buf remote, expired, pending, spare;
	char *base;
};

/* A size that differs is another file. */
static void
sort_file(struct lists *l, const char *dir, const struct own_file *file)
{
	struct buf line = BUF_INIT(1 << 16);
	bool is_remote, is_expired;

	buf_printf(&line, "%" PRIu64 " %s", file->size, file->name);
	is_remote = words_has_line(buf_text(&l->remote), buf_text(&line));
	is_expired = words_has_line(buf_text(&l->expired), file->name);
	if (is_remote || is_expired)
		buf_printf(&l->spare, "%s/%s\n", dir, file->name);
	else if (strcmp(file->name, l->base) != 0)
		buf_printf(&l->pending, "%s\n", file->name);
	buf_free(&line);
}

static int
write_lists(const struct place *p, const struct lists *l, struct err *e)
{
	if (buf_check(&l->spare, "a list", e) != 0 ||
	    buf_check(&l->pending, "a list", e) != 0)
		return -1;
	if (place_write(p, "spare", buf_text(&l->spare), l->spare.len,
	    e) != 0)
		return -1;
	return place_write(p, "pending", buf_text(&l->pending),
	    l->pending.len, e);
}

/*
 * sort: of the backups in BACKUP_DIR, {spare} gets the paths of those that
 * are {remote} or {expired}, {pending} the names of the others but {base}
 */
int
chore_sort(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct lists l = { BUF_INIT(LIST_MAX), BUF_INIT(LIST_MAX),
		BUF_INIT(LIST_MAX), BUF_INIT(LIST_MAX),
		chore_text(p, "{base}", e) };
	struct own own = { .len = 0 };
	int rc = -1;
	size_t i;

	(void)args;
	(void)nargs;
	if (l.base == NULL || place_read(p, "remote", &l.remote, e) != 0 ||
	    place_read(p, "expired", &l.expired, e) != 0 ||
	    list_own(p, &own, e) != 0)
		goto out;
	for (i = 0; i < own.len; i++)
		sort_file(&l, chore_env("BACKUP_DIR"), &own.files[i]);
	rc = write_lists(p, &l, e);
	free_own(&own);
out:
	free(l.base);
	buf_free(&l.remote);
	buf_free(&l.expired);
	buf_free(&l.pending);
	buf_free(&l.spare);
	return rc;
}
