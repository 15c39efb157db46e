/*
 * Between the files of again.
 */
#ifndef AGAIN_PRIVATE_H
#define AGAIN_PRIVATE_H

#include <stdbool.h>

#include "again.h"
#include "opt.h"

#define AGAIN_OPTIONS_MAX 24

/* What the driver's command line says. */
struct again {
	char driver[64];
	struct opt table[AGAIN_OPTIONS_MAX + 1];
	char names[AGAIN_OPTIONS_MAX][32];
	const char *values[AGAIN_OPTIONS_MAX];
	bool flags[AGAIN_OPTIONS_MAX];
	size_t len;
	bool is_plain;			/* --help or --version */
	bool tells;			/* of a run that was stopped */
	char argument[32];		/* what it is called, "" for none */
	const char *file;
	struct opt_list options;	/* -o */
	struct opt_list own;		/* of the driver's own for withconf */
	struct opt_list env, argv;
};

/* Fill an empty one, all but argv, from again_run()'s arguments. */
int again_read(struct again *a, char **args, size_t nargs, struct err *e);

#endif
