/* atomfile: whole under its name, or not there at all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atomfile.h"
#include "os.h"
#include "proc.h"
#include "sys.h"
#include "tap.h"
#include "tempdir.h"

#define FILE_NAME "a.sql.gz"
#define PARTIAL FILE_NAME ATOMFILE_SUFFIX

static enum os_kind
kind_of(const char *path)
{
	struct os_stat st;
	struct err e;

	return os_stat(path, &st, &e) == 0 ? st.kind : OS_OTHER;
}

static void
check_content(const char *expected)
{
	char text[64] = "";
	struct err e;
	int fd = os_open_read(FILE_NAME, &e);

	tap_ok(fd >= 0 && os_read_full(fd, text, sizeof(text) - 1, &e) >= 0,
	    "readable");
	tap_text(text, expected, "its content");
	(void)os_close(fd, &e);
}

static void
check_commit(const char *text)
{
	struct err e = ERR_INIT;
	struct atomfile *f = atomfile_begin(FILE_NAME, &e);
	struct os_stat st;

	tap_ok(f != NULL, "begin: %s", e.text);
	tap_int(os_write(atomfile_fd(f), text, strlen(text), &e), 0, "write");
	tap_int(atomfile_commit(f, &e), 0, "commit");
	atomfile_free(f);
	tap_int(os_stat(FILE_NAME, &st, &e), 0, "stat");
	tap_int(st.kind, OS_FILE, "the file is there");
	tap_ok(st.is_private, "and private");
	tap_int(kind_of(PARTIAL), OS_MISSING, "nothing else is");
	check_content(text);
}

static int
die_writing(void)
{
	struct err e = ERR_INIT;
	struct atomfile *f = atomfile_begin(FILE_NAME, &e);

	if (f != NULL && os_make_readable(atomfile_fd(f), &e) == 0 &&
	    os_write(atomfile_fd(f), "longer than what follows", 24, &e) == 0)
		sys_die();
	return 1;
}

/* What kill -9 leaves is locked by nobody, and is taken over. */
static void
check_dead_writer(const char *self)
{
	const char *const argv[] = { self, "die", NULL };
	struct err e = ERR_INIT;

	tap_int(proc_run(argv, NULL, -1, NULL, NULL, &e), -1, "a writer dies");
	tap_ok(strstr(e.text, "was ended by signal 9") != NULL, "%s", e.text);
	tap_int(kind_of(PARTIAL), OS_FILE, "a dead writer's file remains");
	check_content("two");
	check_commit("three");
}

int
main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct atomfile *f, *second;
	const char *self = sys_program(argv[0]);

	os_start();
	if (argc > 1)
		return die_writing();
	if (!tempdir_enter())
		return 1;
	f = atomfile_begin(FILE_NAME, &e);
	tap_int(kind_of(PARTIAL), OS_FILE, "a partial file while it lasts");
	tap_int(kind_of(FILE_NAME), OS_MISSING, "not yet its name");
	second = atomfile_begin(FILE_NAME, &e);
	tap_ok(second == NULL, "a second writer is refused");
	tap_text(e.text, "'" PARTIAL "' is being written by another process",
	    "and told why");
	atomfile_free(f);
	tap_int(kind_of(PARTIAL), OS_MISSING, "no commit: nothing remains");
	tap_int(kind_of(FILE_NAME), OS_MISSING, "under no name");

	check_commit("one");
	check_commit("two");
	check_dead_writer(self);

	(void)os_make_dir("d", &e);
	tap_ok(atomfile_begin("d", &e) == NULL, "a directory is refused");
	tap_int(kind_of("d.partial"), OS_MISSING, "nothing is left of that");
	tap_ok(atomfile_begin("no/such", &e) == NULL, "so is a missing one");
	tempdir_drop("d");
	tempdir_drop(FILE_NAME);
	tap_ok(tempdir_remove(), "the directory is empty");
	return tap_done();
}
