/*
 * Large objects: pages of them as SQL, in members that any connection can
 * load in any order.
 */
#ifndef LOB_H
#define LOB_H

#include "member.h"
#include "plan.h"

/*
 * Group the large objects that the connection sees; *lobs is to free.
 * total gets their number.
 */
int lob_plan(struct pg *c, struct plan_lobs **lobs, size_t *n,
	uint64_t *total, struct err *e);

/*
 * Turn a row of copysql_put_lobs() into a statement; sum counts pages and
 * bytes, and has the digest of the rows.
 */
int lob_add(struct member *m, const char *row, size_t len,
	struct rowsum *sum, struct err *e);

#endif
