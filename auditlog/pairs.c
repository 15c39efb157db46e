/*
 * A key is checked here, once, so that nothing behind it can break a line.
 */
#include <stdlib.h>
#include <string.h>

#include "logline.h"
#include "mem.h"
#include "pairs.h"

static int
split(struct pair *pair, const char *arg, const char *const *reserved,
	struct err *e)
{
	const char *equals = strchr(arg, '=');

	if (equals == NULL || !logline_is_key(arg, (size_t)(equals - arg))) {
		err_set(e, ERR_USAGE, "'%s' is not KEY=VALUE", arg);
		return err_hint(e, "a KEY has a-z, 0-9 and _, and begins with "
		    "no digit");
	}
	pair->value = equals + 1;
	pair->key = mem_dup_len(arg, (size_t)(equals - arg), e);
	if (pair->key == NULL)
		return -1;
	for (; *reserved != NULL; reserved++)
		if (strcmp(pair->key, *reserved) == 0)
			return err_set(e, ERR_USAGE,
			    "'%s' is written by auditlog itself", pair->key);
	return 0;
}

int
pairs_parse(struct pairs *p, char **args, size_t nargs,
	const char *const *reserved, struct err *e)
{
	memset(p, 0, sizeof(*p));
	if ((p->items = mem_new(nargs, sizeof(*p->items), e)) == NULL)
		return -1;
	for (p->len = 0; p->len < nargs; p->len++)
		if (split(&p->items[p->len], args[p->len], reserved, e) != 0) {
			p->len++;	/* its key may be there */
			return -1;
		}
	return 0;
}

void
pairs_free(struct pairs *p)
{
	size_t i;

	for (i = 0; i < p->len; i++)
		free(p->items[i].key);
	free(p->items);
	memset(p, 0, sizeof(*p));
}

const char *
pairs_get(const struct pairs *p, const char *key)
{
	size_t i;

	for (i = p->len; i-- > 0;)
		if (strcmp(p->items[i].key, key) == 0)
			return p->items[i].value;
	return NULL;
}
