/*
 * Names from a pipe. They say what to look at, not what there is: sizes,
 * storage classes and the clock come from a listing of their folders, which
 * also tells what is gone already.
 */
#include <string.h>

#include "catalog_private.h"
#include "os.h"
#include "uri.h"

#define LINE_BYTES_MAX (16 * 1024)
#define READ_SIZE (64 * 1024)

struct lookup {
	struct catalog *c;
	struct catalog_entry *first;	/* of the folder, sorted */
	size_t len;
	size_t skip;		/* length of the folder in every key */
};

/* What was not found has this size; nothing real can be so large. */
#define SIZE_MISSING UINT64_MAX

static int
check_line(const char *line, size_t len, struct err *e)
{
	size_t i;

	if (len == 0)
		return err_set(e, ERR_USAGE, "the line is empty");
	for (i = 0; i < len; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			return err_set(e, ERR_USAGE,
			    "'%.*s' holds a control character",
			    len > 200 ? 200 : (int)len, line);
	return 0;
}

/* Where the directory of a key or path ends. */
static char *
split(const char *bucket, char *path)
{
	char *slash = strrchr(path, '/');

	if (bucket == NULL)
		return path + (os_base_name(path) - path);
	return slash != NULL ? slash + 1 : path;
}

/* Add path, which is split before its last segment. */
static int
add_path(struct catalog *c, const char *bucket, char *path, const char *name,
	struct err *e)
{
	char *text = split(bucket, path), first;
	struct catalog_entry *entry;
	struct bkname b;
	uint32_t folder;
	int rc;

	if (!bkname_parse(text, &b) ||
	    (name != NULL && !bkname_is_of_database(&b, name)))
		return 0;
	first = *text;
	*text = '\0';
	rc = catalog_find_folder(c, bucket, path, &folder, e);
	*text = first;
	if (rc != 0 ||
	    (entry = catalog_add(c, folder, text, &b, e)) == NULL)
		return -1;
	entry->size = SIZE_MISSING;
	return 0;
}

static int
add_line(struct catalog *c, char *line, size_t len, const char *name,
	struct err *e)
{
	struct uri uri;
	int rc;

	if (check_line(line, len, e) != 0)
		return -1;
	if (c->s3 == NULL)
		return add_path(c, NULL, line, name, e);
	if (uri_resolve(&uri, line, NULL, e) != 0)
		return -1;
	rc = add_path(c, uri.bucket, uri.key, name, e);
	uri_free(&uri);
	return rc;
}

/* Take the whole lines out of b; at_end takes the last one without its end. */
static int
take_lines(struct catalog *c, struct buf *b, bool at_end, uint64_t *number,
	const char *name, struct err *e)
{
	size_t used = 0, len;
	char *line, *end;

	while (used < b->len) {
		line = b->data + used;
		end = memchr(line, '\n', b->len - used);
		if (end == NULL && !at_end)
			break;
		len = end != NULL ? (size_t)(end - line) : b->len - used;
		line[len] = '\0';	/* a buf has a byte behind its end */
		++*number;
		if (add_line(c, line, len, name, e) != 0)
			return err_context(e, "line %llu of the input",
			    (unsigned long long)*number);
		used += end != NULL ? len + 1 : len;
	}
	buf_drop(b, used);
	return 0;
}

static int
read_lines(struct catalog *c, int fd, const char *name, struct err *e)
{
	struct buf b = BUF_INIT(LINE_BYTES_MAX + READ_SIZE);
	uint64_t number = 0;
	ssize_t n = 1;
	void *room;
	int rc = -1;

	while (n > 0) {
		if (b.len > LINE_BYTES_MAX) {
			err_set(e, ERR_USAGE, "line %llu of the input is too "
			    "long", (unsigned long long)number + 1);
			goto out;
		}
		if ((room = buf_room(&b, READ_SIZE)) == NULL) {
			(void)buf_check(&b, "the input", e);
			goto out;
		}
		if ((n = os_read(fd, room, READ_SIZE, e)) < 0)
			goto out;
		buf_filled(&b, (size_t)n);
		if (take_lines(c, &b, n == 0, &number, name, e) != 0)
			goto out;
	}
	rc = 0;
out:
	buf_free(&b);
	return rc;
}

/* Binary search by what the key's own name parses to. */
static struct catalog_entry *
find_entry(const struct lookup *l, const char *text)
{
	struct catalog_entry wanted;
	size_t low = 0, high = l->len, mid;
	struct bkname b;
	int order;

	if (!bkname_parse(text, &b) || b.name_len > UINT16_MAX)
		return NULL;
	memset(&wanted, 0, sizeof(wanted));
	wanted.text = text;
	wanted.time = b.time;
	wanted.name_len = (uint16_t)b.name_len;
	wanted.folder = l->first->folder;
	while (low < high) {
		mid = low + (high - low) / 2;
		order = catalog_compare(&l->first[mid], &wanted);
		if (order == 0)
			return &l->first[mid];
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static int
on_object(const struct s3_listed *item, void *ctx, struct err *e)
{
	struct lookup *l = ctx;
	struct catalog_entry *entry;

	(void)e;
	if (item->is_prefix || strlen(item->key) < l->skip ||
	    (entry = find_entry(l, item->key + l->skip)) == NULL)
		return 0;
	entry->size = item->size;
	entry->archived = catalog_is_archived(item->storage_class);
	return 0;
}

/* As much of all names as they begin with in common. */
static size_t
common_length(const struct lookup *l)
{
	size_t len = strlen(l->first->text), i, n;

	for (i = 1; i < l->len; i++) {
		for (n = 0; n < len; n++)
			if (l->first[i].text[n] != l->first->text[n])
				break;
		len = n;
	}
	return len;
}

static int
look_up_keys(struct lookup *l, struct err *e)
{
	const struct catalog_folder *f =
	    catalog_folder(l->c, l->first->folder);
	struct buf prefix = BUF_INIT(2 * S3_KEY_MAX);
	struct s3_list list = { f->bucket, NULL, "/" };
	int64_t date = 0;
	int rc;

	buf_puts(&prefix, f->path);
	l->skip = prefix.len;
	buf_put(&prefix, l->first->text, common_length(l));
	list.prefix = buf_text(&prefix);
	if ((rc = buf_check(&prefix, "a prefix", e)) == 0)
		rc = s3_list_objects(l->c->s3, &list, on_object, l, &date, e);
	catalog_take_date(l->c, date);
	buf_free(&prefix);
	return rc;
}

static int
look_up_files(struct lookup *l, struct err *e)
{
	const char *dir = catalog_folder(l->c, l->first->folder)->path;
	struct buf path = BUF_INIT(LINE_BYTES_MAX);
	struct os_stat st;
	size_t i;
	int rc = 0;

	for (i = 0; i < l->len && rc == 0; i++) {
		buf_reset(&path);
		buf_printf(&path, "%s%s", dir, l->first[i].text);
		if ((rc = buf_check(&path, "a path", e)) == 0 &&
		    (rc = os_lstat(buf_text(&path), &st, e)) == 0 &&
		    st.kind == OS_FILE)
			l->first[i].size = st.size;
	}
	buf_free(&path);
	return rc;
}

/* Drop repetitions and, with found known, what isn't there. */
static void
compact(struct catalog *c, bool drop_missing)
{
	size_t i, n = 0;

	for (i = 0; i < c->len; i++) {
		if (drop_missing ? c->entries[i].size == SIZE_MISSING :
		    n > 0 && catalog_compare(&c->entries[n - 1],
		    &c->entries[i]) == 0)
			continue;
		c->entries[n++] = c->entries[i];
	}
	c->len = n;
}

int
catalog_add_lines(struct catalog *c, int fd, const char *name, struct err *e)
{
	struct lookup l = { c, NULL, 0, 0 };
	size_t i, end;
	int rc;

	if (read_lines(c, fd, name, e) != 0)
		return -1;
	catalog_sort(c);
	compact(c, false);
	for (i = 0; i < c->len; i = end) {
		for (end = i; end < c->len && c->entries[end].folder ==
		    c->entries[i].folder; end++)
			;
		l.first = &c->entries[i];
		l.len = end - i;
		rc = c->s3 != NULL ? look_up_keys(&l, e) :
		    look_up_files(&l, e);
		if (rc != 0)
			return -1;
	}
	compact(c, true);
	return 0;
}
