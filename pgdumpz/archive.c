/*
 * The custom format has its table of contents in front of the data, so the
 * beginning of an archive is enough for pg_restore to list it and to write
 * its SQL. Where that beginning ends only pg_restore can tell, so it is asked
 * again and again, at sizes that grow.
 */
#include <stdlib.h>
#include <string.h>

#include "archive.h"
#include "child.h"
#include "mem.h"
#include "os.h"

#define STEP_BYTES (64u << 10)
#define TOC_MAX ((uint64_t)1 << 30)
#define LIST_MAX ((size_t)1 << 30)
#define TRIM_BYTES 512

static int
start_dumper(struct archive *a, const struct archive_source *from,
	struct err *e)
{
	const struct options *o = from->options;
	struct buf conninfo = BUF_INIT(1 << 16), password = BUF_INIT(1 << 16);
	struct opt_list argv = { NULL, 0 };
	const char *env[] = { "PGPASSWORD", "PGCLIENTENCODING", NULL };
	struct child_spawn how = { NULL, env, -1, 0 };
	char snapshot[128];
	size_t i;
	int rc;

	(void)snprintf(snapshot, sizeof(snapshot), "--snapshot=%s",
	    from->snapshot);
	buf_puts(&conninfo, "--dbname=");
	rc = pg_place_conninfo(from->place, &conninfo, e);
	buf_printf(&password, "PGPASSWORD=%s", pg_place_password(from->place));
	if (*pg_place_password(from->place) != '\0')
		env[0] = buf_text(&password);
	if (rc != 0 || opt_list_add(&argv, from->programs->dump, e) != 0 ||
	    opt_list_add(&argv, "--format=custom", e) != 0 ||
	    opt_list_add(&argv, "--compress=0", e) != 0 ||
	    opt_list_add(&argv, "--no-password", e) != 0 ||
	    opt_list_add(&argv, snapshot, e) != 0 ||
	    opt_list_add(&argv, "--encoding", e) != 0 ||
	    opt_list_add(&argv, from->encoding, e) != 0)
		rc = -1;
	for (i = 0; rc == 0 && i < o->dump.len; i++)
		rc = opt_list_add(&argv, o->dump.items[i], e);
	if (rc == 0)
		rc = opt_list_add(&argv, buf_text(&conninfo), e);
	how.argv = argv.items;
	if (rc == 0 && (a->dumper = child_start(&how, e)) == NULL)
		rc = -1;
	opt_list_free(&argv);
	buf_free(&conninfo);
	buf_free_secret(&password);
	return rc;
}

/* `pg_restore -l`, of all or of one section. */
static int
list(const struct archive *a, const struct archive_source *from,
	const char *section, struct buf *out, struct err *e)
{
	static const char *const env[] = { "PGPASSWORD", NULL };
	const char *argv[5] = { from->programs->restore, "--list" };
	struct child_spawn how = { argv, env, a->fd, 0 };
	size_t n = 2;

	if (section != NULL)
		argv[n++] = section;
	if (from->options->create)
		argv[n++] = "--create";
	argv[n] = NULL;
	buf_reset(out);
	return os_rewind(a->fd, e) == 0 ? child_run(&how, out, e) : -1;
}

/* Append up to n bytes from pg_dump to the file; returns how many. */
static ssize_t
append(struct archive *a, uint64_t n, struct err *e)
{
	char *chunk = mem_new((size_t)n, 1, e);
	ssize_t got = -1;

	if (chunk == NULL)
		return -1;
	got = os_read_full(child_fd(a->dumper), chunk, (size_t)n, e);
	if (got > 0 && os_pwrite(a->fd, chunk, (size_t)got, a->size, e) != 0)
		got = -1;
	if (got > 0)
		a->size += (uint64_t)got;
	free(chunk);
	return got;
}

/* pg_dump has closed its output: did it end well? */
static int
end_dumper(struct archive *a, struct err *e)
{
	struct child *c = a->dumper;

	a->dumper = NULL;
	return child_finish(c, e);
}

static int
read_toc(struct archive *a, const struct archive_source *from,
	struct buf *all, struct err *e)
{
	uint64_t step;
	ssize_t got;

	for (;;) {
		step = a->size / 4 < STEP_BYTES ? STEP_BYTES : a->size / 4;
		if ((got = append(a, step, e)) < 0)
			return -1;
		if ((uint64_t)got < step) {
			if (end_dumper(a, e) != 0)
				return -1;
			return list(a, from, NULL, all, e);
		}
		if (list(a, from, NULL, all, e) == 0)
			return 0;
		if (a->size > TOC_MAX)
			return err_context(e, "cannot find the table of "
			    "contents in pg_dump's output");
		a->too_short = a->size;
	}
}

int
archive_open(struct archive *a, const struct archive_source *from,
	struct err *e)
{
	struct buf all = BUF_INIT(LIST_MAX), post = BUF_INIT(LIST_MAX);
	int rc = -1;

	memset(a, 0, sizeof(*a));
	if ((a->fd = os_temp_file(e)) < 0)
		return -1;
	if (start_dumper(a, from, e) == 0 && read_toc(a, from, &all, e) == 0 &&
	    list(a, from, "--section=post-data", &post, e) == 0)
		rc = toc_parse(&a->toc, buf_text(&all), buf_text(&post), e);
	buf_free(&all);
	buf_free(&post);
	if (rc != 0)
		archive_close(a);
	return rc;
}

void
archive_let_go(struct archive *a)
{
	child_stop(a->dumper);
	a->dumper = NULL;
}

void
archive_close(struct archive *a)
{
	struct err ignored;

	archive_let_go(a);
	if (a->fd > 0)
		(void)os_close(a->fd, &ignored);
	a->fd = -1;
	toc_free(&a->toc);
}

int
archive_trim(struct archive *a, const struct archive_source *from,
	struct err *e)
{
	uint64_t low = a->too_short, high = a->size, middle;
	struct buf out = BUF_INIT(LIST_MAX);
	char *tail = mem_new((size_t)(high - low), 1, e);
	struct err why;
	int rc = tail != NULL && os_pread(a->fd, tail, (size_t)(high - low),
	    low, e) == (ssize_t)(high - low) ? 0 : -1;

	while (rc == 0 && high - low > TRIM_BYTES) {
		middle = low + (high - low) / 2;
		if ((rc = os_truncate(a->fd, middle, e)) != 0)
			break;
		if (list(a, from, NULL, &out, &why) == 0) {
			high = middle;
			continue;
		}
		rc = os_pwrite(a->fd, tail + (middle - a->too_short),
		    (size_t)(high - middle), middle, e);
		low = middle;
	}
	if (rc == 0)
		rc = os_truncate(a->fd, high, e);
	a->size = high;
	free(tail);
	buf_free(&out);
	return rc;
}
