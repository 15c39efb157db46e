/*
 * Lifecycle rules: what they do to the backups, and the one that is ours. Pure.
 * Source: Amazon S3 User Guide, "Lifecycle configuration elements".
 */
#ifndef LIFECYCLE_H
#define LIFECYCLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "report.h"
#include "s3.h"
#include "wanted.h"

#define LIFECYCLE_RULES_MAX 1000	/* S3's own limit */

enum lifecycle_action {
	LIFECYCLE_ARCHIVE, LIFECYCLE_EXPIRE, LIFECYCLE_NONCURRENT,
	LIFECYCLE_ABORT, LIFECYCLE_ACTIONS
};

struct lifecycle_rule {
	char id[256];
	char prefix[S3_KEY_MAX + 1];
	char class[32];			/* of the transition */
	bool enabled;
	bool filtered;			/* by tags or sizes too */
	bool at_date;			/* something, not after days */
	bool acts[LIFECYCLE_ACTIONS];
	uint64_t days[LIFECYCLE_ACTIONS];
};

struct lifecycle {
	struct lifecycle_rule *rules;
	size_t count;
};

/* From the XML of S3, "" being none. */
int lifecycle_parse(struct lifecycle *l, const struct buf *xml,
	struct err *e);
void lifecycle_free(struct lifecycle *l);

/* Say what is missing for the backups, and what endangers them. */
int lifecycle_check(const struct lifecycle *l, const struct wanted *w,
	bool versioned, struct report *r, struct err *e);

/*
 * The XML to set: the rules of old but for ours, as they were, and ours. Which
 * is ours its id tells.
 */
int lifecycle_merge(const struct buf *old, const struct wanted *w,
	struct buf *out, struct err *e);

#endif
