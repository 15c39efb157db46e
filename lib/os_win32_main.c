/*
 * Programs have a main() with UTF-8 on every system. Windows hands arguments
 * and environment over in UTF-16, or in a code page that can't hold all names;
 * so executables are linked with -municode, begin here, and go on in main().
 */
#include "os_win32_private.h"

#include <stdlib.h>

int wmain(int argc, wchar_t **argv);
int main(int argc, char **argv);

int _dowildcard = 0;	/* mingw: arguments are what they are, not patterns */

static bool
is_ascii(const wchar_t *text)
{
	while (*text != L'\0' && *text < 0x80)
		text++;
	return *text == L'\0';
}

/*
 * Give getenv() the variable in UTF-8. The C library hands what it is given to
 * Windows in the code page's sense, so Windows gets it again, whole.
 */
static void
import_variable(const wchar_t *entry)
{
	const wchar_t *value = wcschr(entry + 1, L'=');
	struct err ignored;
	wchar_t *name;
	char *text;

	if (entry[0] == L'=' || value == NULL || is_ascii(entry))
		return;
	text = os_narrow(entry, &ignored);
	name = _wcsdup(entry);
	if (text != NULL && name != NULL && _putenv(text) == 0) {
		name[value - entry] = L'\0';
		(void)SetEnvironmentVariableW(name, value + 1);
	}
	free(name);
	free(text);
}

static void
import_environment(void)
{
	wchar_t *all = GetEnvironmentStringsW(), *entry;

	(void)getenv("PATH");	/* makes the C library's, if it has none yet */
	for (entry = all; entry != NULL && *entry != L'\0';
	    entry += wcslen(entry) + 1)
		import_variable(entry);
	if (all != NULL)
		(void)FreeEnvironmentStringsW(all);
}

/* They live as long as the program does. */
int
wmain(int argc, wchar_t **argv)
{
	static char **args;
	struct err e;
	int i;

	if ((args = calloc((size_t)argc + 1, sizeof(*args))) == NULL)
		return ERR_LOCAL;
	for (i = 0; i < argc; i++)
		if ((args[i] = os_narrow(argv[i], &e)) == NULL)
			return ERR_LOCAL;
	import_environment();
	return main(argc, args);
}
