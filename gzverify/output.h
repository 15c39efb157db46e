/*
 * Where the checked bytes go: nowhere, to stdout, or into a file that appears
 * when it is whole, through a command perhaps.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct output;

/* path NULL or "-": stdout. filter: a command, only with a file; or NULL. */
struct output *output_begin(const char *path, const char *filter,
	struct err *e);

/* to: a struct output; of this form, as the hook of a check. */
int output_put(void *to, const void *data, size_t len, struct err *e);

/* After all else held. */
int output_commit(struct output *o, struct err *e);

/* A file that was not committed is gone. NULL is fine. */
void output_free(struct output *o);

#endif
