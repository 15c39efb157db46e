/*
 * One page of a listing, of objects or of uploads.
 */
#include <stdio.h>
#include <string.h>

#include "num.h"
#include "s3_private.h"
#include "uri.h"
#include "utc.h"

int
s3_page_bad(const char *why, struct err *e)
{
	return err_set(e, ERR_REMOTE, "cannot read the listing: %s", why);
}

static int
copy_text(char out[S3_PAGE_TEXT], const char *text, struct err *e)
{
	if (snprintf(out, S3_PAGE_TEXT, "%s", text) >= S3_PAGE_TEXT)
		return s3_page_bad("a text is too long", e);
	return 0;
}

/* encoding-type=url writes a blank as "+" on AWS, "%20" elsewhere. */
static int
copy_key(const struct s3_page *p, char out[S3_PAGE_TEXT], const char *text,
	struct err *e)
{
	char *c;

	if (copy_text(out, text, e) != 0)
		return -1;
	if (!p->encoded)
		return 0;
	for (c = out; *c != '\0'; c++)
		if (*c == '+')
			*c = ' ';
	if (uri_decode(out) != 0)
		return s3_page_bad("a key is encoded wrongly", e);
	return 0;
}

static int
end_of_item(struct s3_page *p, bool is_prefix, struct err *e)
{
	if (p->key[0] == '\0')
		return s3_page_bad("an item has no key", e);
	p->items++;
	return p->emit(p, is_prefix, e);
}

/* A field of an item. */
static int
on_field(struct s3_page *p, const char *name, const char *text, struct err *e)
{
	if (strcmp(name, "Key") == 0)
		return copy_key(p, p->key, text, e);
	if (strcmp(name, "UploadId") == 0 || strcmp(name, "VersionId") == 0)
		return copy_text(p->id, text, e);
	if (strcmp(name, "ETag") == 0 && p->each_object != NULL)
		s3xml_copy_etag(p->id, sizeof(p->id), text);
	else if (strcmp(name, "StorageClass") == 0)
		(void)snprintf(p->storage_class, sizeof(p->storage_class),
		    "%s", text);
	else if (strcmp(name, "Size") == 0)
		p->has_size = num_parse_u64(text, &p->size) == 0;
	else if (strcmp(name, "LastModified") == 0 ||
	    strcmp(name, "Initiated") == 0)
		p->has_time = utc_parse_iso(text, &p->time) == 0;
	return 0;
}

/* A field of the page. */
static int
on_page_field(struct s3_page *p, const char *name, const char *text,
	struct err *e)
{
	if (strcmp(name, "EncodingType") == 0)
		p->encoded = strcmp(text, "url") == 0;
	else if (strcmp(name, "IsTruncated") == 0)
		p->truncated = strcmp(text, "true") == 0;
	else if (strcmp(name, "NextContinuationToken") == 0 ||
	    strcmp(name, "NextKeyMarker") == 0)
		return copy_text(p->next, text, e);
	else if (strcmp(name, "NextUploadIdMarker") == 0 ||
	    strcmp(name, "NextVersionIdMarker") == 0)
		return copy_text(p->next_id, text, e);
	return 0;
}

static void
clear_item(struct s3_page *p)
{
	p->key[0] = p->id[0] = p->storage_class[0] = '\0';
	p->has_size = p->has_time = false;
}

static bool
is_name(const char *name, size_t len, const char *wanted)
{
	return len == strlen(wanted) && memcmp(name, wanted, len) == 0;
}

static int
on_element(void *ctx, const char *path, const char *text, struct err *e)
{
	struct s3_page *p = ctx;
	const char *name = strchr(path, '/'), *field;
	bool is_item, is_prefix;
	size_t len;

	if (name == NULL)
		return 0;
	name++;
	len = strcspn(name, "/");
	field = name[len] == '/' ? name + len + 1 : NULL;
	is_item = is_name(name, len, p->item) || (p->other_item != NULL &&
	    is_name(name, len, p->other_item));
	is_prefix = is_name(name, len, "CommonPrefixes");
	if (is_item || is_prefix ? is_prefix != p->wants_prefixes :
	    p->wants_prefixes)
		return 0;
	if (text == NULL) {
		if (field == NULL && (is_item || is_prefix))
			clear_item(p);
		return 0;
	}
	if (field == NULL && (is_item || is_prefix))
		return end_of_item(p, is_prefix, e);
	if (field == NULL)
		return on_page_field(p, name, text, e);
	if (is_item)
		return on_field(p, field, text, e);
	if (is_prefix && strcmp(field, "Prefix") == 0)
		return copy_key(p, p->key, text, e);
	return 0;
}

/*
 * EncodingType may come behind the keys, so it is looked for in a pass of
 * its own. So are prefixes: stores differ in what they write first, and people
 * want folders before files.
 */
static int
find_encoding(void *ctx, const char *path, const char *text, struct err *e)
{
	struct s3_page *p = ctx;
	const char *name = strchr(path, '/');

	(void)e;
	if (text != NULL && name != NULL && strcmp(name, "/EncodingType") == 0)
		p->encoded = strcmp(text, "url") == 0;
	return 0;
}

int
s3_page_read(struct s3_page *p, const void *text, size_t len, struct err *e)
{
	struct s3xml_handler encoding = { find_encoding, p };
	struct s3xml_handler items = { on_element, p };

	p->encoded = p->truncated = false;
	p->next[0] = p->next_id[0] = '\0';
	p->items = 0;
	if (s3xml_parse(text, len, &encoding, e) != 0)
		return -1;
	p->wants_prefixes = p->has_prefixes;
	if (p->wants_prefixes && s3xml_parse(text, len, &items, e) != 0)
		return -1;
	p->wants_prefixes = false;
	return s3xml_parse(text, len, &items, e);
}
