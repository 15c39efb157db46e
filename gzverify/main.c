/*
 * gzverify: check a stream that passes through, or files.
 */
#include <string.h>

#include "check.h"
#include "log.h"
#include "opt.h"
#include "os.h"
#include "output.h"
#include "report.h"

#define JOBS_MAX 256

struct options {
	uint64_t jobs;
	struct report report;
	const char *output;
	const char *filter;
	char **files;
	size_t nfiles;
};

static int
parse(int argc, char **argv, struct options *o, bool *done, struct err *e)
{
	const struct opt opts[] = {
		{ 'j', "jobs", "N", OPT_COUNT, &o->jobs,
		    "check N members at a time; the machine's cores" },
		{ 'l', "list", NULL, OPT_FLAG, &o->report.list,
		    "list the tables: rows, bytes of text, name" },
		{ 'v', "verbose", NULL, OPT_FLAG, &o->report.verbose,
		    "say what each stream is" },
		{ 0, "json", NULL, OPT_FLAG, &o->report.json,
		    "print a JSON object for each stream" },
		{ 'o', "output", "FILE", OPT_TEXT, &o->output,
		    "write to FILE, which appears when all is well" },
		{ 0, "filter", "CMD", OPT_TEXT, &o->filter,
		    "pipe what -o writes through CMD" },
		{ 0, NULL, NULL, OPT_FLAG, NULL, NULL },
	};
	const struct opt_tool tool = {
		.name = "gzverify",
		.usage = "gzverify [OPTION...] <IN >OUT\n"
		    "       gzverify [OPTION...] -o OUT [FILE]\n"
		    "       gzverify [OPTION...] FILE...",
		.purpose = "Check sealed backups and any gzip; as a filter, "
		    "let the seal out last.",
		.opts = opts,
		.max_args = SIZE_MAX,
	};
	struct opt_result result;

	if (opt_parse(&tool, argc, argv, &result, e) != 0)
		return -1;
	*done = result.done;
	o->files = result.args;
	o->nfiles = result.nargs;
	o->report.titles = result.nargs > 1;
	return 0;
}

static int
check_options(const struct options *o, struct err *e)
{
	bool to_stdout = o->output != NULL ? strcmp(o->output, "-") == 0 :
	    o->nfiles == 0;

	if (o->jobs < 1 || o->jobs > JOBS_MAX)
		return err_set(e, ERR_USAGE, "--jobs takes 1 to %d", JOBS_MAX);
	if (o->output != NULL && o->nfiles > 1)
		return err_set(e, ERR_USAGE, "--output takes one FILE at most");
	if (o->filter != NULL && (o->output == NULL || to_stdout))
		return err_set(e, ERR_USAGE, "--filter needs --output FILE");
	if (to_stdout && (o->report.list || o->report.json)) {
		err_set(e, ERR_USAGE, "stdout can't take both the stream and "
		    "a report");
		return err_hint(e, "name a FILE, or use --output");
	}
	if (o->nfiles == 0 && os_is_terminal(0)) {
		err_set(e, ERR_USAGE, "nothing to check: standard input is a "
		    "terminal");
		return err_hint(e, "name a FILE, or pipe a backup into it");
	}
	if (to_stdout && os_is_terminal(1)) {
		err_set(e, ERR_USAGE, "refusing to write compressed data to "
		    "a terminal");
		return err_hint(e, "redirect stdout, or name a FILE to check");
	}
	return 0;
}

/* One stream, from its name to its report. */
static int
run_one(const struct options *o, const char *path, struct err *e)
{
	bool is_stdin = path == NULL || strcmp(path, "-") == 0;
	const char *name = is_stdin ? "standard input" : path;
	struct check c = { .name = name, .jobs = (unsigned)o->jobs,
		.want_manifest = o->report.list };
	struct output *out = NULL;
	int fd = is_stdin ? 0 : os_open_read(path, e), rc = -1;
	struct err late, ignored;

	if (fd < 0)
		return -1;
	if ((o->nfiles == 0 || o->output != NULL) &&
	    (out = output_begin(o->output, o->filter, e)) == NULL)
		goto out;
	if (out != NULL)
		c.hooks = (struct check_hooks){ .ctx = out,
			.bytes = output_put };
	rc = check_stream(&c, fd, e);
	if (rc == 0 && o->filter != NULL && !c.sealed)
		rc = err_set(e, ERR_VERDICT, "no whole pg_dump text in it, "
		    "so it can't be sealed");
	if (rc != 0 && e->kind == ERR_VERDICT)
		err_context(e, "cannot trust '%s'", name);
	if (rc == 0)
		rc = output_commit(out, e);
	if (rc == 0 && c.make == CHECK_OTHER)
		log_warn("'%s' is intact gzip, but no pg_dump text: nothing "
		    "tells whether it is whole", name);
	if (report_check(&o->report, name, &c, rc == 0 ? NULL : e, &late) != 0
	    && rc == 0) {
		*e = late;
		rc = -1;
	}
out:
	output_free(out);
	check_free(&c);
	if (!is_stdin)
		(void)os_close(fd, &ignored);
	return rc;
}

int
main(int argc, char **argv)
{
	struct options o = { .jobs = os_cpu_count() };
	struct err e = ERR_INIT;
	int status = 0, one;
	bool done = false;
	size_t i = 0;

	os_start();
	log_start("gzverify");
	if (parse(argc, argv, &o, &done, &e) != 0 ||
	    (!done && check_options(&o, &e) != 0))
		return log_error(&e);
	if (done)
		return 0;
	if (o.output != NULL)	/* something to clean up */
		os_catch_stop();
	do {
		if (run_one(&o, o.nfiles > 0 ? o.files[i] : NULL, &e) != 0) {
			one = log_error(&e);
			if (one > status)
				status = one;
		}
	} while (++i < o.nfiles);
	return status;
}
