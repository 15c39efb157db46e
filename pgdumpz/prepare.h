/*
 * The SQL around the data: made on a thread of its own while the tables are
 * being locked and measured, which leaves a processor idle, and kept, already
 * compressed, until its place in the stream has come.
 */
#ifndef PREPARE_H
#define PREPARE_H

#include <jansson.h>

#include "archive.h"
#include "seal.h"

enum prepared_part { PREPARED_PRE, PREPARED_SERIAL, PREPARED_POST,
	PREPARED_ARCHIVE, PREPARED_PARTS };

struct prepared;

/* Begin; nobody else may read the archive's file meanwhile. */
struct prepared *prepare_begin(const struct archive *archive,
	const struct archive_source *from, struct err *e);

/* Wait until all parts are made. -1: one could not be made. */
int prepare_finish(struct prepared *p, struct err *e);

/* After that: write a part, if there is anything of it. */
int prepare_put(const struct prepared *p, enum prepared_part part,
	struct seal_writer *out, struct err *e);
json_t *prepare_sequences(const struct prepared *p);	/* borrowed */

void prepare_free(struct prepared *p);	/* waits; NULL is fine */

#endif
