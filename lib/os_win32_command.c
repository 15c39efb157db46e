/*
 * Windows hands a program one line of text, which it splits into arguments by
 * itself: most by the rules of Microsoft's C library, which are followed here.
 * Batch files are read by cmd.exe, which expands %NAME% even between quotes:
 * arguments that it would not hand on as they are, are refused.
 */
#include "os_win32_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_CHARS 32767	/* CreateProcessW */

static const wchar_t *const endings[] = { L".exe", L".com", L".bat", L".cmd" };

struct line {
	wchar_t *text;
	size_t len, size;
	bool failed;
};

static void
put(struct line *l, const wchar_t *text, size_t n)
{
	size_t size = (l->len + n + 1) * 2;
	wchar_t *more;

	if (!l->failed && l->len + n >= l->size) {
		if ((more = realloc(l->text, size * sizeof(*more))) != NULL) {
			l->text = more;
			l->size = size;
		}
		l->failed = more == NULL;
	}
	if (l->failed)
		return;
	memcpy(l->text + l->len, text, n * sizeof(*text));
	l->len += n;
	l->text[l->len] = L'\0';
}

static void
puts_line(struct line *l, const wchar_t *text)
{
	put(l, text, wcslen(text));
}

/* Backslashes count only before a quote, then twice. */
static void
put_quoted(struct line *l, const wchar_t *argument)
{
	const wchar_t *p = argument;
	size_t slashes;

	put(l, L"\"", 1);
	for (;; p++) {
		for (slashes = 0; *p == L'\\'; p++)
			slashes++;
		if (*p == L'\0')
			slashes *= 2;
		else if (*p == L'"')
			slashes = slashes * 2 + 1;
		while (slashes-- > 0)
			put(l, L"\\", 1);
		if (*p == L'\0')
			break;
		put(l, p, 1);
	}
	put(l, L"\"", 1);
}

/* Put an argument of argv; batch: as cmd.exe takes it. */
static int
put_argument(struct line *l, const char *argument, bool batch, struct err *e)
{
	wchar_t *wide;

	if (batch && strpbrk(argument, "\"%\r\n") != NULL)
		return err_set(e, ERR_LOCAL, "cannot hand '%s' to a batch "
		    "file: cmd.exe would change it", argument);
	if ((wide = os_wide(argument, e)) == NULL)
		return -1;
	if (l->len > 0)
		put(l, L" ", 1);
	if (batch) {
		put(l, L"\"", 1);
		puts_line(l, wide);
		put(l, L"\"", 1);
	} else if (*wide == L'\0' || wcspbrk(wide, L" \t\r\n\v\"") != NULL) {
		put_quoted(l, wide);
	} else {
		puts_line(l, wide);
	}
	free(wide);
	return 0;
}

/* -- which program ------------------------------------------------------ */

static bool
is_program(const wchar_t *path)
{
	DWORD attributes = GetFileAttributesW(path);

	return attributes != INVALID_FILE_ATTRIBUTES &&
	    (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

static bool
ends_with(const wchar_t *path, const wchar_t *ending)
{
	size_t len = wcslen(path), n = wcslen(ending);

	return len > n && _wcsicmp(path + len - n, ending) == 0;
}

/* path as it is, or with an ending that it lacks; to free. */
static wchar_t *
find_at(const char *path, struct err *e)
{
	struct line l = { .text = os_wide_path(path, e) };
	size_t i, len;

	if (l.text == NULL)
		return NULL;
	l.len = len = wcslen(l.text);
	l.size = len + 1;
	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (ends_with(l.text, endings[i]) && is_program(l.text))
			return l.text;
	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		l.len = len;
		puts_line(&l, endings[i]);
		if (!l.failed && is_program(l.text))
			return l.text;
	}
	l.text[len] = L'\0';
	if (is_program(l.text))
		return l.text;
	free(l.text);
	return NULL;
}

struct search {
	const char *name;
	wchar_t *found;
};

static int
find_in(const char *dir, void *ctx)
{
	struct search *s = ctx;
	size_t size = strlen(dir) + strlen(s->name) + 2;
	char *path = malloc(size);
	struct err ignored;

	if (path == NULL)
		return -1;
	(void)snprintf(path, size, "%s\\%s", dir, s->name);
	s->found = find_at(path, &ignored);
	free(path);
	return s->found != NULL;
}

/*
 * By PATH alone, unlike Windows, which would also run what it finds in the
 * working directory.
 */
static wchar_t *
find_program(const char *name, struct err *e)
{
	struct search s = { name, NULL };

	if (os_base_name(name) != name)
		s.found = find_at(name, e);
	else
		(void)os_each_in_path(find_in, &s);
	if (s.found == NULL)
		os_fail_code(e, ERROR_FILE_NOT_FOUND, "cannot run '%s'", name);
	return s.found;
}

/* Windows' own cmd.exe, whatever ComSpec and PATH say; to free. */
static wchar_t *
find_shell(struct err *e)
{
	static const wchar_t name[] = L"\\cmd.exe";
	UINT size = GetSystemDirectoryW(NULL, 0);
	wchar_t *path = calloc(size + sizeof(name), sizeof(*path));

	if (path == NULL) {
		os_fail(e, "cannot run a shell");
		return NULL;
	}
	(void)GetSystemDirectoryW(path, size);
	memcpy(path + wcslen(path), name, sizeof(name));
	return path;
}

/* -- the whole line ----------------------------------------------------- */

static int
finish(struct line *l, wchar_t **line, struct err *e)
{
	if (!l->failed && l->len < LINE_MAX_CHARS) {
		*line = l->text;
		return 0;
	}
	free(l->text);
	return err_set(e, ERR_LOCAL, "cannot run a command: it is too long");
}

static int
make_shell_line(const char *command, wchar_t **program, wchar_t **line,
	struct err *e)
{
	wchar_t *wide = os_wide(command, e);
	struct line l = { .text = NULL };

	if (wide == NULL || (*program = find_shell(e)) == NULL) {
		free(wide);
		return -1;
	}
	puts_line(&l, L"cmd.exe /d /s /c \"");
	puts_line(&l, wide);
	puts_line(&l, L"\"");
	free(wide);
	return finish(&l, line, e);
}

/* v:off: no ! has a meaning; s: the outer quotes go, those within stay. */
static int
make_batch_line(const char *const *argv, wchar_t **program, wchar_t **line,
	struct err *e)
{
	struct line l = { .text = NULL };
	wchar_t *batch = *program;
	int rc = 0;

	if ((*program = find_shell(e)) == NULL) {
		free(batch);
		return -1;
	}
	if (wcspbrk(batch, L"%\"") != NULL)
		rc = err_set(e, ERR_LOCAL, "cannot run '%s': cmd.exe would "
		    "change its name", argv[0]);
	puts_line(&l, L"cmd.exe /d /v:off /s /c \"\"");
	puts_line(&l, batch);
	puts_line(&l, L"\"");
	free(batch);
	for (argv++; rc == 0 && *argv != NULL; argv++)
		rc = put_argument(&l, *argv, true, e);
	puts_line(&l, L"\"");
	if (rc == 0)
		return finish(&l, line, e);
	free(l.text);
	return -1;
}

int
os_make_command(const struct os_spawn *how, wchar_t **program,
	wchar_t **line, struct err *e)
{
	const char *const *argv = how->argv;
	struct line l = { .text = NULL };

	*program = *line = NULL;
	if (how->shell != NULL)
		return make_shell_line(how->shell, program, line, e);
	if ((*program = find_program(argv[0], e)) == NULL)
		return -1;
	if (ends_with(*program, L".bat") || ends_with(*program, L".cmd"))
		return make_batch_line(argv, program, line, e);
	for (; *argv != NULL; argv++)
		if (put_argument(&l, *argv, false, e) != 0) {
			free(l.text);
			return -1;
		}
	return finish(&l, line, e);
}
