/*
 * The state of the backups as Prometheus reads it, by the textfile collector
 * of its node_exporter.
 */
#ifndef METRICS_H
#define METRICS_H

#include <stdint.h>

#include "buf.h"
#include "pairs.h"

#define METRICS_FILE_MAX (4u << 20)

/*
 * Append the text of the metrics.
 *   now	when the run ended, UTC seconds
 *   pairs	first of the run: exit, seconds. Then db begins a database, of
 *		which follow ok (1 or 0), and for a good one bytes, rows,
 *		seconds.
 *   old	the text that is replaced, "" if none: from it come what a good
 *		backup told and this run doesn't; all databases, if it has none.
 * ERR_USAGE when pairs are other ones. Pure.
 */
int metrics_put(struct buf *out, int64_t now, const struct pairs *pairs,
	const char *old, struct err *e);

/* The same from and to a file, replaced in one step, readable by everyone. */
int metrics_write(const char *path, int64_t now, const struct pairs *pairs,
	struct err *e);

#endif
