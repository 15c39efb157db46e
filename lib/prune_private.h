/*
 * For prune's own files.
 */
#ifndef PRUNE_PRIVATE_H
#define PRUNE_PRIVATE_H

#include "prune.h"

/* What became of looking at a seal; above enum retain_state. */
#define PRUNE_GONE 0xff

struct prune {
	struct catalog *catalog;
	struct s3 *s3;
	const struct prune_options *options;
	struct prune_counts *counts;
	const struct catalog_entry *entries;
	size_t len;
	struct retain_item *items;	/* len of them; id: of the entry */
	size_t planned;		/* of them: entries that are still there */
	struct buf lines;	/* decisions not written yet */
};

/*
 * Find out whether every entry has its seal: fills in items[i].state of
 * entry i, with an enum retain_state or PRUNE_GONE.
 */
int prune_look_at_seals(struct prune *p, struct err *e);

/* Carry the plan out, and say so. */
int prune_carry_out(struct prune *p, struct err *e);
int prune_clear_leftovers(struct prune *p, struct err *e);

/* As s3_delete(), but every version of each key, and its delete markers. */
int prune_delete_versions(struct prune *p, const struct s3_doomed *what,
	struct err *e);

/* Key or path of a file name in a folder. */
void prune_put_path(const struct prune *p, struct buf *out, uint32_t folder,
	const char *text);

/* Note a decision; written by prune_flush(), or before when there are many. */
int prune_say(struct prune *p, const char *verb, uint32_t folder,
	const char *text, const char *reason, struct err *e);
int prune_flush(struct prune *p, struct err *e);

#endif
