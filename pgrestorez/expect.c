/*
 * Partitions that were loaded through their root may be spread another way
 * over it now; so only their union can be compared.
 */
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "json.h"
#include "mem.h"

#define TEXT_MAX ((size_t)4 << 20)

/* The bytes of a name, to be freed; NULL on failure. */
static char *
raw(const json_t *name, const char *encoding, struct err *e)
{
	struct buf b = BUF_INIT(TEXT_MAX);
	char *copy = NULL;

	json_put_raw(&b, name, encoding);
	if (buf_check(&b, "a name", e) == 0)
		copy = mem_dup(buf_text(&b), e);
	buf_free(&b);
	return copy;
}

static char *
list_columns(const json_t *columns, const char *encoding, struct pg *c,
	struct err *e)
{
	struct buf list = BUF_INIT(TEXT_MAX), name = BUF_INIT(TEXT_MAX);
	char *copy = NULL;
	json_t *one;
	size_t i;

	json_array_foreach(columns, i, one) {
		buf_reset(&name);
		json_put_raw(&name, one, encoding);
		buf_puts(&list, i > 0 ? ", " : "");
		pg_put_name(c, &list, buf_text(&name));
	}
	if (buf_check(&list, "a list of columns", e) == 0)
		copy = mem_dup(buf_text(&list), e);
	buf_free(&list);
	buf_free(&name);
	return copy;
}

static uint64_t
number(const json_t *line, const char *key)
{
	return (uint64_t)json_integer_value(json_object_get(line, key));
}

static int
read_sum(struct rowsum *sum, const json_t *line, struct err *e)
{
	const char *hex = json_string_value(json_object_get(line, "digest"));
	char *end = NULL;

	sum->rows = number(line, "rows");
	sum->bytes = number(line, "bytes");
	if (hex != NULL)
		sum->digest = strtoull(hex, &end, 16);
	if (end != NULL && *end == '\0' && strlen(hex) == 16)
		return 0;
	return err_set(e, ERR_VERDICT, "the manifest has a table without a "
	    "digest");
}

/* The table of that root, if there was one before. */
static struct expect_table *
find_root(const struct expect *x, const char *root)
{
	size_t i;

	for (i = x->len; i > 0; i--)
		if (x->tables[i - 1].has_parts &&
		    strcmp(x->tables[i - 1].name, root) == 0)
			return &x->tables[i - 1];
	return NULL;
}

static int
add(struct expect *x, const json_t *line, const char *encoding, struct pg *c,
	struct err *e)
{
	const json_t *root = json_object_get(line, "root");
	const json_t *condition = json_object_get(line, "condition");
	struct expect_table t = { .has_parts = root != NULL }, *before = NULL;
	struct rowsum sum = { 0 };
	int rc = -1;

	t.name = raw(root != NULL ? root : json_object_get(line, "table"),
	    encoding, e);
	t.columns = list_columns(json_object_get(line, "columns"), encoding, c,
	    e);
	if (t.name == NULL || t.columns == NULL ||
	    read_sum(&sum, line, e) != 0)
		goto out;
	if (condition != NULL &&
	    (t.condition = raw(condition, encoding, e)) == NULL)
		goto out;
	if (root != NULL)
		before = find_root(x, t.name);
	rc = 0;
	if (before == NULL) {
		t.want = sum;
		x->tables[x->len++] = t;
		return 0;
	}
	rowsum_merge(&before->want, &sum);
	before->mixed |= strcmp(before->columns, t.columns) != 0;
out:
	free(t.name);
	free(t.columns);
	free(t.condition);
	return rc;
}

int
expect_read(struct expect *x, const json_t *manifest, struct pg *c,
	struct err *e)
{
	const json_t *lines = json_object_get(manifest, "tables");
	const char *encoding = json_string_value(json_object_get(manifest,
	    "encoding"));
	json_t *line;
	size_t i;

	memset(x, 0, sizeof(*x));
	if (encoding == NULL)
		return err_set(e, ERR_VERDICT, "the manifest tells no "
		    "encoding");
	x->tables = mem_new(json_array_size(lines) + 1, sizeof(*x->tables), e);
	if (x->tables == NULL)
		return -1;
	json_array_foreach(lines, i, line)
		if (add(x, line, encoding, c, e) != 0)
			return -1;
	return 0;
}

void
expect_free(struct expect *x)
{
	size_t i;

	for (i = 0; i < x->len; i++) {
		free(x->tables[i].name);
		free(x->tables[i].columns);
		free(x->tables[i].condition);
		free(x->tables[i].missing);
	}
	free(x->tables);
	memset(x, 0, sizeof(*x));
}
