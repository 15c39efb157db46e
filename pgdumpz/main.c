/*
 * pgdumpz: a PostgreSQL database as one sealed, compressed stream.
 */
#include "dump.h"
#include "gz.h"
#include "log.h"
#include "os.h"

#define JOBS_MAX 256

static int
check(const struct options *o, struct err *e)
{
	if (o->jobs < 1 || o->jobs > JOBS_MAX)
		return err_set(e, ERR_USAGE, "--jobs must be 1 to %d",
		    JOBS_MAX);
	if (o->level < 1 || o->level > GZ_LEVEL_MAX)
		return err_set(e, ERR_USAGE, "--compress must be 1 to %d",
		    GZ_LEVEL_MAX);
	if (o->check && o->globals) {
		(void)err_set(e, ERR_USAGE, "--check is for a database");
		return err_hint(e, "leave out --globals");
	}
	if (o->check || !os_is_terminal(1))
		return 0;
	(void)err_set(e, ERR_USAGE, "refusing to write a compressed stream "
	    "to a terminal");
	return err_hint(e, "send it to a file or a pipe: pgdumpz DB | "
	    "gzverify -o DB.sql.gz");
}

static int
run(const struct options *o, struct err *e)
{
	struct seal_writer *out;
	int rc = -1;

	if (o->check)
		return dump_check(o, e);
	if ((out = seal_writer_new(1, e)) != NULL)
		rc = o->globals ? dump_globals(o, out, e) :
		    dump_database(o, out, e);
	if (rc == 0 && (rc = seal_writer_finish(out, e)) == 0 &&
	    (rc = os_close(1, e)) != 0)
		(void)err_context(e, "cannot write the stream");
	seal_writer_free(out);
	return rc;
}

int
main(int argc, char **argv)
{
	struct options o = { .jobs = os_cpu_count(),
		.level = GZ_LEVEL_DEFAULT };
	struct err e = ERR_INIT;
	bool done = false;
	int rc;

	os_start();
	log_start("pgdumpz");
	rc = options_parse(&o, argc, argv, &done, &e);
	if (rc == 0 && !done && (rc = check(&o, &e)) == 0)
		rc = run(&o, &e);
	options_free(&o);
	return rc == 0 ? 0 : log_error(&e);
}
