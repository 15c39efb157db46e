/*
 * Which backups survive. One policy for S3 and for disk. Pure: no clock, no
 * I/O.
 */
#ifndef RETAIN_H
#define RETAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define RETAIN_NONE UINT64_MAX	/* this rule was not given */
#define RETAIN_AHEAD (26 * 3600)	/* further ahead is not believed: local
					 * time is up to 14 h off, and a day */

struct retain_policy {
	uint64_t days;		/* older than days × 24 h goes */
	uint64_t keep_last;	/* not given: 1, the newest always stays */
	uint64_t daily, weekly, monthly, yearly;	/* 0: none either */
};

#define RETAIN_POLICY_INIT { RETAIN_NONE, RETAIN_NONE, RETAIN_NONE, \
	RETAIN_NONE, RETAIN_NONE, RETAIN_NONE }

enum retain_state {
	RETAIN_WHOLE,		/* seal read back */
	RETAIN_UNVERIFIED,	/* encrypted or archived: counts, marked so */
	RETAIN_UNSEALED		/* no seal where one is due: kept, never counts */
};

/* Why an item stays; none of them: it goes. */
enum retain_rule {
	RETAIN_BY_LAST = 1,
	RETAIN_BY_DAYS = 2,
	RETAIN_BY_DAILY = 4,
	RETAIN_BY_WEEKLY = 8,
	RETAIN_BY_MONTHLY = 16,
	RETAIN_BY_YEARLY = 32,
	RETAIN_IS_UNSEALED = 64,	/* not by a rule: not ours to judge */
	RETAIN_IS_AHEAD = 128		/* not by a rule: its date can't be */
};

struct retain_item {
	int64_t time;		/* from the name */
	uint32_t id;		/* the caller's */
	uint8_t state;		/* enum retain_state */
	uint8_t why;		/* out: of enum retain_rule; 0: delete it */
};

struct retain_set {
	struct retain_item *items;	/* any order; sorted newest first */
	size_t len;
};

/* Is a name of that time too far ahead of the clock to be believed? */
bool retain_is_ahead(int64_t time, int64_t now);

/*
 * Decide.
 *   set     one NAME; comes back newest first, equal times by id
 *   now     the clock (the server's on S3), UTC seconds
 * What any rule wants stays. Names more than 26 h ahead of the clock are kept
 * and count for nothing; so do unsealed ones. Age is counted from the earlier
 * of now and the newest that counts. A period rule keeps the newest of each
 * of the N most recent periods that have one, UTC, ISO weeks. Equal times
 * share a decision. A non-empty set keeps at least one item, and a part of a
 * set never loses an item that the whole set keeps.
 */
void retain_mark(struct retain_set *set, const struct retain_policy *policy,
	int64_t now);

#define RETAIN_REASON_MAX 96

/* "last, daily, monthly; unverified" or "no rule keeps it", for people. */
const char *retain_reason(char out[RETAIN_REASON_MAX],
	const struct retain_item *item);

/* ERR_USAGE when no rule is given or one is out of range. */
int retain_check_policy(const struct retain_policy *policy, struct err *e);

#endif
