/*
 * JSON values out of the server's texts.
 */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>

#include "buf.h"

/*
 * A name in a database of that encoding. JSON is Unicode, and a COPY line holds
 * the very bytes; so where the encoding is not UTF8, or the bytes are not well
 * formed, each byte stands as the code point of its value (U+0000 to U+00FF).
 */
json_t *json_name(const char *name, const char *encoding);

/* Append the bytes of such a name; nothing when it is no string. */
void json_put_raw(struct buf *out, const json_t *name, const char *encoding);

#endif
