/*
 * For catalog's own files.
 */
#ifndef CATALOG_PRIVATE_H
#define CATALOG_PRIVATE_H

#include "bkname.h"
#include "catalog.h"

struct catalog_chunk;

struct catalog {
	struct s3 *s3;
	struct catalog_entry *entries;
	size_t len, cap;
	struct catalog_leftover *leftovers;
	size_t leftover_len, leftover_cap;
	struct catalog_folder *folders;
	uint32_t *folder_order;	/* folders by bucket and path */
	size_t folder_len, folder_cap;
	struct catalog_chunk *chunks;	/* texts, never moved */
	int64_t date;
};

/* Find or add a folder. path has its last slash. */
int catalog_find_folder(struct catalog *c, const char *bucket,
	const char *path, uint32_t *folder, struct err *e);

/*
 * Add one; b is what bkname_parse() said of text. The caller fills in size and
 * archived. Borrowed until the next addition; NULL on failure.
 */
struct catalog_entry *catalog_add(struct catalog *c, uint32_t folder,
	const char *text, const struct bkname *b, struct err *e);
int catalog_add_leftover(struct catalog *c, uint32_t folder,
	const char *text, int64_t time, const char *upload_id, struct err *e);

/* By folder, NAME, time from the newest, text. */
int catalog_compare(const void *a, const void *b);
void catalog_sort(struct catalog *c);

bool catalog_is_archived(const char *storage_class);

/* The server's clock as a listing told it; the earliest is believed. */
void catalog_take_date(struct catalog *c, int64_t date);

#endif
