/*
 * The MANIFEST of pgdumpz(5): what a backup holds, one JSON object a line,
 * each behind "-- pgdumpz: ".
 */
#ifndef PGDUMPZ_MANIFEST_H
#define PGDUMPZ_MANIFEST_H

#include <jansson.h>

#include "seal.h"
#include "tables.h"

struct manifest {
	json_t *head;			/* the first line; borrowed */
	const struct tables *tables;
	json_t *sequences;		/* array of lines; borrowed */
	bool has_lobs;
	uint64_t lobs;			/* how many */
	struct rowsum lob_sum;		/* of their pages */
	const char *encoding;
};

int manifest_put(const struct manifest *what, struct seal_writer *out,
	struct err *e);

/* One line. Keys keep their order; what is not ASCII is escaped. Pure. */
int manifest_put_line(const json_t *line, struct buf *out, struct err *e);

#endif
