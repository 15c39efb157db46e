/*
 * What came of a verification, for people and for programs.
 */
#ifndef RESTORE_REPORT_H
#define RESTORE_REPORT_H

#include "options.h"
#include "verify.h"

/*
 * With --json one object on standard output. took_ms: how long the restore and
 * the verification took; the first is 0 with --verify-only.
 */
int report_verify(const struct options *o, const struct verify *v,
	const json_t *manifest, const int64_t took_ms[2], struct err *e);

#endif
