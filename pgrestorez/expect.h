/*
 * What a manifest expects of the tables of a database, and what was found.
 */
#ifndef EXPECT_H
#define EXPECT_H

#include <jansson.h>

#include "copysql.h"
#include "err.h"
#include "pg.h"
#include "rowsum.h"

struct expect_table {
	char *name;		/* qualified, quoted; bytes of the database's */
	char *columns;		/* quoted */
	char *condition;	/* or NULL */
	bool has_parts;		/* many tables of the backup, by their root */
	bool mixed;		/* whose columns are not in the same order */
	bool vague;		/* has types with another text form here */
	struct rowsum want, got;
	char *missing;		/* why it can't be read, or NULL */
	uint64_t blocks;	/* of its storage here; 0: not to be split */
};

struct expect {
	struct expect_table *tables;
	size_t len;
};

/* Read the tables of a manifest. c quotes names. */
int expect_read(struct expect *x, const json_t *manifest, struct pg *c,
	struct err *e);
void expect_free(struct expect *x);

#endif
