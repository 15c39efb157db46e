#include <stdlib.h>

#include "buf.h"
#include "tap.h"
#include "vectors.h"

json_t *
vectors_load(const char *name)
{
	const char *vectors = getenv("PGDUMPZ_VECTORS");
	struct buf path = BUF_INIT(4096);
	json_t *root;

	buf_printf(&path, "%s/credentials/%s", vectors != NULL ? vectors : "",
	    name);
	root = json_load_file(buf_text(&path), 0, NULL);
	if (root == NULL)
		tap_note("the SDKs' %s is not at hand", name);
	buf_free(&path);
	return root;
}

const char *
vectors_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}
