/*
 * The backup that is meant, which the driver knows as {found}, {place} and
 * {where}; the one that was asked for is {asked}.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bkname.h"
#include "chore.h"
#include "derive.h"
#include "found.h"
#include "listing.h"
#include "os.h"
#include "utc.h"

#define PATH_BYTES (1u << 16)
#define LIST_MAX ((size_t)256 << 20)
#define SCHEME "s3://"

const char *
found_base(const char *backup)
{
	const char *base = backup;

	for (; *backup != '\0'; backup++)
		if (*backup == '/' || *backup == '\\')
			base = backup + 1;
	return base;
}

bool
found_is_encrypted(const char *backup)
{
	static const char *const endings[] = { ".age", ".gpg", ".enc" };
	size_t len = strlen(backup), i;

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (len > 4 && strcmp(backup + len - 4, endings[i]) == 0)
			return true;
	return false;
}

static int
keep(const struct place *p, const char *name, const char *text, struct err *e)
{
	return place_write(p, name, text, strlen(text), e);
}

static int
keep_found(const struct place *p, bool is_remote, const char *where,
	struct err *e)
{
	if (keep(p, "found", found_base(where), e) != 0 ||
	    keep(p, "place", is_remote ? "remote" : "local", e) != 0)
		return -1;
	return keep(p, "where", where, e);
}

/* Append where a backup of that name lies. */
static int
put_where(bool is_remote, const char *name, struct buf *out, struct err *e)
{
	int rc = 0;

	if (is_remote)
		rc = derive_put("folder", chore_env("S3_BUCKET"), out, e);
	else
		buf_puts(out, chore_env("BACKUP_DIR"));
	buf_printf(out, "/%s", name);
	return rc == 0 ? buf_check(out, "a path", e) : rc;
}

static int
keep_there(const struct place *p, bool is_remote, const char *name,
	struct err *e)
{
	struct buf where = BUF_INIT(PATH_BYTES);
	int rc = put_where(is_remote, name, &where, e);

	if (rc == 0)
		rc = keep_found(p, is_remote, where.data, e);
	buf_free(&where);
	return rc;
}

/* -- of all that there are -------------------------------------------------- */

static bool
is_only(const char *place)
{
	return strcmp(chore_env("OPT_ONLY"), place) == 0;
}

/* What s3ls has printed, in {out}, and what is in BACKUP_DIR. */
static int
list(const struct place *p, struct listing *l, struct err *e)
{
	struct buf s3ls = BUF_INIT(LIST_MAX);
	char *label = chore_text(p, "{label}", e);
	const char *dir = chore_env("BACKUP_DIR");
	int rc = label != NULL ? place_read(p, "out", &s3ls, e) : -1;

	if (rc == 0)
		rc = listing_add_text(l, buf_text(&s3ls), label, e);
	if (rc == 0 && dir[0] != '\0' && !is_only("remote"))
		rc = listing_add_dir(l, dir, label, e);
	listing_sort(l);
	free(label);
	buf_free(&s3ls);
	return rc;
}

/* list: print them, out of {out} and BACKUP_DIR */
int
chore_list(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct listing l = LISTING_INIT;
	struct buf out = BUF_INIT(LIST_MAX);
	int rc = list(p, &l, e);

	(void)args;
	(void)nargs;
	if (rc == 0) {
		listing_print(&l, os_now(), &out);
		rc = buf_check(&out, "the list", e);
	}
	if (rc == 0)
		rc = os_write(1, buf_text(&out), out.len, e);
	listing_free(&l);
	buf_free(&out);
	return rc;
}

static int
tell_ahead(const struct place *p, const char *name, struct err *e)
{
	static char event[] = "backup.ahead", db[] = "db={db}";
	static char pair[] = "name={ahead}", level[] = "level=warn";
	static char reason[] = "reason=it is dated ahead of the clock, and "
		"passed over";
	char *args[] = { event, db, pair, level, reason };

	if (keep(p, "ahead", name, e) != 0)
		return -1;
	return chore_event(p, args, sizeof(args) / sizeof(args[0]), e);
}

/*
 * choose: keep the newest of them, before {limit} if there is one; exit status
 * 1 when there is none. One that is dated ahead of the clock is passed over.
 */
int
chore_choose(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct listing l = LISTING_INIT;
	const struct listing_item *item = NULL;
	char *limit = chore_text(p, "{limit}", e);
	size_t ahead = 0, i;
	int rc = limit != NULL ? list(p, &l, e) : -1;

	(void)args;
	(void)nargs;
	if (rc == 0)
		item = listing_choose(&l, limit, os_now(), &ahead);
	for (i = 0; rc == 0 && i < ahead; i++)
		rc = tell_ahead(p, l.items[i].name, e);
	if (rc == 0)
		rc = item != NULL ? keep_there(p, item->is_remote, item->name,
		    e) : 1;
	listing_free(&l);
	free(limit);
	return rc;
}

/* -- one that was asked for --------------------------------------------------- */

/*
 * asked: keep {asked}, if it is a path or a URI; exit status 1 when it is a
 * name, 2 when there is none
 */
int
chore_asked(const struct place *p, char **args, size_t nargs, struct err *e)
{
	char *asked = chore_text(p, "{asked}", e);
	bool is_uri = asked != NULL &&
	    strncmp(asked, SCHEME, strlen(SCHEME)) == 0;
	int rc = -1;

	(void)args;
	(void)nargs;
	if (asked == NULL)
		return -1;
	if (asked[0] == '\0')
		rc = 2;
	else if (!is_uri && found_base(asked) == asked)
		rc = 1;
	else
		rc = keep_found(p, is_uri, asked, e);
	free(asked);
	return rc;
}

static int
is_in_dir(const char *name, struct err *e)
{
	struct buf path = BUF_INIT(PATH_BYTES);
	struct os_stat st;
	int rc = put_where(false, name, &path, e);

	if (rc == 0)
		rc = os_stat(path.data, &st, e);
	buf_free(&path);
	return rc != 0 ? -1 : st.kind == OS_FILE;
}

/*
 * named local|remote: keep the backup of the name {asked}, if it is in
 * BACKUP_DIR, or in what s3ls has printed; exit status 1 otherwise
 */
int
chore_named(const struct place *p, char **args, size_t nargs, struct err *e)
{
	bool is_remote = strcmp(args[0], "remote") == 0;
	struct buf s3ls = BUF_INIT(LIST_MAX);
	char *asked = chore_text(p, "{asked}", e);
	int is_there = -1, rc = -1;

	(void)nargs;
	if (asked == NULL)
		return -1;
	if (!is_remote)
		is_there = is_in_dir(asked, e);
	else if (place_read(p, "out", &s3ls, e) == 0)
		is_there = listing_has_name(buf_text(&s3ls), asked);
	if (is_there == 1)
		rc = keep_there(p, is_remote, asked, e);
	else if (is_there == 0)
		rc = 1;
	buf_free(&s3ls);
	free(asked);
	return rc;
}

/* -- what is known of it ------------------------------------------------------- */

static bool
is_readable(const char *path)
{
	struct err ignored;
	struct os_stat st;
	int fd;

	if (os_stat(path, &st, &ignored) != 0 || st.kind != OS_FILE ||
	    (fd = os_open_read(path, &ignored)) < 0)
		return false;
	(void)os_close(fd, &ignored);
	return true;
}

/*
 * inspect: keep {stamp}, {age} in seconds and {encrypted}, as the name of the
 * one that is meant tells; exit status 1 when it is a file that can't be read
 */
int
chore_inspect(const struct place *p, char **args, size_t nargs, struct err *e)
{
	char *where = chore_text(p, "{where}", e), *place = NULL;
	char stamp[UTC_TEXT] = "", age[32] = "";
	struct bkname name;
	int rc = -1;

	(void)args;
	(void)nargs;
	if (where == NULL || (place = chore_text(p, "{place}", e)) == NULL)
		goto out;
	if (bkname_parse(found_base(where), &name)) {
		utc_format_name(stamp, name.time);
		(void)snprintf(age, sizeof(age), "%" PRId64, os_now() -
		    name.time);
	}
	if (keep(p, "stamp", stamp, e) == 0 && keep(p, "age", age, e) == 0 &&
	    keep(p, "encrypted", found_is_encrypted(where) ? "yes" : "",
	    e) == 0)
		rc = strcmp(place, "local") != 0 || is_readable(where) ? 0 : 1;
out:
	free(place);
	free(where);
	return rc;
}
