/*
 * The environment of a child: ours, which the C library holds in UTF-8, with
 * changes, as the sorted block of UTF-16 that Windows wants.
 */
#include "os_win32_private.h"

#include <stdlib.h>
#include <string.h>

static size_t
key_len(const char *entry)
{
	return strcspn(entry, "=");
}

/* Names differ in case only for their owners. */
static bool
is_overridden(const char *entry, const char *const *changes)
{
	size_t n = key_len(entry);

	for (; changes != NULL && *changes != NULL; changes++)
		if (key_len(*changes) == n &&
		    _strnicmp(*changes, entry, n) == 0)
			return true;
	return false;
}

static int
by_name(const void *a, const void *b)
{
	const wchar_t *const *x = a, *const *y = b;

	return CompareStringOrdinal(*x, (int)wcscspn(*x, L"="), *y,
	    (int)wcscspn(*y, L"="), TRUE) - CSTR_EQUAL;
}

struct entries {
	wchar_t **items;
	size_t count, chars;
};

static int
add(struct entries *all, const char *entry, struct err *e)
{
	wchar_t *wide = os_wide(entry, e);

	if (wide == NULL)
		return -1;
	all->items[all->count++] = wide;
	all->chars += wcslen(wide) + 1;
	return 0;
}

static int
add_all(struct entries *all, const char *const *changes, struct err *e)
{
	char *const *env = os_environment();
	size_t n = 1, i;

	for (i = 0; env[i] != NULL; i++)
		n++;
	for (i = 0; changes != NULL && changes[i] != NULL; i++)
		n++;
	if ((all->items = calloc(n, sizeof(*all->items))) == NULL)
		return os_fail(e, "cannot make an environment");
	/* what is not UTF-8 is the C library's copy of what we have whole */
	for (i = 0; env[i] != NULL; i++)
		if (!is_overridden(env[i], changes))
			(void)add(all, env[i], e);
	for (i = 0; changes != NULL && changes[i] != NULL; i++)
		if (changes[i][key_len(changes[i])] == '=' &&
		    add(all, changes[i], e) != 0)
			return -1;
	return 0;
}

wchar_t *
os_make_environment(const char *const *changes, struct err *e)
{
	struct entries all = { NULL, 0, 0 };
	wchar_t *block = NULL, *p;
	size_t i, n;

	if (add_all(&all, changes, e) == 0) {
		qsort(all.items, all.count, sizeof(*all.items), by_name);
		block = calloc(all.chars + 2, sizeof(*block));
		if (block == NULL)
			os_fail(e, "cannot make an environment");
	}
	for (i = 0, p = block; p != NULL && i < all.count; i++, p += n) {
		n = wcslen(all.items[i]) + 1;
		memcpy(p, all.items[i], n * sizeof(*p));
	}
	while (all.count > 0)
		free(all.items[--all.count]);
	free(all.items);
	return block;
}
