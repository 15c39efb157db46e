/*
 * One object a line, in the form that was asked for.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "bkname.h"
#include "list.h"
#include "log.h"
#include "mem.h"
#include "num.h"
#include "os.h"
#include "utc.h"

#define OUT_MAX (1 << 20)
#define OUT_FULL (32 * 1024)
#define SHOWN_MAX (4 * S3_KEY_MAX + 16)
#define STDOUT 1

struct printer {
	const struct list_options *o;
	size_t skip;		/* of every key, when only names are shown */
	struct buf out;
	uint64_t objects, bytes;
	uint64_t items;		/* with common prefixes */
	uint64_t refused;	/* that its form can't tell */
};

char *
list_prefix(const struct list_options *o, size_t *folder_len, struct err *e)
{
	struct buf b = BUF_INIT(4 * S3_KEY_MAX);
	char *prefix = NULL;

	buf_puts(&b, o->where.key);
	if (b.len > 0 && b.data[b.len - 1] != '/')
		buf_putc(&b, '/');
	*folder_len = b.len;
	if (o->name != NULL && !o->recursive) {
		bkname_encode(&b, o->name);
		buf_putc(&b, '_');
	}
	if (buf_check(&b, "the prefix", e) == 0)
		prefix = mem_dup(buf_text(&b), e);
	buf_free(&b);
	return prefix;
}

static int
flush(struct printer *p, size_t limit, struct err *e)
{
	int rc = buf_check(&p->out, "the listing", e);

	if (rc != 0 || p->out.len <= limit)
		return rc;
	rc = os_write(STDOUT, p->out.data, p->out.len, e);
	buf_reset(&p->out);
	return rc;
}

static void
put_size(struct printer *p, uint64_t bytes, const char *format)
{
	char plain[NUM_TEXT], text[NUM_TEXT + 8];

	(void)snprintf(plain, sizeof(plain), "%" PRIu64, bytes);
	if (p->o->human_readable && bytes < 1024)
		(void)snprintf(text, sizeof(text), "%s Byte%s", plain,
		    bytes == 1 ? "" : "s");
	else if (p->o->human_readable)
		(void)num_format_size(text, bytes);
	if (strcmp(format, "total") == 0)
		buf_printf(&p->out, "   Total Size: %s\n",
		    p->o->human_readable ? text : plain);
	else
		buf_printf(&p->out, "%10s", p->o->human_readable ? text :
		    plain);
}

/* As `aws s3 ls` prints it, but in UTC. */
static void
put_plain(struct printer *p, const struct s3_listed *item)
{
	const char *text = item->key + p->skip;
	char shown[SHOWN_MAX];
	struct utc t;

	err_escape(shown, sizeof(shown), text, strlen(text));
	if (item->is_prefix) {
		buf_printf(&p->out, "%27sPRE %s\n", "", shown);
		return;
	}
	t = utc_split(item->mtime);
	buf_printf(&p->out, "%04d-%02d-%02d %02d:%02d:%02d ", t.year, t.month,
	    t.day, t.hour, t.minute, t.second);
	put_size(p, item->size, "line");
	if (p->o->storage_class)
		buf_printf(&p->out, " %-13s", item->storage_class[0] != '\0' ?
		    item->storage_class : "STANDARD");
	buf_printf(&p->out, " %s\n", shown);
}

/* Exactly, for programs: so a key that would be two lines is left out. */
static void
put_uri(struct printer *p, const struct s3_listed *item)
{
	char shown[SHOWN_MAX];
	const char *c;

	if (item->is_prefix)
		return;
	for (c = item->key; *c != '\0'; c++) {
		if ((unsigned char)*c >= 0x20 && *c != 0x7f)
			continue;
		p->refused++;
		err_escape(shown, sizeof(shown), item->key,
		    strlen(item->key));
		log_warn("left out key '%s': it holds a control character",
		    shown);
		return;
	}
	uri_print(&p->out, p->o->where.bucket, item->key);
	buf_putc(&p->out, '\n');
}

/* A JSON string, or its escaped form where the key is no UTF-8. */
static json_t *
json_text(const char *text)
{
	char shown[SHOWN_MAX];
	json_t *j = json_string(text);

	if (j != NULL)
		return j;
	err_escape(shown, sizeof(shown), text, strlen(text));
	return json_string(shown);
}

static void
add_object(json_t *j, const struct s3_listed *item)
{
	char date[UTC_TEXT];
	struct bkname b;

	(void)json_object_set_new(j, "size", json_integer(
	    (json_int_t)item->size));
	(void)json_object_set_new(j, "modified",
	    json_string(utc_format_iso(date, item->mtime)));
	(void)json_object_set_new(j, "etag", json_text(item->etag));
	(void)json_object_set_new(j, "storage_class",
	    json_text(item->storage_class));
	if (!bkname_parse(item->key, &b))
		return;
	(void)json_object_set_new(j, "name",
	    json_stringn(b.name, b.name_len));
	(void)json_object_set_new(j, "time",
	    json_string(utc_format_iso(date, b.time)));
}

static int
put_json(struct printer *p, const struct s3_listed *item, struct err *e)
{
	struct buf uri = BUF_INIT(4 * S3_KEY_MAX);
	json_t *j = json_object();
	char *text = NULL;
	int rc = -1;

	uri_print(&uri, p->o->where.bucket, item->key);
	if (buf_check(&uri, "a key", e) != 0)
		goto out;
	(void)json_object_set_new(j, "uri", json_text(buf_text(&uri)));
	(void)json_object_set_new(j, item->is_prefix ? "prefix" : "key",
	    json_text(item->key));
	if (!item->is_prefix)
		add_object(j, item);
	if ((text = json_dumps(j, JSON_COMPACT)) == NULL) {
		err_set(e, ERR_LOCAL, "no memory for '%s' as JSON", item->key);
		goto out;
	}
	buf_printf(&p->out, "%s%s", p->items > 0 ? ",\n" : "[\n", text);
	rc = 0;
out:
	free(text);
	json_decref(j);
	buf_free(&uri);
	return rc;
}

static int
on_item(const struct s3_listed *item, void *ctx, struct err *e)
{
	struct printer *p = ctx;
	struct bkname b;

	if (p->o->name != NULL && (item->is_prefix ||
	    !bkname_parse(item->key, &b) ||
	    !bkname_is_of_database(&b, p->o->name)))
		return 0;
	/* the object that some consoles make to show a folder */
	if (!item->is_prefix && item->key[p->skip] == '\0' &&
	    p->o->form == LIST_PLAIN && !p->o->recursive)
		return 0;
	switch (p->o->form) {
	case LIST_PLAIN:
		put_plain(p, item);
		break;
	case LIST_URI:
		put_uri(p, item);
		break;
	case LIST_JSON:
		if (put_json(p, item, e) != 0)
			return -1;
		break;
	}
	p->items++;
	if (!item->is_prefix) {
		p->objects++;
		p->bytes += item->size;
	}
	return flush(p, OUT_FULL, e);
}

/* Nothing in a folder of that name: perhaps it is an object. */
static int
try_object(struct s3 *s3, struct printer *p, struct err *e)
{
	const struct uri *where = &p->o->where;
	const char *slash = strrchr(where->key, '/');
	struct s3_name name = { where->bucket, where->key };
	struct s3_listed item = { where->key, 0, 0, "", "", false };
	struct s3_info info;
	int rc;

	if (where->key[0] == '\0' || (slash != NULL && slash[1] == '\0'))
		return 0;
	rc = s3_head(s3, &name, &info, e);
	if (rc != S3_OK)
		return rc == S3_MISSING ? 0 : -1;
	item.size = info.size;
	item.mtime = info.mtime;
	item.etag = info.etag;
	item.storage_class = info.storage_class;
	p->skip = slash != NULL ? (size_t)(slash + 1 - where->key) : 0;
	return on_item(&item, p, e);
}

static int
finish(struct printer *p, struct err *e)
{
	if (p->o->form == LIST_JSON)
		buf_puts(&p->out, p->items > 0 ? "\n]\n" : "[]\n");
	if (p->o->summarize) {
		buf_printf(&p->out, "\nTotal Objects: %" PRIu64 "\n",
		    p->objects);
		put_size(p, p->bytes, "total");
	}
	if (flush(p, 0, e) != 0)
		return -1;
	if (p->refused > 0)
		return err_set(e, ERR_VERDICT, "%" PRIu64 " of %" PRIu64
		    " keys can't be told as a line", p->refused, p->objects);
	return 0;
}

int
list_print(struct s3 *s3, const struct list_options *o, struct err *e)
{
	struct printer p = { o, 0, BUF_INIT(OUT_MAX), 0, 0, 0, 0 };
	size_t folder_len;
	char *prefix = list_prefix(o, &folder_len, e);
	struct s3_list list = { o->where.bucket, prefix,
		o->recursive ? NULL : "/" };
	int rc = -1;

	if (prefix == NULL)
		goto out;
	p.skip = o->recursive ? 0 : folder_len;
	if (s3_list_objects(s3, &list, on_item, &p, NULL, e) != 0)
		goto out;
	if (p.items == 0 && try_object(s3, &p, e) != 0)
		goto out;
	rc = finish(&p, e);
out:
	buf_free(&p.out);
	free(prefix);
	return rc;
}
