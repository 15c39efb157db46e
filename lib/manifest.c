/*
 * The manifest is checked by the seal; here its lines are only read. Names
 * come from a database and may hold anything, so they are escaped.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "manifest.h"

static const char prefix[] = "-- pgdumpz: ";

static int
no_memory(struct err *e)
{
	return err_set(e, ERR_LOCAL, "cannot get memory for the manifest");
}

/* Put a line's object where it belongs; takes it over. */
static int
add(json_t *all, json_t *line, struct err *e)
{
	int rc;

	if (json_object_get(line, "manifest") != NULL)
		rc = json_object_update_missing(all, line);
	else if (json_object_get(line, "table") != NULL)
		return json_array_append_new(json_object_get(all, "tables"),
		    line) == 0 ? 0 : no_memory(e);
	else if (json_object_get(line, "sequence") != NULL)
		return json_array_append_new(json_object_get(all, "sequences"),
		    line) == 0 ? 0 : no_memory(e);
	else
		rc = json_object_get(line, "large_objects") == NULL ? 0 :
		    json_object_update_missing(all, line);
	json_decref(line);
	return rc == 0 ? 0 : no_memory(e);
}

static int
read_line(json_t *all, const char *line, size_t len, struct err *e)
{
	json_error_t why;
	json_t *object;

	if (len < strlen(prefix) || memcmp(line, prefix, strlen(prefix)) != 0)
		return 0;
	line += strlen(prefix);
	len -= strlen(prefix);
	object = json_loadb(line, len, JSON_REJECT_DUPLICATES, &why);
	if (object == NULL)
		return err_set(e, ERR_VERDICT, "the manifest is no JSON: %s",
		    why.text);
	return add(all, object, e);
}

json_t *
manifest_read(const struct buf *text, struct err *e)
{
	json_t *all = json_pack("{s:[], s:[]}", "tables", "sequences");
	const char *p = buf_text(text), *end = p + text->len, *eol;

	if (all == NULL) {
		no_memory(e);
		return NULL;
	}
	for (; p < end; p = eol + 1) {
		if ((eol = memchr(p, '\n', (size_t)(end - p))) == NULL)
			eol = end;
		if (read_line(all, p, (size_t)(eol - p), e) != 0) {
			json_decref(all);
			return NULL;
		}
	}
	return all;
}

static void
list_one(struct buf *out, json_int_t rows, json_int_t bytes, const char *name)
{
	char safe[512];

	err_escape(safe, sizeof(safe), name, strlen(name));
	buf_printf(out, "%12lld %15lld  %s\n", (long long)rows,
	    (long long)bytes, safe);
}

void
manifest_list(const json_t *manifest, struct buf *out)
{
	const json_t *tables = json_object_get(manifest, "tables");
	const json_t *lo = json_object_get(manifest, "large_objects");
	const char *name;
	const json_t *t;
	size_t i;

	json_array_foreach(tables, i, t) {
		name = json_string_value(json_object_get(t, "table"));
		list_one(out, json_integer_value(json_object_get(t, "rows")),
		    json_integer_value(json_object_get(t, "bytes")),
		    name != NULL ? name : "?");
	}
	if (lo != NULL)
		list_one(out, json_integer_value(json_object_get(lo, "count")),
		    json_integer_value(json_object_get(lo, "bytes")),
		    "(large objects)");
}
