/*
 * New objects don't matter: the snapshot has none of them, and neither has
 * pg_dump. So both results are walked by their keys, from before's side.
 */
#include <stdlib.h>
#include <string.h>

#include "drift.h"
#include "mem.h"
#include "num.h"

#define SQL_MAX ((size_t)64 << 20)

static uint64_t
number_at(const PGresult *r, int row, int column)
{
	uint64_t n = 0;

	(void)num_parse_u64(PQgetvalue(r, row, column), &n);
	return n;
}

/* -- tables ------------------------------------------------------------- */

static PGresult *
look_at_tables(const struct tables *t, struct pg *c, struct err *e)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	PGresult *r = NULL;

	buf_puts(&sql, "SELECT c.oid, pg_catalog.quote_ident(n.nspname) || "
	    "'.' || pg_catalog.quote_ident(c.relname), pg_catalog.concat_ws("
	    "' ', c.relfilenode, c.relkind, n.nspname, c.relname, "
	    "(SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', "
	    "a.attnum, a.attname, a.atttypid, a.atttypmod), ',' "
	    "ORDER BY a.attnum) FROM pg_catalog.pg_attribute a "
	    "WHERE a.attrelid = c.oid AND a.attnum > 0 AND "
	    "NOT a.attisdropped)) FROM pg_catalog.pg_class c "
	    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ");
	if (t != NULL) {
		buf_puts(&sql, "c.oid = ANY(");
		tables_put_oids(t, &sql);
		buf_puts(&sql, ")");
	} else
		buf_puts(&sql, "c.relkind IN ('r', 'p') AND "
		    "c.relpersistence <> 't' AND c.oid >= 16384");
	buf_puts(&sql, " ORDER BY c.oid");
	if (buf_check(&sql, "a query", e) == 0)
		r = pg_query(c, buf_text(&sql), e);
	buf_free(&sql);
	return r;
}

static int
compare_tables(const PGresult *before, const PGresult *after,
	struct lock_names *offenders, struct err *e)
{
	uint64_t oid;
	int i, j = 0, n = 0, end = PQntuples(after);
	bool found;

	for (i = 0; i < PQntuples(before); i++) {
		oid = number_at(before, i, 0);
		while (j < end && number_at(after, j, 0) < oid)
			j++;
		found = j < end && number_at(after, j, 0) == oid;
		if (found && strcmp(PQgetvalue(before, i, 2),
		    PQgetvalue(after, j, 2)) == 0)
			continue;
		n++;
		/* another table may have the name by now: a job's, that
		 * makes it anew each time */
		if (lock_names_add(offenders, PQgetvalue(before, i, 1),
		    e) != 0 || (found && lock_names_add(offenders,
		    PQgetvalue(after, j, 1), e) != 0))
			return -1;
	}
	return n;
}

/* -- other objects ------------------------------------------------------ */

/*
 * Their versions: the transaction that wrote the row, where nothing but a
 * change of the object does that; names, where grants or REINDEX do it, too.
 * What belongs to a table has that as its second key.
 */
static const char objects[] =
	"SELECT * FROM ("
	"SELECT tableoid AS class, oid, tableoid AS of_class, oid AS of, "
	"pg_catalog.concat_ws(' ', relkind, relnamespace, relname) AS version "
	"FROM pg_catalog.pg_class "
	"WHERE relkind NOT IN ('r', 'p', 't') AND relpersistence <> 't' "
	"UNION ALL SELECT tableoid, oid, tableoid, oid, nspname "
	"FROM pg_catalog.pg_namespace "
	"WHERE nspname !~ '^pg_(temp|toast_temp)_' "
	"UNION ALL SELECT tableoid, oid, tableoid, oid, xmin::text "
	"FROM pg_catalog.pg_type "
	"WHERE NOT pg_catalog.pg_is_other_temp_schema(typnamespace) "
	"UNION ALL SELECT tableoid, oid, 'pg_catalog.pg_type'::"
	"pg_catalog.regclass, enumtypid, xmin::text "
	"FROM pg_catalog.pg_enum "
	"UNION ALL SELECT tableoid, oid, tableoid, oid, xmin::text "
	"FROM pg_catalog.pg_proc "
	"WHERE NOT pg_catalog.pg_is_other_temp_schema(pronamespace) "
	"UNION ALL SELECT tableoid, oid, 'pg_catalog.pg_class'::"
	"pg_catalog.regclass, conrelid, xmin::text "
	"FROM pg_catalog.pg_constraint "
	"WHERE NOT pg_catalog.pg_is_other_temp_schema(connamespace) "
	"UNION ALL SELECT tableoid, oid, 'pg_catalog.pg_class'::"
	"pg_catalog.regclass, adrelid, xmin::text "
	"FROM pg_catalog.pg_attrdef "
	"UNION ALL SELECT tableoid, oid, 'pg_catalog.pg_class'::"
	"pg_catalog.regclass, ev_class, xmin::text "
	"FROM pg_catalog.pg_rewrite "
	"UNION ALL SELECT tableoid, oid, 'pg_catalog.pg_class'::"
	"pg_catalog.regclass, tgrelid, xmin::text "
	"FROM pg_catalog.pg_trigger "
	"UNION ALL SELECT tableoid, oid, 'pg_catalog.pg_class'::"
	"pg_catalog.regclass, polrelid, xmin::text "
	"FROM pg_catalog.pg_policy"
	") o WHERE oid >= 16384 ORDER BY class, oid";

/* By class and OID, in one number. */
static uint64_t
key_at(const PGresult *r, int row, int column)
{
	return number_at(r, row, column) << 32 | number_at(r, row, column + 1);
}

static int
compare_keys(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

struct keys {
	uint64_t *items;	/* NULL: all there are */
	size_t len;
};

static int
keys_load(struct keys *k, const struct toc *toc, struct err *e)
{
	size_t i;

	k->items = mem_new(toc->len, sizeof(*k->items), e);
	if (k->items == NULL)
		return -1;
	for (i = 0; i < toc->len; i++)
		k->items[i] = (uint64_t)toc->entries[i].class << 32 |
		    toc->entries[i].oid;
	k->len = toc->len;
	qsort(k->items, k->len, sizeof(*k->items), compare_keys);
	return 0;
}

static bool
keys_have(const struct keys *k, uint64_t key)
{
	return k->items == NULL || bsearch(&key, k->items, k->len,
	    sizeof(key), compare_keys) != NULL;
}

static int
count_changes(const PGresult *before, const PGresult *after,
	const struct keys *listed)
{
	uint64_t key;
	int i, j = 0, n = 0, end = PQntuples(after);

	for (i = 0; i < PQntuples(before); i++) {
		key = key_at(before, i, 0);
		while (j < end && key_at(after, j, 0) < key)
			j++;
		if (j < end && key_at(after, j, 0) == key &&
		    strcmp(PQgetvalue(before, i, 4),
		    PQgetvalue(after, j, 4)) == 0)
			continue;
		n += keys_have(listed, key) ||
		    keys_have(listed, key_at(before, i, 2));
	}
	return n;
}

static int
compare_objects(const PGresult *before, const PGresult *after,
	const struct toc *listed, struct err *e)
{
	struct keys keys = { NULL, 0 };
	int n;

	if (listed != NULL && keys_load(&keys, listed, e) != 0)
		return -1;
	n = count_changes(before, after, &keys);
	free(keys.items);
	return n;
}

/* -- both --------------------------------------------------------------- */

int
drift_look(struct drift_view *v, const struct tables *t, struct pg *c,
	struct err *e)
{
	v->tables = look_at_tables(t, c, e);
	v->objects = v->tables != NULL ? pg_query(c, objects, e) : NULL;
	return v->objects != NULL ? 0 : -1;
}

void
drift_free(struct drift_view *v)
{
	PQclear(v->tables);
	PQclear(v->objects);
}

int
drift_compare(const struct drift_view *before,
	const struct drift_view *after, const struct toc *listed,
	struct lock_names *offenders, struct drift_found *found, struct err *e)
{
	found->tables = compare_tables(before->tables, after->tables,
	    offenders, e);
	if (found->tables < 0)
		return -1;
	found->objects = compare_objects(before->objects, after->objects,
	    listed, e);
	return found->objects < 0 ? -1 : 0;
}
