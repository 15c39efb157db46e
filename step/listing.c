/*
 * A copy here and one there are the same backup, and the nearer one is the
 * faster; which is newest is told by the dates in their names alone.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bkname.h"
#include "listing.h"
#include "num.h"
#include "os.h"
#include "utc.h"

#define ITEMS_MAX 1000000	/* more is no folder of backups */
#define PATH_MAX_BYTES 32768
#define LINE_MAX_BYTES 4096

/* Append it, if it is a backup of label and not empty. */
static int
add(struct listing *l, const char *name, const char *label,
	const struct listing_item *of, struct err *e)
{
	struct bkname parsed;
	struct listing_item *more;

	if (of->size == 0 || !bkname_parse(name, &parsed) ||
	    !bkname_is_of_database(&parsed, label))
		return 0;
	if (l->len == ITEMS_MAX)
		return err_set(e, ERR_LOCAL, "cannot list more than %d "
		    "backups", ITEMS_MAX);
	more = realloc(l->items, (l->len + 1) * sizeof(*more));
	if (more == NULL)
		return err_set(e, ERR_LOCAL, "out of memory");
	l->items = more;
	more[l->len] = *of;
	more[l->len].time = parsed.time;
	if ((more[l->len].name = strdup(name)) == NULL)
		return err_set(e, ERR_LOCAL, "out of memory");
	l->len++;
	return 0;
}

/* -- a directory ---------------------------------------------------------- */

struct directory {
	struct listing *to;
	const char *dir, *label;
	struct err *e;
};

static int
add_file(const char *name, void *ctx)
{
	struct directory *d = ctx;
	struct listing_item item = { NULL, 0, 0, false };
	struct buf path = BUF_INIT(PATH_MAX_BYTES);
	struct os_stat st = { .kind = OS_MISSING };
	int rc;

	buf_printf(&path, "%s/%s", d->dir, name);
	rc = buf_check(&path, "a path", d->e);
	if (rc == 0)
		rc = os_stat(path.data, &st, d->e);
	buf_free(&path);
	if (rc != 0 || st.kind != OS_FILE)
		return rc;
	item.size = st.size;
	return add(d->to, name, d->label, &item, d->e);
}

int
listing_add_dir(struct listing *l, const char *dir, const char *label,
	struct err *e)
{
	struct directory d = { l, dir, label, e };
	struct os_stat st;

	if (os_stat(dir, &st, e) != 0)
		return -1;
	return st.kind == OS_DIR ? os_list_dir(dir, add_file, &d, e) : 0;
}

/* -- s3ls ------------------------------------------------------------------- */

/* The nth word of a line, from 0; NULL: there is none. */
static const char *
word(const char *line, size_t n, size_t *len)
{
	for (;; n--) {
		line += strspn(line, " ");
		*len = strcspn(line, " \r\n");
		if (*len == 0 || n == 0)
			return *len > 0 ? line : NULL;
		line += *len;
	}
}

/* "DATE TIME SIZE NAME": names of backups have no blanks. */
static int
add_line(struct listing *l, const char *line, const char *label,
	struct err *e)
{
	struct listing_item item = { NULL, 0, 0, true };
	size_t size_len, name_len;
	const char *size = word(line, 2, &size_len);
	const char *name = word(line, 3, &name_len);
	char text[LINE_MAX_BYTES];

	if (name == NULL || name_len >= sizeof(text) ||
	    num_parse_u64_len(size, size_len, &item.size) != 0)
		return 0;	/* a folder */
	memcpy(text, name, name_len);
	text[name_len] = '\0';
	return add(l, text, label, &item, e);
}

int
listing_add_text(struct listing *l, const char *text, const char *label,
	struct err *e)
{
	for (; *text != '\0'; text += strcspn(text, "\n"), text += *text != '\0')
		if (add_line(l, text, label, e) != 0)
			return -1;
	return 0;
}

bool
listing_has_name(const char *text, const char *name)
{
	const char *found;
	size_t len;

	for (; *text != '\0'; text += strcspn(text, "\n"),
	    text += *text != '\0') {
		found = word(text, 3, &len);
		if (found != NULL && len == strlen(name) &&
		    memcmp(found, name, len) == 0)
			return true;
	}
	return false;
}

/* -- all of them -------------------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
	const struct listing_item *x = a, *y = b;

	if (x->time != y->time)
		return x->time > y->time ? -1 : 1;
	if (x->is_remote != y->is_remote)
		return x->is_remote ? 1 : -1;
	return strcmp(x->name, y->name);
}

void
listing_sort(struct listing *l)
{
	if (l->len > 0)
		qsort(l->items, l->len, sizeof(*l->items), compare);
}

const struct listing_item *
listing_choose(const struct listing *l, const char *limit, int64_t now,
	size_t *ahead)
{
	char stamp[UTC_TEXT];
	size_t i;

	for (*ahead = 0; *ahead < l->len; (*ahead)++)
		if (l->items[*ahead].time <= now + LISTING_AHEAD_SECONDS)
			break;
	for (i = *ahead; i < l->len; i++) {
		utc_format_name(stamp, l->items[i].time);
		if (limit[0] == '\0' || strcmp(stamp, limit) < 0)
			return &l->items[i];
	}
	return NULL;
}

static void
format_age(char *out, size_t size, int64_t age)
{
	int64_t a = age < 0 ? -age : age;

	if (a < 172800)
		(void)snprintf(out, size, "%" PRId64 "h %02" PRId64 "m",
		    a / 3600, a % 3600 / 60);
	else
		(void)snprintf(out, size, "%" PRId64 "d %02" PRId64 "h",
		    a / 86400, a % 86400 / 3600);
}

void
listing_print(const struct listing *l, int64_t now, struct buf *out)
{
	const struct listing_item *item;
	char age[NUM_TEXT];

	for (item = l->items; item < l->items + l->len; item++) {
		format_age(age, sizeof(age), now - item->time);
		buf_printf(out, "%9s %13" PRIu64 " %6s  %s%s\n", age,
		    item->size, item->is_remote ? "remote" : "local",
		    item->name, item->time > now ?
		    "  (dated ahead of the clock)" : "");
	}
}

void
listing_free(struct listing *l)
{
	size_t i;

	for (i = 0; i < l->len; i++)
		free(l->items[i].name);
	free(l->items);
	*l = (struct listing)LISTING_INIT;
}
