/* os: where things are, and what paths are made of. */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "os.h"
#include "sys.h"
#include "tap.h"

struct path {
	const char *text, *base;
	bool absolute;
};

static const struct path everywhere[] = {
	{ "", "", false }, { "a", "a", false }, { "./a", "a", false },
	{ "d/a.b", "a.b", false }, { "d/", "", false }, { "../x", "x", false },
};

static const struct path posix[] = {
	{ "/", "", true }, { "/a", "a", true }, { "//h/s/a", "a", true },
	{ "d\\a", "d\\a", false }, { "C:a", "C:a", false },
	{ "C:/a", "a", false }, { "\\a", "\\a", false },
};

static const struct path windows[] = {
	{ "C:\\", "", true }, { "c:/a", "a", true }, { "C:a", "a", false },
	{ "C:", "", false }, { "d\\a", "a", false }, { "d\\e/a", "a", false },
	{ "\\a", "a", false }, { "/a", "a", false }, { "1:a", "1:a", false },
	{ "\\\\host\\share\\a", "a", true }, { "//host/share/", "", true },
	{ "\\\\?\\C:\\a", "a", true }, { "C:\\\xc3\xa4 b\\c d", "c d", true },
};

static bool
is_windows(void)
{
	return os_is_separator('\\');
}

static void
check_paths(const struct path *p, size_t count)
{
	for (; count > 0; count--, p++) {
		tap_text(os_base_name(p->text), p->base, "'%s': its name",
		    p->text);
		tap_ok(os_is_absolute(p->text) == p->absolute,
		    "'%s': absolute or not", p->text);
	}
}

static int
collect(const char *dir, void *ctx)
{
	struct buf *all = ctx;

	buf_printf(all, "<%s>", dir);
	return strstr(dir, "stop") != NULL ? 7 : 0;
}

static void
check_search(const char *path, int rc, const char *expected)
{
	struct buf all = BUF_INIT(1 << 16);

	sys_set_env("PATH", path);
	tap_int(os_each_in_path(collect, &all), rc, "PATH '%s'", path);
	tap_text(buf_text(&all), expected, "its directories");
	buf_free(&all);
}

static void
check_posix(void)
{
	check_paths(posix, sizeof(posix) / sizeof(posix[0]));
	check_search("/a::/b c:", 0, "</a></b c>");
	check_search("/a:/stop:/b", 7, "</a></stop>");
	tap_text(os_standard_config(), "/etc/pgdumpz/backup.conf",
	    "configuration");
}

static void
check_windows(void)
{
	check_paths(windows, sizeof(windows) / sizeof(windows[0]));
	check_search("C:\\a;;\"D:\\b;c\";.;\\d;x:/e f", 0,
	    "<C:\\a><D:\\b;c><x:/e f>");
	check_search("C:\\a;C:\\stop;C:\\b", 7, "<C:\\a><C:\\stop>");
	sys_set_env("ProgramData", "D:\\Data");
	tap_text(os_standard_config(), "D:\\Data\\pgdumpz\\backup.conf",
	    "configuration");
	sys_set_env("ProgramData", "Data");
	tap_text(os_standard_config(), "C:\\ProgramData\\pgdumpz\\backup.conf",
	    "that of a directory which anybody could make is not taken");
}

/* What the installer leaves: N\bin below a directory of its own. */
static void
check_postgresql(void)
{
	struct buf all = BUF_INIT(1 << 16);
	struct err e = ERR_INIT;

	if (is_windows()) {
		sys_set_env("ProgramFiles", "relative");
		sys_set_env("ProgramFiles(x86)", "C:\\no such");
	}
	tap_int(os_each_postgresql(collect, &all, &e), 0,
	    "PostgreSQL's packages: %s", e.text);
	tap_note("there are: %s", buf_text(&all));
	if (is_windows())
		tap_text(buf_text(&all), "", "none where none can be");
	buf_free(&all);
}

int
main(void)
{
	struct os_stat st;
	struct err e = ERR_INIT;
	int fd = os_open_read(os_null_device, &e);

	os_start();
	tap_ok(fd >= 0 && os_read(fd, &st, 1, &e) == 0, "the null device");
	(void)os_close(fd, &e);
	tap_ok(os_is_separator('/') && !os_is_separator(':'), "separators");
	check_paths(everywhere, sizeof(everywhere) / sizeof(everywhere[0]));
	if (is_windows())
		check_windows();
	else
		check_posix();
	check_postgresql();
	return tap_done();
}
