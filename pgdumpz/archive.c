/*
 * The custom format has its table of contents in front of the data, so the
 * beginning of an archive is enough for pg_restore to list it and to write
 * its SQL. Where that beginning ends only pg_restore can tell, by ceasing to
 * read.
 */
#include <stdlib.h>
#include <string.h>

#include "archive.h"
#include "child.h"
#include "log.h"
#include "os.h"

#define CHUNK_BYTES 16384
#define TOC_MAX ((uint64_t)1 << 30)
#define LIST_MAX ((size_t)1 << 30)
#define WARNINGS_MAX ((size_t)1 << 20)

static const char *const no_secret[] = { "PGPASSWORD", NULL };

static int
start_dumper(struct archive *a, const struct archive_source *from,
	struct err *e)
{
	const struct options *o = from->options;
	struct buf conninfo = BUF_INIT(1 << 16), password = BUF_INIT(1 << 16);
	struct opt_list argv = { NULL, 0 };
	const char *env[] = { NULL, "PGCLIENTENCODING", NULL };
	struct child_spawn how = { NULL, env, -1, -1, 0 };
	char snapshot[128], lock_wait[64];
	size_t i;
	int rc;

	(void)snprintf(snapshot, sizeof(snapshot), "--snapshot=%s",
	    from->snapshot);
	(void)snprintf(lock_wait, sizeof(lock_wait), "--lock-wait-timeout=%u",
	    from->lock_wait_ms);
	buf_puts(&conninfo, "--dbname=");
	rc = pg_place_conninfo(from->place, &conninfo, e);
	pg_place_put_password(from->place, &password);
	env[0] = buf_text(&password);
	if (rc != 0 || opt_list_add(&argv, from->programs->dump, e) != 0 ||
	    opt_list_add(&argv, "--format=custom", e) != 0 ||
	    opt_list_add(&argv, "--compress=0", e) != 0 ||
	    opt_list_add(&argv, "--no-password", e) != 0 ||
	    opt_list_add(&argv, snapshot, e) != 0 ||
	    opt_list_add(&argv, lock_wait, e) != 0 ||
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
static void
put_list(const char *argv[5], const struct archive_source *from,
	const char *section)
{
	*argv++ = from->programs->restore;
	*argv++ = "--list";
	if (section != NULL)
		*argv++ = section;
	if (from->options->create)
		*argv++ = "--create";
	*argv = NULL;
}

/* pg_dump has closed its output: did it end well? */
static int
end_dumper(struct archive *a, struct err *e)
{
	struct child *c = a->dumper;

	a->dumper = NULL;
	child_put_warnings(c, &a->warnings);
	return child_finish(c, e);
}

/*
 * Write what pg_dump sends to the file, and to pg_restore until that has read
 * enough and has ended.
 */
static int
feed(struct archive *a, int restore, struct err *e)
{
	char chunk[CHUNK_BYTES];
	struct err ended;
	ssize_t n;

	while ((n = os_read(child_fd(a->dumper), chunk, sizeof(chunk),
	    e)) > 0) {
		if (os_pwrite(a->fd, chunk, (size_t)n, a->size, e) != 0)
			return err_context(e, "a temporary file (TMPDIR)");
		a->size += (uint64_t)n;
		if (os_write(restore, chunk, (size_t)n, &ended) != 0)
			return 0;
		if (a->size > TOC_MAX)
			return err_set(e, ERR_LOCAL, "cannot find the table "
			    "of contents in pg_dump's output");
	}
	return n < 0 ? -1 : end_dumper(a, e);
}

static int
read_file(int fd, struct buf *out, struct err *e)
{
	struct os_stat st;
	ssize_t n = -1;
	void *room;

	if (os_fstat(fd, &st, e) != 0)
		return -1;
	if ((room = buf_room(out, (size_t)st.size)) != NULL)
		n = os_pread(fd, room, (size_t)st.size, 0, e);
	if (n > 0)
		buf_filled(out, (size_t)n);
	return n >= 0 ? 0 : buf_check(out, "pg_restore's list", e);
}

/* Let pg_restore list what pg_dump sends, while it does so. */
static int
list_all(struct archive *a, const struct archive_source *from,
	struct buf *text, struct err *e)
{
	const char *argv[5];
	struct child_spawn how = { argv, no_secret, -1, os_temp_file(e), 0 };
	struct child *list = NULL;
	struct err ignored;
	int to = -1, rc = -1;

	put_list(argv, from, NULL);
	if (how.out >= 0 && os_pipe(&how.in, &to, e) == 0)
		list = child_start(&how, e);
	(void)os_close(how.in, &ignored);
	if (list != NULL)
		rc = feed(a, to, e);
	(void)os_close(to, &ignored);
	if (rc == 0)
		rc = child_finish(list, e);
	else
		child_stop(list);
	if (rc == 0)
		rc = read_file(how.out, text, e);
	(void)os_close(how.out, &ignored);
	return rc;
}

/*
 * List what comes after the data, and cut the file where pg_restore has ceased
 * to read it: what pg_dump had sent after that are rows.
 */
static int
list_post(struct archive *a, const struct archive_source *from,
	struct buf *text, struct err *e)
{
	const char *argv[5];
	struct child_spawn how = { argv, no_secret, a->fd, -1, 0 };

	put_list(argv, from, "--section=post-data");
	if (os_rewind(a->fd, e) != 0 || child_run(&how, text, e) != 0 ||
	    os_tell(a->fd, &a->size, e) != 0)
		return -1;
	return os_truncate(a->fd, a->size, e);
}

int
archive_open(struct archive *a, const struct archive_source *from,
	struct err *e)
{
	struct buf all = BUF_INIT(LIST_MAX), post = BUF_INIT(LIST_MAX);
	int rc = -1;

	memset(a, 0, sizeof(*a));
	buf_init(&a->warnings, WARNINGS_MAX);
	if ((a->fd = os_temp_file(e)) < 0)
		return -1;
	if (start_dumper(a, from, e) == 0 && list_all(a, from, &all, e) == 0 &&
	    list_post(a, from, &post, e) == 0)
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
	if (a->dumper != NULL)
		child_put_warnings(a->dumper, &a->warnings);
	child_stop(a->dumper);
	a->dumper = NULL;
}

void
archive_warn(const struct archive *a)
{
	const char *line = buf_text(&a->warnings);
	size_t n;

	for (; *line != '\0'; line += n + 1) {
		n = strcspn(line, "\n");
		log_warn("%.*s", (int)n, line);
	}
}

void
archive_close(struct archive *a)
{
	struct err ignored;

	archive_let_go(a);
	if (a->fd > 0)
		(void)os_close(a->fd, &ignored);
	a->fd = -1;
	buf_free(&a->warnings);
	toc_free(&a->toc);
}
