/*
 * A folder of a bucket: listed with a delimiter, so that what lies in folders
 * below is neither paid for nor seen.
 */
#include <string.h>

#include "catalog_private.h"

#define FOLDER_MAX (S3_KEY_MAX + 2)

struct visit {
	struct catalog *c;
	const char *name;	/* NULL: every NAME */
	uint32_t folder;
	size_t skip;		/* length of the folder in every key */
};

/* Is key a backup right in the folder that is wanted? Its file name. */
static const char *
pick(const struct visit *v, const char *key, struct bkname *b)
{
	const char *path = v->c->folders[v->folder].path;
	const char *text;

	if (strncmp(key, path, v->skip) != 0)
		return NULL;
	text = key + v->skip;
	if (strchr(text, '/') != NULL || !bkname_parse(text, b) ||
	    (v->name != NULL && !bkname_is_of_database(b, v->name)))
		return NULL;
	return text;
}

static int
on_object(const struct s3_listed *item, void *ctx, struct err *e)
{
	struct visit *v = ctx;
	struct catalog_entry *entry;
	struct bkname b;
	const char *text;

	if (item->is_prefix || (text = pick(v, item->key, &b)) == NULL)
		return 0;
	if ((entry = catalog_add(v->c, v->folder, text, &b, e)) == NULL)
		return -1;
	entry->size = item->size;
	entry->archived = catalog_is_archived(item->storage_class);
	return 0;
}

static int
on_upload(const struct s3_listed_upload *item, void *ctx, struct err *e)
{
	struct visit *v = ctx;
	struct bkname b;
	const char *text = pick(v, item->key, &b);

	if (text == NULL)
		return 0;
	return catalog_add_leftover(v->c, v->folder, text, item->initiated,
	    item->upload_id, e);
}

int
catalog_add_prefix(struct catalog *c, const char *bucket, const char *folder,
	const char *name, struct err *e)
{
	struct buf prefix = BUF_INIT(2 * FOLDER_MAX);
	struct visit v = { c, name, 0, 0 };
	struct s3_list list = { bucket, NULL, "/" };
	int64_t date = 0;
	int rc = -1;

	buf_puts(&prefix, folder);
	if (prefix.len > 0 && prefix.data[prefix.len - 1] != '/')
		buf_putc(&prefix, '/');
	v.skip = prefix.len;
	if (buf_check(&prefix, "a prefix", e) != 0 ||
	    catalog_find_folder(c, bucket, buf_text(&prefix), &v.folder,
	    e) != 0)
		goto out;
	/* spares the neighbours' pages; who is who is decided by the parser */
	if (name != NULL) {
		bkname_encode(&prefix, name);
		buf_putc(&prefix, '_');
	}
	list.prefix = buf_text(&prefix);
	if (buf_check(&prefix, "a prefix", e) != 0 ||
	    s3_list_objects(c->s3, &list, on_object, &v, &date, e) != 0)
		goto out;
	catalog_take_date(c, date);
	list.delimiter = NULL;
	rc = s3_list_uploads(c->s3, &list, on_upload, &v, e);
out:
	buf_free(&prefix);
	return rc;
}
