/*
 * A driver's options, and the driver run again under withconf.
 */
#ifndef AGAIN_H
#define AGAIN_H

#include <stddef.h>

#include "err.h"

/*
 * again SCRIPT OPTIONS [ARGUMENT]...: run SCRIPT with each option as a
 * variable OPT_NAME of its environment, a flag being "yes", and STEP_DRIVER
 * its name. It is run by withconf, which gets -c and -o, unless that is the
 * case already. OPTIONS are words, "name" for a flag, "name=" for one with a
 * value, "x/name" with a letter; in capitals, "NAME", for an argument.
 * -q, -c, -o, --help and --version are every driver's.
 * A run that leaves its directory was stopped: with the word "+stopped" SCRIPT
 * is run once more then, with OPT_STOPPED, to tell of it. Returns the exit status, or -1.
 */
int again_run(char **args, size_t nargs, struct err *e);

#endif
