/*
 * Names reach a comment only as JSON strings of ASCII, which can hold no
 * newline; so no name can ever end the comment and become SQL.
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "manifest.h"
#include "member.h"

#define LINE_MAX_BYTES ((size_t)64 << 20)
#define LEVEL 7

int
manifest_put_line(const json_t *line, struct buf *out, struct err *e)
{
	char *text = json_dumps(line, JSON_COMPACT | JSON_ENSURE_ASCII |
	    JSON_PRESERVE_ORDER);

	if (text == NULL)
		return err_set(e, ERR_LOCAL, "no memory for the manifest");
	buf_printf(out, "-- pgdumpz: %s\n", text);
	free(text);
	return buf_check(out, "a line of the manifest", e);
}

static int
add_line(struct member *m, const json_t *line, struct err *e)
{
	struct buf b = BUF_INIT(LINE_MAX_BYTES);
	int rc = manifest_put_line(line, &b, e);

	if (rc == 0)
		rc = member_add(m, b.data, b.len, e);
	buf_free(&b);
	return rc;
}

static json_t *
make_digest(const struct rowsum *sum)
{
	char digest[17];

	(void)snprintf(digest, sizeof(digest), "%016llx",
	    (unsigned long long)sum->digest);
	return json_string(digest);
}

static json_t *
make_table(const struct table *t, const char *encoding)
{
	json_t *j = json_object(), *columns = json_array();
	size_t i;

	for (i = 0; i < t->ncolumns; i++)
		(void)json_array_append_new(columns,
		    json_name(t->columns[i], encoding));
	(void)json_object_set_new(j, "table", json_name(t->sql, encoding));
	(void)json_object_set_new(j, "schema",
	    json_name(t->schema, encoding));
	(void)json_object_set_new(j, "name", json_name(t->name, encoding));
	(void)json_object_set_new(j, "oid", json_integer(t->oid));
	(void)json_object_set_new(j, "columns", columns);
	if (t->root != NULL)
		(void)json_object_set_new(j, "root",
		    json_name(t->root, encoding));
	if (t->condition != NULL)
		(void)json_object_set_new(j, "condition",
		    json_name(t->condition, encoding));
	(void)json_object_set_new(j, "rows",
	    json_integer((json_int_t)t->sum.rows));
	(void)json_object_set_new(j, "bytes",
	    json_integer((json_int_t)t->sum.bytes));
	(void)json_object_set_new(j, "digest", make_digest(&t->sum));
	return j;
}

static int
add_tables(struct member *m, const struct manifest *what, struct err *e)
{
	size_t i;
	json_t *j;
	int rc = 0;

	for (i = 0; rc == 0 && i < what->tables->len; i++) {
		j = make_table(&what->tables->items[i], what->encoding);
		rc = add_line(m, j, e);
		json_decref(j);
	}
	return rc;
}

static int
add_lobs(struct member *m, const struct manifest *what, struct err *e)
{
	json_t *j;
	int rc;

	if (!what->has_lobs)
		return 0;
	j = json_pack("{s:{s:I, s:I, s:o}}", "large_objects",
	    "count", (json_int_t)what->lobs,
	    "bytes", (json_int_t)what->lob_sum.bytes,
	    "digest", make_digest(&what->lob_sum));
	rc = add_line(m, j, e);
	json_decref(j);
	return rc;
}

int
manifest_put(const struct manifest *what, struct seal_writer *out,
	struct err *e)
{
	struct member m;
	const json_t *j;
	size_t i;
	int rc = member_init(&m, out, LEVEL, e);

	member_begin(&m, SEAL_MANIFEST, "", "");
	if (rc == 0)
		rc = add_line(&m, what->head, e);
	if (rc == 0)
		rc = add_tables(&m, what, e);
	json_array_foreach(what->sequences, i, j)
		if (rc == 0)
			rc = add_line(&m, j, e);
	if (rc == 0)
		rc = add_lobs(&m, what, e);
	if (rc == 0)
		rc = member_end(&m, e);
	member_free(&m);
	return rc;
}
