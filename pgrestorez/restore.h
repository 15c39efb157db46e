/*
 * A backup from standard input into a database.
 */
#ifndef RESTORE_H
#define RESTORE_H

#include "options.h"

int restore_run(const struct options *o, struct err *e);

#endif
