/*
 * What a backup says it holds: the JSON lines of its MANIFEST members, made
 * readable for people and for programs.
 */
#ifndef MANIFEST_H
#define MANIFEST_H

#include <jansson.h>

#include "buf.h"
#include "err.h"

/*
 * Read lines "-- pgdumpz: {…}": the object of the first with the others as
 * arrays: "tables", "sequences", "large_objects" an object. Unknown lines are
 * left out. To be freed with json_decref(); NULL on failure, ERR_VERDICT for
 * what is no JSON.
 */
json_t *manifest_read(const struct buf *text, struct err *e);

/* Append a line for each table: rows, bytes, name. */
void manifest_list(const json_t *manifest, struct buf *out);

#endif
