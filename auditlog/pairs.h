/*
 * KEY=VALUE arguments.
 */
#ifndef PAIRS_H
#define PAIRS_H

#include <stddef.h>

#include "err.h"

struct pair {
	char *key;
	const char *value;	/* borrowed from the argument */
};

struct pairs {
	struct pair *items;
	size_t len;
};

/*
 * Split args. ERR_USAGE when a key is none of the grammar's (logline.h), or
 * one of reserved, a list that NULL ends. A key may come more than once.
 */
int pairs_parse(struct pairs *p, char **args, size_t nargs,
	const char *const *reserved, struct err *e);
void pairs_free(struct pairs *p);

/* The last value of key, or NULL. */
const char *pairs_get(const struct pairs *p, const char *key);

#endif
