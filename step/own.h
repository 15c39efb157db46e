/*
 * The backups of {name} that are in BACKUP_DIR.
 */
#ifndef OWN_H
#define OWN_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "place.h"

/* Sorted by their names, the newest is the last. */
struct own {
	const char *dir, *name;		/* while they are listed */
	struct own_file {
		char *name;
		uint64_t size;
	} *files;
	size_t len, cap;
	struct err e;
};

/* An empty file is none. To be freed, unless it fails. */
int own_list(const struct place *p, struct own *own, struct err *e);
void own_free(struct own *own);

#endif
