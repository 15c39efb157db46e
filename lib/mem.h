/*
 * Memory that may not be there, and memory that must be forgotten.
 */
#ifndef MEM_H
#define MEM_H

#include <stddef.h>

#include "err.h"

/* count × size zeroed bytes; NULL and e filled when there are none. */
void *mem_new(size_t count, size_t size, struct err *e);

/* A copy of text, or of its first len bytes; to be freed with free(). */
char *mem_dup(const char *text, struct err *e);
char *mem_dup_len(const char *text, size_t len, struct err *e);

/* Overwrite a secret so that the compiler can't leave it out. */
void mem_wipe(void *p, size_t size);

/* Wipe and free a terminated text; NULL is fine. */
void mem_free_secret(char *text);

#endif
