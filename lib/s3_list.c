/*
 * Listings, page by page. They decide what is deleted, so a page is read
 * whole and found well-formed before any of its items is handed on, and a
 * server that would have us ask for the same page for ever is an error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "num.h"
#include "s3_private.h"
#include "uri.h"
#include "utc.h"

#define TEXT_MAX 4096		/* keys, tokens and markers, decoded */
#define EMPTY_PAGES_MAX 1000

/* A page in the reading; texts are of the item at hand. */
struct page {
	const char *root;
	const char *item;		/* "Contents" or "Upload" */
	char key[TEXT_MAX];
	char id[TEXT_MAX];		/* ETag without quotes, or UploadId */
	char storage_class[32];
	uint64_t size;
	int64_t time;
	bool has_size, has_time;

	bool encoded;			/* keys are url-encoded */
	bool truncated;
	char next[TEXT_MAX];		/* token or key marker */
	char next_id[TEXT_MAX];
	unsigned items;
	int result;			/* of each(), when not 0 */

	int (*emit)(struct page *p, bool is_prefix, struct err *e);
	int (*each_object)(const struct s3_listed *, void *, struct err *);
	int (*each_upload)(const struct s3_listed_upload *, void *,
	    struct err *);
	void *ctx;
};

static int
bad_page(const char *why, struct err *e)
{
	return err_set(e, ERR_REMOTE, "cannot read the listing: %s", why);
}

static int
copy_text(char out[TEXT_MAX], const char *text, struct err *e)
{
	if (snprintf(out, TEXT_MAX, "%s", text) >= TEXT_MAX)
		return bad_page("a text is too long", e);
	return 0;
}

/* encoding-type=url writes a blank as "+" on AWS, "%20" elsewhere. */
static int
copy_key(const struct page *p, char out[TEXT_MAX], const char *text,
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
		return bad_page("a key is encoded wrongly", e);
	return 0;
}

static int
end_of_item(struct page *p, bool is_prefix, struct err *e)
{
	if (p->key[0] == '\0')
		return bad_page("an item has no key", e);
	p->items++;
	return p->emit(p, is_prefix, e);
}

/* A field of an item. */
static int
on_field(struct page *p, const char *name, const char *text, struct err *e)
{
	if (strcmp(name, "Key") == 0)
		return copy_key(p, p->key, text, e);
	if (strcmp(name, "UploadId") == 0)
		return copy_text(p->id, text, e);
	if (strcmp(name, "ETag") == 0)
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
on_page_field(struct page *p, const char *name, const char *text,
	struct err *e)
{
	if (strcmp(name, "EncodingType") == 0)
		p->encoded = strcmp(text, "url") == 0;
	else if (strcmp(name, "IsTruncated") == 0)
		p->truncated = strcmp(text, "true") == 0;
	else if (strcmp(name, "NextContinuationToken") == 0)
		return copy_text(p->next, text, e);
	else if (strcmp(name, "NextKeyMarker") == 0)
		return copy_text(p->next, text, e);
	else if (strcmp(name, "NextUploadIdMarker") == 0)
		return copy_text(p->next_id, text, e);
	return 0;
}

static void
clear_item(struct page *p)
{
	p->key[0] = p->id[0] = p->storage_class[0] = '\0';
	p->has_size = p->has_time = false;
}

static int
on_element(void *ctx, const char *path, const char *text, struct err *e)
{
	struct page *p = ctx;
	const char *name = strchr(path, '/'), *field;
	bool is_item, is_prefix;
	size_t len;

	if (name == NULL)
		return 0;
	name++;
	len = strcspn(name, "/");
	field = name[len] == '/' ? name + len + 1 : NULL;
	is_item = len == strlen(p->item) && memcmp(name, p->item, len) == 0;
	is_prefix = strncmp(name, "CommonPrefixes", len) == 0 && len == 14;
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

/* -- one page after the other ------------------------------------------- */

/*
 * EncodingType may come behind the keys, so it is looked for in a pass of
 * its own.
 */
static int
find_encoding(void *ctx, const char *path, const char *text, struct err *e)
{
	struct page *p = ctx;
	const char *name = strchr(path, '/');

	(void)e;
	if (text != NULL && name != NULL && strcmp(name, "/EncodingType") == 0)
		p->encoded = strcmp(text, "url") == 0;
	return 0;
}

static int
read_page(struct page *p, const struct s3_call *c, struct err *e)
{
	struct s3xml_handler encoding = { find_encoding, p };
	struct s3xml_handler items = { on_element, p };
	const char *text = buf_text(&c->answer.body);
	size_t len = c->answer.body.len;

	p->encoded = p->truncated = false;
	p->next[0] = p->next_id[0] = '\0';
	p->items = 0;
	if (s3xml_parse(text, len, &encoding, e) != 0)
		return -1;
	return s3xml_parse(text, len, &items, e);
}

struct marks {		/* where the next page begins */
	char key[TEXT_MAX];
	char id[TEXT_MAX];
	unsigned empty_pages;
};

/* 1: there is another page, and marks say where; 0: no; -1: nonsense. */
static int
move_on(struct marks *m, const struct page *p, struct err *e)
{
	if (!p->truncated)
		return 0;
	if (p->next[0] == '\0')
		return bad_page("it says that it goes on, but not where", e);
	if (strcmp(m->key, p->next) == 0 && strcmp(m->id, p->next_id) == 0)
		return bad_page("it goes round in circles", e);
	m->empty_pages = p->items == 0 ? m->empty_pages + 1 : 0;
	if (m->empty_pages == EMPTY_PAGES_MAX)
		return bad_page("it has no end", e);
	memcpy(m->key, p->next, sizeof(m->key));
	memcpy(m->id, p->next_id, sizeof(m->id));
	return 1;
}

static void
set_params(struct s3_call *c, const struct s3_list *list,
	const struct marks *m, bool uploads)
{
	c->param_count = 0;
	s3_call_param(c, uploads ? "uploads" : "list-type",
	    uploads ? "" : "2");
	s3_call_param(c, "encoding-type", "url");
	s3_call_param(c, uploads ? "max-uploads" : "max-keys", "1000");
	if (list->prefix[0] != '\0')
		s3_call_param(c, "prefix", list->prefix);
	if (list->delimiter != NULL)
		s3_call_param(c, "delimiter", list->delimiter);
	if (m->key[0] != '\0')
		s3_call_param(c, uploads ? "key-marker" :
		    "continuation-token", m->key);
	if (m->id[0] != '\0')
		s3_call_param(c, "upload-id-marker", m->id);
}

static int
walk(struct s3 *s3, const struct s3_list *list, struct page *p,
	struct marks *m, int64_t *date, struct err *e)
{
	bool uploads = p->each_upload != NULL, first = true;
	struct s3_call c;
	int rc;

	s3_call_init(&c, "list", "GET", list->bucket,
	    NULL, S3_PAGE_MAX);
	c.expects = p->root;
	do {
		c.attempts = 0;
		set_params(&c, list, m, uploads);
		if ((rc = s3_call_expect_ok(s3, &c, e)) != 0)
			break;
		if (first && date != NULL && utc_parse_http(
		    net_answer_header(&c.answer, "date"), date) != 0)
			*date = 0;
		first = false;
		if ((rc = read_page(p, &c, e)) == 0)
			rc = move_on(m, p, e);
		if (rc < 0 && p->result == 0)
			s3_call_context(&c, e);
	} while (rc == 1);
	s3_call_free(&c);
	return p->result != 0 ? p->result : rc;
}

static int
start_walk(struct s3 *s3, const struct s3_list *list,
	const struct page *how, int64_t *date, struct err *e)
{
	struct page *p = mem_new(1, sizeof(*p), e);
	struct marks *m = mem_new(1, sizeof(*m), e);
	int rc = -1;

	if (p != NULL && m != NULL) {
		p->root = how->root;
		p->item = how->item;
		p->emit = how->emit;
		p->each_object = how->each_object;
		p->each_upload = how->each_upload;
		p->ctx = how->ctx;
		rc = walk(s3, list, p, m, date, e);
	}
	free(p);
	free(m);
	return rc;
}

/* -- the two kinds ------------------------------------------------------ */

static int
emit_object(struct page *p, bool is_prefix, struct err *e)
{
	struct s3_listed item = { .key = p->key, .etag = p->id,
		.storage_class = p->storage_class, .is_prefix = is_prefix };

	if (!is_prefix) {
		if (!p->has_size || !p->has_time)
			return bad_page("an item has no size or time", e);
		item.size = p->size;
		item.mtime = p->time;
	}
	p->result = p->each_object(&item, p->ctx, e);
	return p->result;
}

int
s3_list_objects(struct s3 *s3, const struct s3_list *list,
	int (*each)(const struct s3_listed *item, void *ctx, struct err *e),
	void *ctx, int64_t *date, struct err *e)
{
	const struct page how = { .root = "ListBucketResult",
		.item = "Contents", .emit = emit_object,
		.each_object = each, .ctx = ctx };

	return start_walk(s3, list, &how, date, e);
}

static int
emit_upload(struct page *p, bool is_prefix, struct err *e)
{
	struct s3_listed_upload item = { p->key, p->id, p->time };

	if (is_prefix)
		return 0;
	if (p->id[0] == '\0' || !p->has_time)
		return bad_page("an upload has no id or time", e);
	p->result = p->each_upload(&item, p->ctx, e);
	return p->result;
}

int
s3_list_uploads(struct s3 *s3, const struct s3_list *list,
	int (*each)(const struct s3_listed_upload *item, void *ctx,
	    struct err *e),
	void *ctx, struct err *e)
{
	const struct page how = { .root = "ListMultipartUploadsResult",
		.item = "Upload", .emit = emit_upload,
		.each_upload = each, .ctx = ctx };

	return start_walk(s3, list, &how, NULL, e);
}
