/*
 * Allocation that reports failure as an error, and wiping of secrets.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "mem.h"

void *
mem_new(size_t count, size_t size, struct err *e)
{
	void *p = calloc(count != 0 ? count : 1, size != 0 ? size : 1);

	if (p == NULL)
		err_set(e, ERR_LOCAL, "cannot get %zu bytes of memory",
		    count * size);
	return p;
}

char *
mem_dup_len(const char *text, size_t len, struct err *e)
{
	char *copy = mem_new(len + 1, 1, e);

	if (copy != NULL)
		memcpy(copy, text, len);
	return copy;
}

char *
mem_dup(const char *text, struct err *e)
{
	return mem_dup_len(text, strlen(text), e);
}

void
mem_wipe(void *p, size_t size)
{
	OPENSSL_cleanse(p, size);
}

void
mem_free_secret(char *text)
{
	if (text == NULL)
		return;
	mem_wipe(text, strlen(text));
	free(text);
}
