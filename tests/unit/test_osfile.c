/* os: files are what the contract says, on every system. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "tap.h"

#define PATH_BYTES 2048
#define BINARY "\r\n\x1a\n\0\xff\r"

static char base[512];	/* a directory of our own */

/* A path below it; borrowed until the fourth call from now. */
static const char *
in_base(const char *name)
{
	static char paths[4][PATH_BYTES];
	static unsigned n;
	char *path = paths[n++ % 4];

	(void)snprintf(path, PATH_BYTES, "%s/%s", base, name);
	return path;
}

static void
make_base(void)
{
	struct err e = ERR_INIT;
	char *temp = os_temp_dir(&e);
	unsigned number;

	(void)os_random(&number, sizeof(number), &e);
	(void)snprintf(base, sizeof(base), "%s/os t\xc3\xa9st \xe6\x97\xa5%u",
	    temp, number);
	tap_int(os_make_dir(base, &e), 0, "make a directory: %s", e.text);
	tap_int(os_make_dir(base, &e), -1, "one that exists is an error");
	tap_ok(strstr(e.text, ": File exists") != NULL, "%s", e.text);
	free(temp);
}

static void
put_file(const char *name, const void *data, size_t size)
{
	struct err e = ERR_INIT;
	int fd = os_create(in_base(name), &e);

	tap_ok(fd >= 0 && os_write(fd, data, size, &e) == 0 &&
	    os_close(fd, &e) == 0, "make '%s'", name);
}

static bool
file_is(const char *name, const void *data, size_t size)
{
	struct err e = ERR_INIT;
	int fd = os_open_read(in_base(name), &e);
	char got[256];
	ssize_t n = fd >= 0 ? os_read_full(fd, got, sizeof(got), &e) : -1;

	(void)os_close(fd, &e);
	return n == (ssize_t)size && memcmp(got, data, size) == 0;
}

/* -- one file ----------------------------------------------------------- */

static void
check_rights(void)
{
	struct err e = ERR_INIT;
	struct os_stat st;
	int fd = os_create(in_base("rights"), &e);

	tap_ok(os_fstat(fd, &st, &e) == 0 && st.kind == OS_FILE &&
	    st.is_private && st.is_guarded, "a new file is our own");
	tap_ok(os_make_readable(fd, &e) == 0 && os_fstat(fd, &st, &e) == 0 &&
	    !st.is_private && st.is_guarded, "others may read it: %s", e.text);
	tap_ok(os_make_private(fd, &e) == 0 && os_stat(in_base("rights"), &st,
	    &e) == 0 && st.is_private, "others may not");
	(void)os_close(fd, &e);
	tap_int(os_create(in_base("rights"), &e), -1, "make it again");
	tap_ok(strstr(e.text, "': File exists") != NULL, "%s", e.text);
	tap_ok(os_stat(base, &st, &e) == 0 && st.kind == OS_DIR &&
	    st.is_private, "and so is a directory");
}

static void
check_missing(void)
{
	struct err e = ERR_INIT;
	struct os_stat st;

	tap_ok(os_stat(in_base("none"), &st, &e) == 0 &&
	    st.kind == OS_MISSING, "what is missing");
	tap_ok(os_stat(in_base("none/none"), &st, &e) == 0 &&
	    st.kind == OS_MISSING, "in what is missing");
	tap_int(os_open_read(in_base("none"), &e), -1, "can't be read");
	tap_ok(strstr(e.text, "none': No such file or directory") != NULL,
	    "%s", e.text);
	tap_int(os_unlink(in_base("none"), &e), 0, "or deleted");
	tap_int(os_rename(in_base("none"), in_base("more"), &e), -1,
	    "or renamed");
	tap_int(os_list_dir(in_base("none"), NULL, NULL, &e), -1,
	    "or listed");
	tap_int(os_sync_dir(in_base("none"), &e), -1, "or synced");
}

static void
check_content(void)
{
	struct err e = ERR_INIT;
	struct os_stat st;
	uint64_t at;
	char got[8];
	int fd;

	put_file("binary", BINARY, sizeof(BINARY));
	tap_ok(file_is("binary", BINARY, sizeof(BINARY)), "no byte changes");
	fd = os_open_lock(in_base("binary"), &e);
	tap_ok(os_read(fd, got, 2, &e) == 2 &&
	    os_pread(fd, got, 8, 4, &e) == 4 &&
	    memcmp(got, &BINARY[4], 4) == 0, "read at an offset");
	tap_ok(os_pwrite(fd, "ab", 2, 6, &e) == 0 &&
	    os_tell(fd, &at, &e) == 0 && at == 2, "the position stays");
	tap_ok(os_pread(fd, got, 8, 100, &e) == 0, "beyond the end is none");
	tap_ok(os_truncate(fd, 3, &e) == 0 && os_rewind(fd, &e) == 0 &&
	    os_read_full(fd, got, 8, &e) == 3, "cut");
	tap_ok(os_fstat(fd, &st, &e) == 0 && st.size == 3 &&
	    st.mtime > os_now() - 100 && st.mtime < os_now() + 100 &&
	    os_sync(fd, &e) == 0, "size and time");
	(void)os_close(fd, &e);
}

static void
check_append(void)
{
	struct err e = ERR_INIT;
	int a = os_open_append(in_base("log"), &e);
	int b = os_open_append(in_base("log"), &e);

	tap_ok(os_write(a, "1", 1, &e) == 0 && os_write(b, "2\n", 2, &e) == 0 &&
	    os_write(a, "3", 1, &e) == 0, "append by two");
	(void)os_close(a, &e);
	(void)os_close(b, &e);
	tap_ok(file_is("log", "12\n3", 4), "each at the end");
}

/* -- names ---------------------------------------------------------------- */

/* Old Windows can't replace what is open: then all is as it was. */
static void
check_replace_open(int old)
{
	struct err e = ERR_INIT;
	int rc = os_rename(in_base("from"), in_base("to"), &e);
	char got[4];

	if (os_null_device[0] == '/')
		tap_int(rc, 0, "a file that is open is replaced");
	tap_ok(rc == 0 ? file_is("to", "new", 3) : file_is("to", "old", 3) &&
	    file_is("from", "new", 3) &&
	    strstr(e.text, ": Permission denied") != NULL,
	    "or both are as they were");
	tap_ok(os_read(old, got, 4, &e) == 3 && memcmp(got, "old", 3) == 0,
	    "who has the old one open reads it");
}

static void
check_rename(void)
{
	struct err e = ERR_INIT;
	int old, new, fd;

	put_file("to", "old", 3);
	old = os_open_read(in_base("to"), &e);
	new = os_create(in_base("from"), &e);
	tap_ok(os_write(new, "new", 3, &e) == 0 && os_lock(new, &e) == 1,
	    "a new file, open and locked");
	tap_int(os_is_same_file(old, in_base("to"), &e), 1, "the same file");
	check_replace_open(old);
	(void)os_close(old, &e);
	put_file("from2", "new", 3);
	tap_int(os_rename(in_base("from2"), in_base("to"), &e), 0,
	    "one that is closed is: %s", e.text);
	tap_ok(file_is("to", "new", 3), "read by name");
	tap_int(os_is_same_file(new, in_base("to"), &e), 0, "another file");
	(void)os_unlink(in_base("to"), &e);
	(void)os_unlink(in_base("from"), &e);
	(void)os_close(new, &e);
	new = os_create(in_base("from"), &e);
	tap_ok(os_lock(new, &e) == 1 && os_rename(in_base("from"),
	    in_base("to"), &e) == 0, "rename what we have open and locked");
	tap_int(os_is_same_file(new, in_base("to"), &e), 1, "it is this one");
	tap_int(os_sync_dir(base, &e), 0, "sync the directory");
	tap_int(os_unlink(in_base("to"), &e), 0, "delete it, open");
	/* older Windows lets go of the name when it is closed */
	tap_ok(os_is_same_file(new, in_base("to"), &e) == 0 ||
	    os_null_device[0] != '/', "it has no name");
	(void)os_close(new, &e);
	tap_ok((fd = os_create(in_base("to"), &e)) >= 0, "the name is free");
	(void)os_close(fd, &e);
}

static void
check_lock(void)
{
	struct err e = ERR_INIT;
	int a, b;

	put_file("locked", "text", 4);
	a = os_open_lock(in_base("locked"), &e);
	b = os_open_lock(in_base("locked"), &e);
	tap_ok(os_lock(a, &e) == 1 && os_lock(b, &e) == 0, "one has the lock");
	tap_ok(file_is("locked", "text", 4), "all may read");
	(void)os_close(a, &e);
	tap_int(os_lock(b, &e), 1, "it ends with the descriptor");
	(void)os_close(b, &e);
	a = os_open_read(in_base("locked"), &e);
	tap_int(os_lock(a, &e), 1, "a file that is only read has one too");
	(void)os_close(a, &e);
}

static int
count_name(const char *name, void *ctx)
{
	unsigned *seen = ctx;

	if (strcmp(name, "b\xc3\xa4") == 0)
		seen[0]++;
	seen[1]++;
	return 0;
}

static int
stop_at_once(const char *name, void *ctx)
{
	(void)name;
	(void)ctx;
	return 7;
}

static void
check_list(void)
{
	struct err e = ERR_INIT;
	unsigned seen[2] = { 0, 0 };
	char dir[PATH_BYTES];

	(void)snprintf(dir, sizeof(dir), "%s/list", base);
	(void)os_make_dir(dir, &e);
	tap_ok(os_list_dir(dir, count_name, seen, &e) == 0 && seen[1] == 0,
	    "an empty directory");
	put_file("list/a", "", 0);
	put_file("list/b\xc3\xa4", "", 0);
	tap_int(os_list_dir(dir, count_name, seen, &e), 0, "list");
	tap_ok(seen[0] == 1 && seen[1] == 2, "its names, no . and ..");
	tap_int(os_list_dir(dir, stop_at_once, NULL, &e), 7, "until told");
	tap_int(os_remove_dir(dir, &e), -1, "not empty, it stays");
	(void)os_unlink(in_base("list/a"), &e);
	(void)os_unlink(in_base("list/b\xc3\xa4"), &e);
	tap_int(os_remove_dir(dir, &e), 0, "empty, it goes");
}

/* Windows' own limit is 260 characters. */
static void
check_long(void)
{
	struct err e = ERR_INIT;
	char dirs[4][PATH_BYTES], file[PATH_BYTES + 8], to[PATH_BYTES + 8];
	struct os_stat st;
	int i, fd, n;
	bool made = true;

	for (i = 0; i < 4; i++) {
		n = snprintf(dirs[i], sizeof(dirs[i]), "%.1000s/%0100d",
		    i == 0 ? base : dirs[i - 1], i);
		made = made && n > 0 && os_make_dir(dirs[i], &e) == 0;
	}
	tap_ok(made, "directories with long names: %s", e.text);
	(void)snprintf(file, sizeof(file), "%s/file", dirs[3]);
	(void)snprintf(to, sizeof(to), "%s/to", dirs[3]);
	fd = os_create(file, &e);
	tap_ok(fd >= 0 && os_rename(file, to, &e) == 0 &&
	    os_stat(to, &st, &e) == 0 && st.kind == OS_FILE,
	    "a file in them: %s", e.text);
	(void)os_close(fd, &e);
	tap_int(os_unlink(to, &e), 0, "deleted");
	for (made = true, i = 3; i >= 0; i--)
		made = made && os_remove_dir(dirs[i], &e) == 0;
	tap_ok(made, "removed: %s", e.text);
}

/* -- without a name ----------------------------------------------------- */

static void
check_temp(void)
{
	struct err e = ERR_INIT;
	int fd = os_temp_file(&e);
	struct os_stat st;
	uint64_t room;
	char got[4];

	tap_ok(fd >= 0 && os_write(fd, "abc", 3, &e) == 0 &&
	    os_pread(fd, got, 4, 0, &e) == 3, "a temporary file: %s", e.text);
	tap_ok(os_fstat(fd, &st, &e) == 0 && st.is_private, "is private");
	(void)os_close(fd, &e);
	tap_ok(os_free_bytes(base, &room, &e) == 0 && room > 0, "room left");
}

static void
check_pipe(void)
{
	struct err e = ERR_INIT;
	int from, to;
	char got[16];

	tap_int(os_pipe(&from, &to, &e), 0, "pipe");
	tap_int(os_read_within(from, got, 16, 50, &e), -1, "nothing comes");
	tap_text(e.text, "no answer in time", "in time");
	tap_ok(os_write(to, "a\r\n", 3, &e) == 0 &&
	    os_read_within(from, got, 16, 5000, &e) == 3 &&
	    memcmp(got, "a\r\n", 3) == 0, "something");
	(void)os_close(to, &e);
	tap_int(os_read(from, got, 16, &e), 0, "the end");
	tap_int(os_read_within(from, got, 16, 50, &e), 0, "again");
	(void)os_close(from, &e);
	(void)os_pipe(&from, &to, &e);
	(void)os_close(from, &e);
	tap_int(os_write(to, "a", 1, &e), -1, "nobody reads");
	tap_text(e.text, "cannot write: Broken pipe", "is an error");
	tap_int(os_sync(to, &e), 0, "nothing to sync");
	(void)os_close(to, &e);
}

static int
delete(const char *name, void *ctx)
{
	(void)ctx;
	return os_unlink(in_base(name), &(struct err)ERR_INIT);
}

int
main(void)
{
	struct err e = ERR_INIT;

	os_start();
	make_base();
	check_rights();
	check_missing();
	check_content();
	check_append();
	check_rename();
	check_lock();
	check_list();
	check_long();
	check_temp();
	check_pipe();
	tap_ok(os_list_dir(base, delete, NULL, &e) == 0 &&
	    os_remove_dir(base, &e) == 0, "nothing is left: %s", e.text);
	return tap_done();
}
