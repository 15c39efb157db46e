/*
 * Backups that pgdumpz didn't make: pg_dump's plain text, gzipped or not. It has
 * no parts that could be loaded side by side, so psql runs it as a whole.
 */
#ifndef FOREIGN_H
#define FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "dumptext.h"
#include "err.h"

enum foreign_make {
	FOREIGN_NOT,		/* a sealed stream of pgdumpz */
	FOREIGN_GZIP,
	FOREIGN_PLAIN
};

struct foreign {
	enum foreign_make make;
	char encoding[32];	/* of the text; "" when it doesn't tell */
	struct dumptext text;	/* as far as it has been seen */
};

/*
 * Tell what begins with these bytes, before anything is made for it. ERR_VERDICT
 * when it is nothing that can be restored.
 */
int foreign_look(struct foreign *f, const void *head, size_t len,
	struct err *e);

#endif
