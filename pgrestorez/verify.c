/*
 * A restore is proven by the database itself: what it prints now is summed up
 * as what was dumped has been, and must come to the same.
 */
#include <inttypes.h>
#include <string.h>

#include "json.h"
#include "log.h"
#include "measure.h"
#include "num.h"
#include "recount.h"
#include "verify.h"

#define SQL_MAX ((size_t)1 << 20)

struct verifier {
	struct verify *v;
	const json_t *manifest;
	const char *encoding;
	struct conns *conns;
	struct pg *leader;		/* holds the snapshot */
	struct expect expect;
};

/* -- differences -------------------------------------------------------- */

/* A number of what is in the backup, and what it is in the database. */
static void
differ(struct verifier *r, const char *kind, const char *name,
	const char *what, const char *want, const char *got)
{
	char safe[512];
	json_t *j = json_object();

	err_escape(safe, sizeof(safe), name, strlen(name));
	(void)json_object_set_new(j, kind, json_name(name, r->encoding));
	(void)json_object_set_new(j, "what", json_string(what));
	(void)json_object_set_new(j, "backup", json_string(want));
	(void)json_object_set_new(j, "database", json_string(got));
	(void)json_array_append_new(r->v->differences, j);
	log_warn("%s %s: %s: %s in the backup, %s in the database", kind, safe,
	    what, want, got);
}

static void
differ_number(struct verifier *r, const char *kind, const char *name,
	const char *what, uint64_t want, uint64_t got)
{
	char a[32], b[32];

	(void)snprintf(a, sizeof(a), "%" PRIu64, want);
	(void)snprintf(b, sizeof(b), "%" PRIu64, got);
	differ(r, kind, name, what, a, b);
}

static void
differ_digest(struct verifier *r, const struct expect_table *t)
{
	char a[32], b[32];

	(void)snprintf(a, sizeof(a), "%016" PRIx64, t->want.digest);
	(void)snprintf(b, sizeof(b), "%016" PRIx64, t->got.digest);
	differ(r, "table", t->name, "digest", a, b);
}

static void
compare_table(struct verifier *r, const struct expect_table *t)
{
	r->v->tables++;
	r->v->rows += t->got.rows;
	if (t->missing != NULL) {
		differ(r, "table", t->name, "rows", "some", t->missing);
	} else if (t->want.rows != t->got.rows) {
		differ_number(r, "table", t->name, "rows", t->want.rows,
		    t->got.rows);
	} else if (t->want.digest != t->got.digest && (t->vague || t->mixed)) {
		(void)json_array_append_new(r->v->counted,
		    json_name(t->name, r->encoding));
	} else if (t->want.digest != t->got.digest) {
		differ_digest(r, t);
	}
}

/* -- tables ------------------------------------------------------------- */

static int
take_snapshot(struct verifier *r, char *id, size_t size, struct err *e)
{
	PGresult *s;
	int n;

	if (pg_exec(r->leader, "BEGIN ISOLATION LEVEL REPEATABLE READ "
	    "READ ONLY", e) != 0 || (s = pg_query(r->leader,
	    "SELECT pg_catalog.pg_export_snapshot()", e)) == NULL)
		return -1;
	n = snprintf(id, size, "%s", PQgetvalue(s, 0, 0));
	PQclear(s);
	return n < (int)size ? 0 : err_set(e, ERR_LOCAL, "cannot understand "
	    "the server's snapshot");
}

static int
verify_tables(struct verifier *r, size_t jobs, struct err *e)
{
	int from = (int)json_integer_value(json_object_get(r->manifest,
	    "server_num"));
	char snapshot[80];
	size_t i;

	if (expect_read(&r->expect, r->manifest, r->leader, e) != 0 ||
	    measure_roots(&r->expect, r->leader, e) != 0 ||
	    measure_blocks(&r->expect, r->leader, e) != 0 ||
	    measure_types(&r->expect, r->leader, from, e) != 0 ||
	    take_snapshot(r, snapshot, sizeof(snapshot), e) != 0 ||
	    recount(&r->expect, r->conns, jobs, snapshot, e) != 0)
		return -1;
	for (i = 0; i < r->expect.len; i++)
		compare_table(r, &r->expect.tables[i]);
	return pg_exec(r->leader, "COMMIT", e);
}

/* -- sequences and large objects ---------------------------------------- */

/*
 * One row, or NULL; then missing tells whether that is because there is no such
 * sequence. What a name that is no name sets is taken back, so that the next
 * one can't do more.
 */
static PGresult *
ask_sequence(struct verifier *r, const char *sql, bool *missing, struct err *e)
{
	struct err ignored;
	PGresult *s;

	if (pg_exec(r->leader, "BEGIN READ ONLY", e) != 0)
		return NULL;
	s = pg_query_one(r->leader, sql, e);
	*missing = s == NULL && (pg_failed_with(r->leader, "42P01") ||
	    pg_failed_with(r->leader, "3F000"));
	(void)pg_exec(r->leader, "ROLLBACK", &ignored);
	if (s == NULL || PQntuples(s) == 1)
		return s;
	PQclear(s);
	(void)err_set(e, ERR_VERDICT, "a sequence in the backup's manifest is "
	    "none");
	return NULL;
}

static int
verify_sequence(struct verifier *r, const json_t *line, struct err *e)
{
	struct buf name = BUF_INIT(SQL_MAX), sql = BUF_INIT(SQL_MAX);
	char want[64];
	PGresult *s = NULL;
	bool missing = false;
	int rc;

	json_put_raw(&name, json_object_get(line, "sequence"), r->encoding);
	buf_printf(&sql, "SELECT last_value || CASE WHEN is_called THEN '' "
	    "ELSE ' (not called)' END FROM %s", buf_text(&name));
	(void)snprintf(want, sizeof(want), "%lld%s", (long long)
	    json_integer_value(json_object_get(line, "last")),
	    json_is_true(json_object_get(line, "called")) ? "" :
	    " (not called)");
	rc = buf_check(&sql, "a query", e);
	if (rc == 0 && (s = ask_sequence(r, buf_text(&sql), &missing,
	    e)) != NULL) {
		if (strcmp(want, PQgetvalue(s, 0, 0)) != 0)
			differ(r, "sequence", buf_text(&name), "value", want,
			    PQgetvalue(s, 0, 0));
	} else if (missing) {
		differ(r, "sequence", buf_text(&name), "value", want, e->text);
	} else {
		rc = -1;
	}
	PQclear(s);
	buf_free(&name);
	buf_free(&sql);
	return rc;
}

/* The pages of those with OIDs from first to last. */
static int
sum_lobs(struct pg *c, uint64_t first, uint64_t last, struct rowsum *sum,
	struct err *e)
{
	struct buf sql = BUF_INIT(SQL_MAX);
	int rc;

	copysql_put_lobs(&sql, (uint32_t)first, (uint32_t)last);
	rc = buf_check(&sql, "a query", e);
	if (rc == 0)
		rc = recount_rows(c, buf_text(&sql), sum, e);
	buf_free(&sql);
	return rc;
}

/* In groups, since each that is measured stays open for a while. */
static int
count_lobs(struct pg *c, uint64_t *count, uint64_t *bytes,
	struct rowsum *sum, struct err *e)
{
	uint64_t last = 0, first, n = 1, size;
	char sql[512];
	PGresult *s;
	int rc = 0;

	while (rc == 0 && n > 0) {
		first = last + 1;
		/* 262144 is INV_READ; 2 is SEEK_END */
		(void)snprintf(sql, sizeof(sql), "SELECT pg_catalog.count(*), "
		    "coalesce(pg_catalog.sum(pg_catalog.lo_lseek64("
		    "pg_catalog.lo_open(oid, 262144), 0, 2)), 0), "
		    "coalesce(pg_catalog.max(oid::pg_catalog.int8), 0) "
		    "FROM (SELECT oid FROM "
		    "pg_catalog.pg_largeobject_metadata WHERE "
		    "oid::pg_catalog.int8 > %" PRIu64 " ORDER BY oid "
		    "LIMIT 100) o", last);
		if ((s = pg_query(c, sql, e)) == NULL)
			return -1;
		if (num_parse_u64(PQgetvalue(s, 0, 0), &n) != 0 ||
		    num_parse_u64(PQgetvalue(s, 0, 1), &size) != 0 ||
		    num_parse_u64(PQgetvalue(s, 0, 2), &last) != 0)
			n = size = 0;
		*count += n;
		*bytes += size;
		PQclear(s);
		if (n > 0)
			rc = sum_lobs(c, first, last, sum, e);
	}
	return rc;
}

/* A backup of an older pgdumpz has no digest of them. */
static void
compare_lobs(struct verifier *r, const json_t *lobs, uint64_t count,
	uint64_t bytes, const struct rowsum *sum)
{
	const char *digest = json_string_value(json_object_get(lobs,
	    "digest"));
	uint64_t want = (uint64_t)json_integer_value(json_object_get(lobs,
	    "count"));
	char got[32];

	if (want != count)
		differ_number(r, "large_objects", "all", "count", want, count);
	want = (uint64_t)json_integer_value(json_object_get(lobs, "bytes"));
	if (want != bytes)
		differ_number(r, "large_objects", "all", "bytes", want, bytes);
	(void)snprintf(got, sizeof(got), "%016" PRIx64, sum->digest);
	if (digest != NULL && strcmp(digest, got) != 0)
		differ(r, "large_objects", "all", "digest", digest, got);
}

static int
verify_rest(struct verifier *r, struct err *e)
{
	const json_t *lobs = json_object_get(r->manifest, "large_objects");
	uint64_t count = 0, bytes = 0;
	struct rowsum sum = { 0 };
	json_t *line;
	size_t i;

	json_array_foreach(json_object_get(r->manifest, "sequences"), i, line)
		if (verify_sequence(r, line, e) != 0)
			return -1;
	if (lobs == NULL)
		return 0;
	if (count_lobs(r->leader, &count, &bytes, &sum, e) != 0)
		return -1;
	compare_lobs(r, lobs, count, bytes, &sum);
	return 0;
}

/* -- all of it ---------------------------------------------------------- */

static int
prepare(const struct verifier *r, struct pg *c, struct err *e)
{
	if (session_apply(c, json_object_get(r->manifest, "settings"), e) != 0)
		return -1;
	/* names and conditions are the backup's: whatever they are, nothing is
	 * changed by them */
	return pg_exec(c, "SET default_transaction_read_only = on", e);
}

static int
open_conns(struct verifier *r, const struct options *o,
	const struct pg_place *place, size_t jobs, struct err *e)
{
	/* what was dumped in another encoding is to come in that */
	const struct session session = { .role = o->role,
		.encoding = r->encoding };
	const char *version;
	size_t i;

	r->conns = conns_open(place, jobs + 1, &session, e);
	for (i = 0; r->conns != NULL && i <= jobs; i++)
		if (prepare(r, conns_get(r->conns, i), e) != 0)
			return -1;
	if (r->conns == NULL)
		return -1;
	r->leader = conns_get(r->conns, jobs);
	version = pg_server_version_text(r->leader);
	(void)snprintf(r->v->server, sizeof(r->v->server), "%.*s",
	    (int)strcspn(version, " "), version);
	return 0;
}

int
verify_run(struct verify *v, const struct options *o,
	const struct pg_place *place, const json_t *manifest, struct err *e)
{
	struct verifier r = { .v = v, .manifest = manifest };
	size_t jobs = (size_t)o->jobs;
	int rc = -1;

	memset(v, 0, sizeof(*v));
	v->differences = json_array();
	v->counted = json_array();
	r.encoding = json_string_value(json_object_get(manifest, "encoding"));
	if (r.encoding == NULL) {
		(void)err_set(e, ERR_USAGE, "the backup has no manifest to "
		    "compare with");
		return err_hint(e, "only what pgdumpz made of a database "
		    "has one");
	}
	if (open_conns(&r, o, place, jobs, e) == 0 &&
	    verify_tables(&r, jobs, e) == 0)
		rc = verify_rest(&r, e);
	conns_close(r.conns);
	expect_free(&r.expect);
	return rc;
}

void
verify_free(struct verify *v)
{
	json_decref(v->differences);
	json_decref(v->counted);
	memset(v, 0, sizeof(*v));
}
