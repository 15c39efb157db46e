/*
 * Names of backups as they are asked for: a name, a path or a URI. Pure.
 */
#ifndef FOUND_H
#define FOUND_H

#include <stdbool.h>

/* Behind the last slash, of either direction: no name of a backup has one. */
const char *found_base(const char *backup);

/* Is it encrypted, by its name? */
bool found_is_encrypted(const char *backup);

#endif
