/*
 * The catalog over a directory: what is taken for a backup, the order, and
 * names from a pipe. Over S3 it is tested by scenarios.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/catalog.h"
#include "lib/os.h"
#include "sys.h"
#include "tap.h"
#include "tempdir.h"

static void
make_file(const char *path, const char *content)
{
	struct err e = ERR_INIT;
	int fd = os_create(path, &e);

	if (fd < 0 || os_write(fd, content, strlen(content), &e) != 0 ||
	    os_close(fd, &e) != 0)
		tap_ok(false, "%s", e.text);
}

/* "folder text size, …" of all entries. */
static const char *
tell_all(struct catalog *c, struct buf *out)
{
	const struct catalog_entry *entries;
	size_t len, i;

	buf_reset(out);
	entries = catalog_entries(c, &len);
	for (i = 0; i < len; i++)
		buf_printf(out, "%s%s%s %u%s", i > 0 ? "," : "",
		    catalog_folder(c, entries[i].folder)->path,
		    entries[i].text, (unsigned)entries[i].size,
		    entries[i].encrypted ? "!" : "");
	return buf_text(out);
}

static void
make_tree(void)
{
	struct err e = ERR_INIT;

	(void)os_make_dir("d", &e);
	(void)os_make_dir("d/app_20240109_000000.sql.gz", &e);
	make_file("d/app_20240102_000000.sql.gz", "12");
	make_file("d/app_20240101_000000.sql.gz", "1");
	make_file("d/app_20240102_000000.sql.gz.age", "123");
	make_file("d/app_x_20240105_000000.sql.gz", "1");
	make_file("d/apo_20240105_000000.sql.gz", "1");
	make_file("d/ap_20240105_000000.sql.gz", "1");
	make_file("d/notes", "1");
	make_file("d/app_20240103_000000.sql.gz.partial", "1");
	make_file("d/notes.partial", "1");
	make_file("d/app_x_20240103_000000.sql.gz.partial", "1");
	if (!sys_make_link("app_20240101_000000.sql.gz",
	    "d/app_20240108_000000.sql.gz"))
		tap_note("no symbolic links here");
}

static void
test_directory(struct buf *out)
{
	const struct catalog_leftover *left;
	const struct catalog_entry *all;
	struct err e = ERR_INIT;
	struct catalog *c = catalog_new(NULL, &e);
	size_t len;

	tap_int(catalog_add_dir(c, "d", NULL, &e), 0, "a directory");
	tap_text(tell_all(c, out),
	    "d/ap_20240105_000000.sql.gz 1,"
	    "d/apo_20240105_000000.sql.gz 1,"
	    "d/app_20240102_000000.sql.gz 2,"
	    "d/app_20240102_000000.sql.gz.age 3!,"
	    "d/app_20240101_000000.sql.gz 1,"
	    "d/app_x_20240105_000000.sql.gz 1",
	    "regular files with names of backups, by NAME, newest first");
	all = catalog_entries(c, &len);
	tap_ok(catalog_same_set(&all[2], &all[4]), "one NAME is one set");
	tap_ok(!catalog_same_set(&all[1], &all[2]) &&
	    !catalog_same_set(&all[0], &all[1]) &&
	    !catalog_same_set(&all[4], &all[5]), "neighbours are not");
	left = catalog_leftovers(c, &len);
	tap_ok(len == 2 && left[0].upload_id == NULL, "two leftovers");
	tap_int(catalog_date(c), 0, "a directory has no clock");
	catalog_free(c);

	c = catalog_new(NULL, &e);
	tap_int(catalog_add_dir(c, "d/", "app", &e), 0, "of one NAME");
	(void)catalog_entries(c, &len);
	tap_int((int64_t)len, 3, "only its backups");
	left = catalog_leftovers(c, &len);
	tap_ok(len == 1 && strcmp(left[0].text,
	    "app_20240103_000000.sql.gz.partial") == 0, "and leftovers");
	catalog_free(c);

	c = catalog_new(NULL, &e);
	tap_ok(catalog_add_dir(c, "nowhere", NULL, &e) == -1 &&
	    e.kind == ERR_LOCAL, "no directory");
	tap_ok(catalog_add_dir(c, "", NULL, &e) == -1 &&
	    e.kind == ERR_USAGE, "an empty name");
	catalog_free(c);
}

/* Add lines; the result is that of catalog_add_lines(). */
static int
add_lines(struct catalog *c, const char *text, size_t len, struct err *e)
{
	int fd = os_temp_file(e), rc;
	struct err ignored;

	if (fd < 0 || os_pwrite(fd, text, len, 0, e) != 0)
		return -2;
	rc = catalog_add_lines(c, fd, NULL, e);
	(void)os_close(fd, &ignored);
	return rc;
}

static void
test_lines(struct buf *out)
{
	static const struct {
		const char *what, *text, *told;	/* NULL: an error */
	} cases[] = {
		{ "nothing", "", "" },
		{ "one", "d/app_20240101_000000.sql.gz\n",
		  "d/app_20240101_000000.sql.gz 1" },
		{ "without its newline", "d/app_20240101_000000.sql.gz",
		  "d/app_20240101_000000.sql.gz 1" },
		{ "repeated", "d/app_20240101_000000.sql.gz\n"
		  "d/app_20240102_000000.sql.gz\n"
		  "d/app_20240101_000000.sql.gz\n",
		  "d/app_20240102_000000.sql.gz 2,"
		  "d/app_20240101_000000.sql.gz 1" },
		{ "not there", "d/app_20240120_000000.sql.gz\n"
		  "e/app_20240101_000000.sql.gz\n", "" },
		{ "foreign, a link, a directory", "d/notes\n"
		  "d/app_20240108_000000.sql.gz\n"
		  "d/app_20240109_000000.sql.gz\n", "" },
		{ "two folders", "./d/app_20240101_000000.sql.gz\n"
		  "d/app_20240102_000000.sql.gz\n",
		  "./d/app_20240101_000000.sql.gz 1,"
		  "d/app_20240102_000000.sql.gz 2" },
		{ "an empty line", "d/app_20240101_000000.sql.gz\n\n", NULL },
		{ "only an empty line", "\n", NULL },
		{ "CR LF", "d/app_20240101_000000.sql.gz\r\n", NULL },
		{ "a tab", "d/app_20240101_000000.sql.gz\tkeep\n", NULL },
	};
	struct err e = ERR_INIT;
	struct catalog *c;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		c = catalog_new(NULL, &e);
		rc = add_lines(c, cases[i].text, strlen(cases[i].text), &e);
		if (cases[i].told == NULL)
			tap_ok(rc == -1 && e.kind == ERR_USAGE, "lines: %s",
			    cases[i].what);
		else
			tap_ok(rc == 0 && strcmp(tell_all(c, out),
			    cases[i].told) == 0, "lines: %s", cases[i].what);
		catalog_free(c);
	}
	c = catalog_new(NULL, &e);
	tap_int(add_lines(c, "a\0b\n", 4, &e), -1, "lines: a zero byte");
	catalog_free(c);
}

/* Lines of every length around the reader's block. */
static void
test_long_lines(void)
{
	struct buf text = BUF_INIT(1 << 20);
	struct err e = ERR_INIT;
	struct catalog *c;
	size_t i, len;

	for (i = 0; i < 5000; i++)
		buf_puts(&text, "d/app_20240101_000000.sql.gz\n"
		    "d/app_20240102_000000.sql.gz\n");
	c = catalog_new(NULL, &e);
	tap_int(add_lines(c, text.data, text.len, &e), 0, "10,000 lines");
	(void)catalog_entries(c, &len);
	tap_int((int64_t)len, 2, "of two files");
	catalog_free(c);
	buf_reset(&text);
	for (i = 0; i < 20000; i++)
		buf_putc(&text, 'x');
	c = catalog_new(NULL, &e);
	tap_ok(add_lines(c, text.data, text.len, &e) == -1 &&
	    e.kind == ERR_USAGE, "a line that does not end");
	catalog_free(c);
	buf_free(&text);
}

int
main(void)
{
	struct buf out = BUF_INIT(1 << 16);

	if (!tempdir_enter())
		return 1;
	make_tree();
	test_directory(&out);
	test_lines(&out);
	test_long_lines();
	buf_free(&out);
	tempdir_drop("d");
	tap_ok(tempdir_remove(), "nothing else was made");
	return tap_done();
}
