/*
 * The order of things: a snapshot, the schema, the rows on many connections,
 * what was copied, the rest of the schema. Nothing is sealed unless all of it
 * has succeeded.
 */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "dump.h"
#include "json.h"
#include "lob.h"
#include "lock.h"
#include "log.h"
#include "manifest.h"
#include "num.h"
#include "os.h"
#include "pool.h"
#include "session.h"

#define OLDEST 100000		/* declarative partitioning */

struct dump {
	const struct options *options;
	struct seal_writer *out;
	struct pg *leader;
	struct pg_place *place;
	struct programs programs;
	struct archive_source source;
	struct snapshot snapshot;
	struct plan_lobs *lobs;
	size_t nlobs;
	uint64_t lob_count;
	json_t *head;
	char encoding[64];
};

static int
check_version(const struct pg *c, struct err *e)
{
	int v = pg_server_version(c);

	if (v >= OLDEST)
		return 0;
	return err_set(e, ERR_LOCAL, "cannot dump a server of version %d.%d: "
	    "10 is the oldest that can be dumped", v / 10000, v / 100 % 100);
}

/* Where a server keeps what is not libc's about a database's locale. */
static const char *
locale_columns(int version)
{
	return version >= 170000 ?
	    "d.datlocprovider, d.datlocale, d.daticurules" :
	    version >= 160000 ?
	    "d.datlocprovider, d.daticulocale, d.daticurules" :
	    version >= 150000 ?
	    "d.datlocprovider, d.daticulocale, NULL" : "'c', NULL, NULL";
}

/* The first line of the manifest; the snapshot's time follows later. */
static int
describe(struct dump *d, struct err *e)
{
	static const char *const keys[] = { "server", "database", "encoding",
		"collate", "ctype", "provider", "locale", "rules" };
	char sql[512];
	PGresult *r;
	int i;

	(void)snprintf(sql, sizeof(sql), "SELECT "
	    "pg_catalog.split_part(pg_catalog.current_setting("
	    "'server_version'), ' ', 1), d.datname, "
	    "pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, "
	    "d.datctype, %s FROM pg_catalog.pg_database d "
	    "WHERE d.datname = pg_catalog.current_database()",
	    locale_columns(pg_server_version(d->leader)));
	if ((r = pg_query(d->leader, sql, e)) == NULL)
		return -1;
	(void)snprintf(d->encoding, sizeof(d->encoding), "%s",
	    PQgetvalue(r, 0, 2));
	(void)json_object_set_new(d->head, "manifest", json_integer(1));
	(void)json_object_set_new(d->head, "tool",
	    json_string("pgdumpz " PGDUMPZ_VERSION));
	for (i = 0; i < 8; i++)
		if (!PQgetisnull(r, 0, i))
			(void)json_object_set_new(d->head, keys[i],
			    json_name(PQgetvalue(r, 0, i), d->encoding));
	(void)json_object_set_new(d->head, "server_num",
	    json_integer(pg_server_version(d->leader)));
	(void)json_object_set_new(d->head, "settings",
	    session_loader_settings());
	PQclear(r);
	return 0;
}

static int
connect(struct dump *d, struct err *e)
{
	const struct options *o = d->options;

	d->head = json_object();
	if ((d->leader = pg_open(&o->login, e)) == NULL ||
	    check_version(d->leader, e) != 0 ||
	    (d->place = pg_place_new(d->leader, e)) == NULL ||
	    session_refuse_pooler(d->leader, d->place, e) != 0 ||
	    session_prepare(d->leader, &o->session, e) != 0 ||
	    programs_find(&d->programs, PROGRAMS_DUMP, o->bin_dir,
	    pg_server_version(d->leader), e) != 0)
		return -1;
	if (o->verbose)
		log_note("using %s %s", d->programs.dump,
		    d->programs.version);
	d->source.programs = &d->programs;
	d->source.place = d->place;
	d->source.options = o;
	d->source.encoding = d->encoding;
	d->source.head = d->head;
	return describe(d, e);
}

static int
print_facts(const struct dump *d, struct err *e)
{
	PGresult *r = pg_query(d->leader, "SELECT pg_catalog.pg_database_size("
	    "pg_catalog.current_database())", e);
	const char *server = pg_server_version_text(d->leader);
	struct buf line = BUF_INIT(1024);
	int rc;

	if (r == NULL)
		return -1;
	/* what packagers add to a version is not of it */
	buf_printf(&line, "%.*s\t%s\t%s\n", (int)strcspn(server, " "), server,
	    d->programs.version, PQgetvalue(r, 0, 0));
	PQclear(r);
	rc = buf_check(&line, "the facts", e);
	if (rc == 0)
		rc = os_write(1, buf_text(&line), line.len, e);
	buf_free(&line);
	return rc;
}

static int
plan_large_objects(struct dump *d, struct err *e)
{
	if (!toc_has(&d->snapshot.archive.toc, TOC_LOBS))
		return 0;
	if (lock_aside(d->leader, e) != 0 || lob_plan(d->leader, &d->lobs,
	    &d->nlobs, &d->lob_count, e) != 0)
		return -1;
	return lock_forget(d->leader, e);
}

static int
take_snapshot(struct dump *d, struct err *e)
{
	if (snapshot_open(&d->snapshot, d->leader, &d->source, e) != 0)
		return -1;
	archive_warn(&d->snapshot.archive);
	if (plan_large_objects(d, e) != 0 ||
	    prepare_finish(d->snapshot.prepared, e) != 0)
		return -1;
	/* not before: the head is read while the schema is prepared */
	(void)json_object_set_new(d->head, "pg_dump",
	    json_string(d->programs.version));
	(void)json_object_set_new(d->head, "snapshot_time",
	    json_string(d->snapshot.time));
	return 0;
}

static int
copy_data(struct dump *d, struct rowsum *lobs, struct err *e)
{
	struct plan_input in = { &d->snapshot.tables, d->lobs, d->nlobs,
		pg_server_version(d->leader) >= PLAN_RANGES_SINCE };
	struct plan plan;
	struct pool_setup setup = { d->options, d->place, &d->snapshot, &plan,
		d->out };
	char size[NUM_TEXT];
	int rc;

	if (plan_make(&plan, &in, e) != 0)
		return -1;
	if (d->options->verbose)
		log_note("copying %zu tables, %s, in %zu tasks",
		    in.tables->len, num_format_size(size, plan.size),
		    plan.len);
	rc = plan.len > 0 ? pool_run(&setup, lobs, e) : 0;
	plan_free(&plan);
	return rc;
}

static int
put_all(struct dump *d, struct err *e)
{
	const struct prepared *p = d->snapshot.prepared;
	struct rowsum lobs = { 0, 0, 0, 0 };
	struct manifest m = { .head = d->head, .tables = &d->snapshot.tables,
		.sequences = prepare_sequences(p), .encoding = d->encoding };

	if (prepare_put(p, PREPARED_PRE, d->out, e) != 0 ||
	    prepare_put(p, PREPARED_SERIAL, d->out, e) != 0 ||
	    copy_data(d, &lobs, e) != 0)
		return -1;
	m.has_lobs = toc_has(&d->snapshot.archive.toc, TOC_LOBS);
	m.lobs = d->lob_count;
	m.lob_sum = lobs;
	if (manifest_put(&m, d->out, e) != 0 ||
	    prepare_put(p, PREPARED_POST, d->out, e) != 0)
		return -1;
	return prepare_put(p, PREPARED_ARCHIVE, d->out, e);
}

static void
close_all(struct dump *d)
{
	snapshot_close(&d->snapshot);
	pg_close(d->leader);
	pg_place_free(d->place);
	programs_free(&d->programs);
	free(d->lobs);
	json_decref(d->head);
}

int
dump_database(const struct options *o, struct seal_writer *out,
	struct err *e)
{
	struct dump d = { .options = o, .out = out,
		.snapshot = { .archive = { .fd = -1 } } };
	int rc = -1;

	if (connect(&d, e) == 0 && take_snapshot(&d, e) == 0)
		rc = put_all(&d, e);
	close_all(&d);
	return rc;
}

int
dump_check(const struct options *o, struct err *e)
{
	struct dump d = { .options = o,
		.snapshot = { .archive = { .fd = -1 } } };
	int rc = -1;

	if (connect(&d, e) == 0)
		rc = print_facts(&d, e);
	close_all(&d);
	return rc;
}
