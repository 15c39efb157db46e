/*
 * What a backup is called.
 */
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>

#include "err.h"
#include "place.h"

/*
 * Keep {db}, {label} (a NAME for tools), {name} (as it stands in names of
 * files) and {globals} (yes or nothing).
 */
int names_keep(const struct place *p, const char *db, const char *label,
	bool is_globals, struct err *e);

/*
 * What a name ends in, by the first word of ENCRYPT_CMD, which may stand in
 * quotes; "" without a command.
 */
const char *names_suffix(const char *command);

#endif
