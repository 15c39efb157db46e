/*
 * Where Windows keeps things, and how its paths are made. What is looked for
 * is never taken from the working directory, or from a root that everybody may
 * write to: whoever plants a program there would have it run.
 */
#include "os_win32_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIR_BYTES 1024
#define PREFIX_CHARS 4		/* of "\\?\" */

const char os_null_device[] = "NUL";
const char os_program_suffix[] = ".exe";

const char *
os_standard_config(void)
{
	static char path[DIR_BYTES];
	const char *data = getenv("ProgramData");

	(void)snprintf(path, sizeof(path), "%s\\pgdumpz\\backup.conf",
	    data != NULL && os_is_absolute(data) ? data : "C:\\ProgramData");
	return path;
}

bool
os_is_separator(char c)
{
	return c == '/' || c == '\\';
}

static bool
has_drive(const char *path)
{
	return ((path[0] >= 'A' && path[0] <= 'Z') ||
	    (path[0] >= 'a' && path[0] <= 'z')) && path[1] == ':';
}

const char *
os_base_name(const char *path)
{
	const char *name = has_drive(path) ? path + 2 : path, *p;

	for (p = name; *p != '\0'; p++)
		if (os_is_separator(*p))
			name = p + 1;
	return name;
}

/* "\name" and "C:name" depend on a current drive or directory. */
bool
os_is_absolute(const char *path)
{
	return (has_drive(path) && os_is_separator(path[2])) ||
	    (os_is_separator(path[0]) && os_is_separator(path[1]));
}

/* One entry of PATH without its quotes, which may hide a semicolon. */
static const char *
take_entry(const char *p, char *dir, size_t size)
{
	bool quoted = false;
	size_t n = 0;

	for (; *p != '\0' && (quoted || *p != ';'); p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (n < size - 1)
			dir[n++] = *p;
	}
	dir[n < size - 1 ? n : 0] = '\0';	/* cut, it is another one */
	return *p == ';' ? p + 1 : p;
}

int
os_each_in_path(int (*each)(const char *dir, void *ctx), void *ctx)
{
	const char *p = getenv("PATH");
	char dir[DIR_BYTES];
	int rc = 0;

	while (rc == 0 && p != NULL && *p != '\0') {
		p = take_entry(p, dir, sizeof(dir));
		if (os_is_absolute(dir))
			rc = each(dir, ctx);
	}
	return rc;
}

struct versions {
	char parent[DIR_BYTES];
	int (*each)(const char *dir, void *ctx);
	void *ctx;
};

static int
take_version(const char *name, void *ctx)
{
	const struct versions *v = ctx;
	char dir[2 * DIR_BYTES];

	if (snprintf(dir, sizeof(dir), "%s\\%s\\bin", v->parent, name) >=
	    (int)sizeof(dir))
		return 0;
	return v->each(dir, v->ctx);
}

/* The installer's: C:\Program Files\PostgreSQL\15\bin. */
int
os_each_postgresql(int (*each)(const char *dir, void *ctx), void *ctx,
	struct err *e)
{
	static const char *const names[] = { "ProgramFiles",
		"ProgramFiles(x86)" };
	struct versions v = { "", each, ctx };
	const char *parent;
	struct os_stat st;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < sizeof(names) / sizeof(names[0]); i++) {
		parent = getenv(names[i]);
		if (parent == NULL || !os_is_absolute(parent) ||
		    snprintf(v.parent, sizeof(v.parent), "%s\\PostgreSQL",
		    parent) >= (int)sizeof(v.parent))
			continue;
		rc = os_stat(v.parent, &st, e);
		if (rc == 0 && st.kind == OS_DIR)
			rc = os_list_dir(v.parent, take_version, &v, e);
	}
	return rc;
}

/* SYSTEM and Administrators by number: their names are translated. */
int
os_hint_private(struct err *e, const char *path)
{
	return err_hint(e, "as the user that runs this, in cmd.exe: icacls "
	    "\"%s\" /inheritance:r /grant:r \"%%USERNAME%%:F\" *S-1-5-18:F "
	    "*S-1-5-32-544:F", path);
}

int
os_hint_guarded(struct err *e, const char *path)
{
	return os_hint_private(e, path);
}

int
os_hint_locked(struct err *e, const char *path)
{
	return err_hint(e, "wait for its end; the Task Manager shows who runs "
	    "withconf.exe, and Resource Monitor who has '%s' open", path);
}

/* Other programs read their arguments in a code page: short names fit it. */
static void
shorten(wchar_t *path, DWORD size)
{
	const wchar_t *p = path;
	DWORD n;

	while (*p != L'\0' && *p < 0x80)
		p++;
	if (*p == L'\0')
		return;
	n = GetShortPathNameW(path, path, size);
	if (n >= size)
		path[0] = L'\0';
}

char *
os_path_for_child(int fd, int as, struct err *e)
{
	wchar_t path[MAX_PATH + PREFIX_CHARS + 1];
	const DWORD size = MAX_PATH + PREFIX_CHARS + 1;
	DWORD n = GetFinalPathNameByHandleW(os_handle(fd), path, size,
	    FILE_NAME_NORMALIZED | VOLUME_NAME_DOS);

	(void)as;
	if (n > PREFIX_CHARS && n < size) {
		shorten(path, size);
		if (path[0] != L'\0')
			return os_narrow(wcsncmp(path, L"\\\\?\\UNC", 7) == 0 ?
			    path : path + PREFIX_CHARS, e);
	}
	err_set(e, ERR_LOCAL, "cannot name a temporary file");
	err_hint(e, "set TMP to a directory with a shorter path");
	return NULL;
}
