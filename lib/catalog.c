/*
 * How backups are kept in memory: small entries whose texts stand in chunks
 * that never move, so that entries can be sorted by plain qsort().
 */
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "catalog_private.h"
#include "mem.h"

#define CHUNK_SIZE 65536
#define ENTRIES_MAX (UINT32_MAX / 2)

struct catalog_chunk {
	struct catalog_chunk *next;
	size_t used;
	char text[CHUNK_SIZE];
};

struct catalog *
catalog_new(struct s3 *s3, struct err *e)
{
	struct catalog *c = mem_new(1, sizeof(*c), e);

	if (c != NULL)
		c->s3 = s3;
	return c;
}

void
catalog_free(struct catalog *c)
{
	struct catalog_chunk *chunk;
	size_t i;

	if (c == NULL)
		return;
	while ((chunk = c->chunks) != NULL) {
		c->chunks = chunk->next;
		free(chunk);
	}
	for (i = 0; i < c->folder_len; i++) {
		free(c->folders[i].bucket);
		free(c->folders[i].path);
	}
	free(c->folders);
	free(c->folder_order);
	free(c->leftovers);
	free(c->entries);
	free(c);
}

/* Room for one more of size bytes in an array; NULL on failure. */
static void *
grow(void *array, size_t len, size_t *cap, size_t size, struct err *e)
{
	size_t want = *cap + *cap / 2 + 64;

	if (len < *cap)
		return array;
	if (want > ENTRIES_MAX ||
	    (array = realloc(array, want * size)) == NULL) {
		err_set(e, ERR_LOCAL, "no memory for more than %zu names",
		    len);
		return NULL;
	}
	*cap = want;
	return array;
}

static const char *
keep_text(struct catalog *c, const char *text, struct err *e)
{
	size_t len = strlen(text) + 1;
	struct catalog_chunk *chunk = c->chunks;
	char *copy;

	if (len > CHUNK_SIZE) {
		err_set(e, ERR_LOCAL, "name '%.100s…' is too long", text);
		return NULL;
	}
	if (chunk == NULL || CHUNK_SIZE - chunk->used < len) {
		/* not zeroed: unused pages stay untouched */
		if ((chunk = malloc(sizeof(*chunk))) == NULL) {
			err_set(e, ERR_LOCAL, "no memory for names");
			return NULL;
		}
		chunk->used = 0;
		chunk->next = c->chunks;
		c->chunks = chunk;
	}
	copy = chunk->text + chunk->used;
	memcpy(copy, text, len);
	chunk->used += len;
	return copy;
}

static int
compare_folder(const struct catalog_folder *f, const char *bucket,
	const char *path)
{
	int order = bucket != NULL ? strcmp(f->bucket, bucket) : 0;

	return order != 0 ? order : strcmp(f->path, path);
}

static int
insert_folder(struct catalog *c, size_t at, const char *bucket,
	const char *path, struct err *e)
{
	struct catalog_folder *folders, *f;
	size_t cap = c->folder_cap;
	uint32_t *order;

	order = grow(c->folder_order, c->folder_len, &cap, sizeof(*order), e);
	if (order == NULL)
		return -1;
	c->folder_order = order;
	folders = grow(c->folders, c->folder_len, &c->folder_cap,
	    sizeof(*folders), e);
	if (folders == NULL)
		return -1;
	c->folders = folders;
	f = &folders[c->folder_len];
	memset(f, 0, sizeof(*f));
	if ((bucket != NULL && (f->bucket = mem_dup(bucket, e)) == NULL) ||
	    (f->path = mem_dup(path, e)) == NULL) {
		free(f->bucket);
		return -1;
	}
	memmove(order + at + 1, order + at,
	    (c->folder_len - at) * sizeof(*order));
	order[at] = (uint32_t)c->folder_len++;
	return 0;
}

int
catalog_find_folder(struct catalog *c, const char *bucket, const char *path,
	uint32_t *folder, struct err *e)
{
	size_t low = 0, high = c->folder_len, mid;
	int order;

	while (low < high) {
		mid = low + (high - low) / 2;
		order = compare_folder(&c->folders[c->folder_order[mid]],
		    bucket, path);
		if (order == 0) {
			*folder = c->folder_order[mid];
			return 0;
		}
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (insert_folder(c, low, bucket, path, e) != 0)
		return -1;
	*folder = (uint32_t)c->folder_len - 1;
	return 0;
}

bool
catalog_is_archived(const char *storage_class)
{
	/* GLACIER_IR is read like any other */
	return storage_class != NULL &&
	    (strcmp(storage_class, "GLACIER") == 0 ||
	    strcmp(storage_class, "DEEP_ARCHIVE") == 0);
}

struct catalog_entry *
catalog_add(struct catalog *c, uint32_t folder, const char *text,
	const struct bkname *b, struct err *e)
{
	struct catalog_entry *entries, *entry;

	if (b->name_len > UINT16_MAX) {
		err_set(e, ERR_LOCAL, "name '%.100s…' is too long", text);
		return NULL;
	}
	entries = grow(c->entries, c->len, &c->cap, sizeof(*entries), e);
	if (entries == NULL)
		return NULL;
	c->entries = entries;
	entry = &entries[c->len];
	memset(entry, 0, sizeof(*entry));
	if ((entry->text = keep_text(c, text, e)) == NULL)
		return NULL;
	entry->time = b->time;
	entry->folder = folder;
	entry->name_len = (uint16_t)b->name_len;
	entry->encrypted = b->encrypted;
	c->len++;
	return entry;
}

int
catalog_add_leftover(struct catalog *c, uint32_t folder, const char *text,
	int64_t time, const char *upload_id, struct err *e)
{
	struct catalog_leftover *all, *l;

	all = grow(c->leftovers, c->leftover_len, &c->leftover_cap,
	    sizeof(*all), e);
	if (all == NULL)
		return -1;
	c->leftovers = all;
	l = &all[c->leftover_len];
	memset(l, 0, sizeof(*l));
	l->folder = folder;
	l->time = time;
	if ((l->text = keep_text(c, text, e)) == NULL ||
	    (upload_id != NULL &&
	    (l->upload_id = keep_text(c, upload_id, e)) == NULL))
		return -1;
	c->leftover_len++;
	return 0;
}

static int
compare_sets(const struct catalog_entry *x, const struct catalog_entry *y)
{
	size_t len = x->name_len < y->name_len ? x->name_len : y->name_len;
	int order;

	if (x->folder != y->folder)
		return x->folder < y->folder ? -1 : 1;
	if ((order = memcmp(x->text, y->text, len)) != 0)
		return order;
	return (x->name_len > y->name_len) - (x->name_len < y->name_len);
}

int
catalog_compare(const void *a, const void *b)
{
	const struct catalog_entry *x = a, *y = b;
	int order = compare_sets(x, y);

	if (order != 0)
		return order;
	if (x->time != y->time)
		return x->time > y->time ? -1 : 1;
	return strcmp(x->text, y->text);
}

bool
catalog_same_set(const struct catalog_entry *a, const struct catalog_entry *b)
{
	return compare_sets(a, b) == 0;
}

void
catalog_sort(struct catalog *c)
{
	if (c->len > 1)
		qsort(c->entries, c->len, sizeof(c->entries[0]),
		    catalog_compare);
}

const struct catalog_entry *
catalog_entries(struct catalog *c, size_t *len)
{
	catalog_sort(c);
	*len = c->len;
	return c->entries;
}

const struct catalog_leftover *
catalog_leftovers(const struct catalog *c, size_t *len)
{
	*len = c->leftover_len;
	return c->leftovers;
}

const struct catalog_folder *
catalog_folder(const struct catalog *c, uint32_t folder)
{
	return &c->folders[folder];
}

int64_t
catalog_date(const struct catalog *c)
{
	return c->date;
}

void
catalog_take_date(struct catalog *c, int64_t date)
{
	if (date != 0 && (c->date == 0 || date < c->date))
		c->date = date;
}
