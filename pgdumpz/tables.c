/*
 * pg_dump knows which tables have data; a few queries tell how to read them,
 * by the rules that pg_dump follows when it does it itself.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "num.h"
#include "tables.h"

#define SQL_MAX ((size_t)64 << 20)

static int
compare_oid(const void *a, const void *b)
{
	uint32_t x = ((const struct table *)a)->oid;
	uint32_t y = ((const struct table *)b)->oid;

	return (x > y) - (x < y);
}

struct table *
tables_find(const struct tables *t, uint32_t oid)
{
	struct table key = { .oid = oid };

	if (t->len == 0)
		return NULL;
	return bsearch(&key, t->items, t->len, sizeof(key), compare_oid);
}

void
tables_put_oids(const struct tables *t, struct buf *out)
{
	size_t i;

	buf_puts(out, "'{");
	for (i = 0; i < t->len; i++)
		buf_printf(out, "%s%lu", i > 0 ? "," : "",
		    (unsigned long)t->items[i].oid);
	buf_puts(out, "}'::pg_catalog.oid[]");
}

/* Run "before OIDS after"; each() takes a row whose first column is an OID. */
static int
for_rows(struct tables *t, struct pg *c, const char *before,
	const char *after,
	int (*each)(struct table *t, const PGresult *r, int row,
	    struct err *e),
	struct err *e)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	PGresult *r = NULL;
	struct table *one;
	uint64_t oid;
	int i, rc;

	buf_puts(&sql, before);
	tables_put_oids(t, &sql);
	buf_puts(&sql, after);
	rc = buf_check(&sql, "a query", e);
	if (rc == 0 && (r = pg_query(c, buf_text(&sql), e)) == NULL)
		rc = -1;
	for (i = 0; rc == 0 && i < PQntuples(r); i++) {
		if (num_parse_u64(PQgetvalue(r, i, 0), &oid) != 0 ||
		    (one = tables_find(t, (uint32_t)oid)) == NULL)
			continue;
		rc = each(one, r, i, e);
	}
	PQclear(r);
	buf_free(&sql);
	return rc;
}

static int
take_name(struct table *t, const PGresult *r, int row, struct err *e)
{
	t->kind = *PQgetvalue(r, row, 4);
	t->is_heap = *PQgetvalue(r, row, 5) == 't';
	if ((t->schema = mem_dup(PQgetvalue(r, row, 1), e)) == NULL ||
	    (t->name = mem_dup(PQgetvalue(r, row, 2), e)) == NULL ||
	    (t->sql = mem_dup(PQgetvalue(r, row, 3), e)) == NULL)
		return -1;
	return 0;
}

static int
take_column(struct table *t, const PGresult *r, int row, struct err *e)
{
	struct buf list = BUF_INIT(1 << 20);
	char **columns = realloc(t->columns,
	    (t->ncolumns + 1) * sizeof(*columns));

	if (columns == NULL)
		return err_set(e, ERR_LOCAL, "no memory for columns");
	t->columns = columns;
	columns[t->ncolumns] = mem_dup(PQgetvalue(r, row, 1), e);
	if (columns[t->ncolumns] == NULL)
		return -1;
	t->ncolumns++;
	if (t->list != NULL)
		buf_printf(&list, "%s, ", t->list);
	buf_puts(&list, PQgetvalue(r, row, 2));
	if (buf_check(&list, "a list of columns", e) != 0) {
		buf_free(&list);
		return -1;
	}
	free(t->list);
	t->list = list.data;
	return 0;
}

static int
take_root(struct table *t, const PGresult *r, int row, struct err *e)
{
	t->root = mem_dup(PQgetvalue(r, row, 1), e);
	return t->root != NULL ? 0 : -1;
}

static int
take_condition(struct table *t, const PGresult *r, int row, struct err *e)
{
	t->condition = mem_dup(PQgetvalue(r, row, 1), e);
	return t->condition != NULL ? 0 : -1;
}

static int
take_size(struct table *t, const PGresult *r, int row, struct err *e)
{
	(void)e;
	/* NULL for what has no storage */
	(void)num_parse_u64(PQgetvalue(r, row, 1), &t->size);
	(void)num_parse_u64(PQgetvalue(r, row, 2), &t->blocks);
	return 0;
}

/*
 * pg_dump loads a partition through its root when it is asked to, and when an
 * ancestor is partitioned by the hash of an enum, since that depends on OIDs,
 * which are others after a restore.
 */
static int
load_roots(struct tables *t, struct pg *c, bool via_root, struct err *e)
{
	return for_rows(t, c,
	    "WITH RECURSIVE up(leaf, parent) AS ("
	    " SELECT i.inhrelid, i.inhparent FROM pg_catalog.pg_inherits i"
	    " JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid"
	    " WHERE c.relispartition AND i.inhrelid = ANY(",
	    via_root ?
	    ") UNION ALL SELECT up.leaf, i.inhparent FROM up"
	    " JOIN pg_catalog.pg_inherits i ON i.inhrelid = up.parent"
	    " JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid"
	    " WHERE c.relispartition)"
	    " SELECT up.leaf, pg_catalog.quote_ident(n.nspname) || '.' ||"
	    " pg_catalog.quote_ident(c.relname) FROM up"
	    " JOIN pg_catalog.pg_class c ON c.oid = up.parent"
	    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	    " WHERE NOT c.relispartition" :
	    ") UNION ALL SELECT up.leaf, i.inhparent FROM up"
	    " JOIN pg_catalog.pg_inherits i ON i.inhrelid = up.parent"
	    " JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid"
	    " WHERE c.relispartition)"
	    " SELECT up.leaf, pg_catalog.quote_ident(n.nspname) || '.' ||"
	    " pg_catalog.quote_ident(c.relname) FROM up"
	    " JOIN pg_catalog.pg_class c ON c.oid = up.parent"
	    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	    " WHERE NOT c.relispartition AND up.leaf IN (SELECT u.leaf"
	    " FROM up u JOIN pg_catalog.pg_partitioned_table p"
	    " ON p.partrelid = u.parent WHERE p.partstrat = 'h' AND"
	    " (SELECT o.oid FROM pg_catalog.pg_opclass o"
	    " JOIN pg_catalog.pg_am a ON a.oid = o.opcmethod"
	    " WHERE o.opcname = 'enum_ops' AND a.amname = 'hash'"
	    " AND o.opcnamespace = 'pg_catalog'::pg_catalog.regnamespace)"
	    " = ANY(p.partclass))", take_root, e);
}

static int
load_details(struct tables *t, struct pg *c, bool via_root, struct err *e)
{
	/* generated columns came with version 12 */
	const char *live = pg_server_version(c) >= 120000 ?
	    ") AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''"
	    " ORDER BY a.attrelid, a.attnum" :
	    ") AND a.attnum > 0 AND NOT a.attisdropped"
	    " ORDER BY a.attrelid, a.attnum";

	if (for_rows(t, c, "SELECT c.oid, n.nspname, c.relname,"
	    " pg_catalog.quote_ident(n.nspname) || '.' ||"
	    " pg_catalog.quote_ident(c.relname), c.relkind,"
	    " am.amname = 'heap' FROM pg_catalog.pg_class c"
	    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	    " LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam"
	    " WHERE c.oid = ANY(", ")", take_name, e) != 0 ||
	    for_rows(t, c, "SELECT a.attrelid, a.attname,"
	    " pg_catalog.quote_ident(a.attname)"
	    " FROM pg_catalog.pg_attribute a WHERE a.attrelid = ANY(", live,
	    take_column, e) != 0 ||
	    for_rows(t, c, "SELECT u.oid, u.condition"
	    " FROM pg_catalog.pg_extension x, unnest(x.extconfig,"
	    " x.extcondition) u(oid, condition) WHERE u.condition <> ''"
	    " AND u.oid = ANY(", ")", take_condition, e) != 0)
		return -1;
	return load_roots(t, c, via_root, e);
}

static int
check_complete(const struct tables *t, struct err *e)
{
	size_t i;

	for (i = 0; i < t->len; i++)
		if (t->items[i].sql == NULL)
			return err_set(e, ERR_LOCAL, "cannot find the table "
			    "of OID %lu that pg_dump lists",
			    (unsigned long)t->items[i].oid);
	return 0;
}

int
tables_load(struct tables *t, struct pg *c, const struct toc *toc,
	bool via_root, struct err *e)
{
	size_t i;
	int rc = 0;

	memset(t, 0, sizeof(*t));
	if ((t->items = mem_new(toc->len, sizeof(*t->items), e)) == NULL)
		return -1;
	for (i = 0; i < toc->len; i++)
		if (toc->entries[i].kind == TOC_TABLE)
			t->items[t->len++].oid = toc->entries[i].oid;
	if (t->len > 0) {
		qsort(t->items, t->len, sizeof(*t->items), compare_oid);
		rc = load_details(t, c, via_root, e);
	}
	if (rc == 0)
		rc = check_complete(t, e);
	if (rc != 0)
		tables_free(t);
	return rc;
}

int
tables_measure(struct tables *t, struct pg *c, struct err *e)
{
	if (t->len == 0)
		return 0;
	/* pg_table_size() would look for a dozen files of each table */
	return for_rows(t, c, "SELECT oid, own + coalesce(toast, 0),"
	    " own / pg_catalog.current_setting('block_size')::pg_catalog.int8"
	    " FROM (SELECT oid, pg_catalog.pg_relation_size(oid) AS own,"
	    " pg_catalog.pg_relation_size(nullif(reltoastrelid, 0)) AS toast"
	    " FROM pg_catalog.pg_class WHERE oid = ANY(", ") OFFSET 0) s",
	    take_size, e);
}

void
tables_free(struct tables *t)
{
	struct table *one;
	size_t i;

	for (one = t->items; one < t->items + t->len; one++) {
		for (i = 0; i < one->ncolumns; i++)
			free(one->columns[i]);
		free(one->columns);
		free(one->list);
		free(one->sql);
		free(one->schema);
		free(one->name);
		free(one->root);
		free(one->condition);
		free(one->cuts);
	}
	free(t->items);
	memset(t, 0, sizeof(*t));
}
