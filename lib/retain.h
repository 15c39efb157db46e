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

struct retain_policy {
	bool has_days;
	uint64_t days;		/* older than days × 24 h goes; 0: every one */
	uint64_t keep_last;	/* at least 1: the newest always stays */
	uint64_t daily, weekly, monthly, yearly;	/* 0: no such rule */
};

enum retain_state {
	RETAIN_WHOLE,		/* seal read back */
	RETAIN_UNVERIFIED,	/* encrypted or archived: counts, marked so */
	RETAIN_UNSEALED,	/* no seal where one is due: kept, never counts */
	RETAIN_UNKNOWN		/* not looked at yet */
};

struct retain_item {
	int64_t time;		/* from the name */
	enum retain_state state;
	bool keep;		/* out */
	char why[64];		/* out: reason, for people and logs */
};

struct retain_set {
	struct retain_item *items;	/* any order; one NAME */
	size_t len;
};

/*
 * Decide. now is the clock (the server's on S3); names more than 26 h ahead
 * of it are kept and count for nothing. Age is counted from the earlier of
 * now and the newest believable backup. Non-whole items don't count towards
 * a rule. Ties (equal times) share a decision. A non-empty set keeps at least
 * one item.
 *
 * Since reading a seal back costs a request, ask(i, ctx) is called for an
 * item in state RETAIN_UNKNOWN only when it would count; it returns its state,
 * or -1 to give up (then retain_mark returns -1). ask may be NULL when no item
 * is unknown.
 */
int retain_mark(struct retain_set *set, const struct retain_policy *policy,
	int64_t now, int (*ask)(size_t i, void *ctx), void *ctx);

/* ERR_USAGE when no rule is given or one is out of range. */
int retain_check_policy(const struct retain_policy *policy, struct err *e);

#endif
