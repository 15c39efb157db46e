/*
 * What the bucket has, what its rules would delete, and so which backups in
 * BACKUP_DIR it lacks.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bkname.h"
#include "chore.h"
#include "names.h"
#include "own.h"
#include "words.h"

#define LIST_MAX PLACE_FILE_MAX

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
	struct buf remote, expired, pending, plain, spare;
	char *base;
	bool is_encrypting;
};

static bool
is_plain(const char *name)
{
	struct bkname b;

	return bkname_parse(name, &b) && !b.encrypted;
}

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
	if (l->is_encrypting && is_plain(file->name))
		buf_printf(&l->plain, "%s\n", file->name);
	buf_free(&line);
}

static int
write_list(const struct place *p, const char *name, const struct buf *list,
	struct err *e)
{
	if (buf_check(list, "a list", e) != 0)
		return -1;
	return place_write(p, name, buf_text(list), list->len, e);
}

/*
 * sort: of the backups in BACKUP_DIR, {spare} gets the paths of those that
 * are {remote} or {expired}, {pending} the names of the others but {base},
 * {plain} the names of those that ENCRYPT_CMD should have encrypted
 */
int
chore_sort(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct lists l = { BUF_INIT(LIST_MAX), BUF_INIT(LIST_MAX),
		BUF_INIT(LIST_MAX), BUF_INIT(LIST_MAX), BUF_INIT(LIST_MAX),
		chore_text(p, "{base}", e),
		names_suffix(chore_env("ENCRYPT_CMD"))[0] != '\0' };
	struct own own = { .len = 0 };
	int rc = -1;
	size_t i;

	(void)args;
	(void)nargs;
	if (l.base == NULL || place_read(p, "remote", &l.remote, e) != 0 ||
	    place_read(p, "expired", &l.expired, e) != 0 ||
	    own_list(p, &own, e) != 0)
		goto out;
	for (i = 0; i < own.len; i++)
		sort_file(&l, chore_env("BACKUP_DIR"), &own.files[i]);
	if (write_list(p, "spare", &l.spare, e) == 0 &&
	    write_list(p, "plain", &l.plain, e) == 0)
		rc = write_list(p, "pending", &l.pending, e);
	own_free(&own);
out:
	free(l.base);
	buf_free(&l.remote);
	buf_free(&l.expired);
	buf_free(&l.pending);
	buf_free(&l.plain);
	buf_free(&l.spare);
	return rc;
}
