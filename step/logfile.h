/*
 * Names of log files, one for each run: NAME-KIND_YYYYMMDD_HHMMSS.log, in UTC.
 * Pure.
 */
#ifndef LOGFILE_H
#define LOGFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

/* Append the name for a run that began at that time. */
void logfile_put_name(struct buf *out, const char *name, const char *kind,
	int64_t time);

/* Is file such a name, of that NAME and KIND, and older than days? */
bool logfile_is_old(const char *file, const char *name, const char *kind,
	int64_t now, uint64_t days);

#endif
