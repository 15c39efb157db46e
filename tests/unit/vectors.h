/*
 * The AWS SDKs' own test data, where it is at hand: the directory that
 * PGDUMPZ_VECTORS names.
 */
#ifndef VECTORS_H
#define VECTORS_H

#include <jansson.h>

/* A file below credentials/, to release; NULL, and a note, when it is not. */
json_t *vectors_load(const char *name);

/* The text of a key; borrowed. */
const char *vectors_text(const json_t *object, const char *key);

#endif
