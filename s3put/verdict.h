/*
 * May what a source brings become an object? Each function returns 0, or -1
 * and an ERR_VERDICT that says why not and what to do.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "put.h"
#include "seal.h"

/* A pipe's stream must be sealed, unless its producer is trusted or ours. */
bool verdict_needs_seal(const struct put *p);

/*
 * Before anything is sent: a FILE that begins like a sealed stream must end
 * like one.
 */
int verdict_on_file(const struct put *p, struct err *e);

/*
 * At the first SEAL_HEADER_SIZE bytes, or all there are, of a stream that
 * needs a seal: does it begin like a sealed one?
 */
int verdict_on_start(const struct put *p, const void *data, size_t n,
	struct err *e);

/* At the end, when the watch has seen all bytes. */
int verdict_on_end(const struct put *p, enum seal_state state,
	struct err *e);

#endif
