/*
 * "Only backups that were begun before that time", as a restore is asked for
 * it: what is compared is the date in their names.
 */
#ifndef BEFORE_H
#define BEFORE_H

#include "err.h"

#define BEFORE_SIZE sizeof("YYYYMMDD_HHMMSS")

/*
 * "2026-11-20", "2026-11-20 03:00", "2026-11-20T03:00:00Z" or
 * "20261120_030000", always UTC, as "20261120_030000"; what is left out is
 * zero. A day that its month lacks is fine: it compares all the same.
 * ERR_USAGE otherwise. Pure.
 */
int before_parse(const char *text, char out[BEFORE_SIZE], struct err *e);

#endif
